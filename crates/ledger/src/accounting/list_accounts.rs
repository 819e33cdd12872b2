//! The chart of accounts as a list.

use domain::{AccountCode, AccountKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::books::{Account, Books};
use crate::{Call, Ledger, Operation, Result};

/// An account of the chart (勘定科目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountView {
    /// Its number.
    #[schema(value_type = String, example = "1121")]
    pub account: AccountCode,
    /// Its name.
    #[schema(example = "普通預金")]
    pub name: String,
    /// `asset`, `liability`, `net_assets`, `revenue` or `expense`.
    #[schema(value_type = String, example = "asset")]
    pub kind: AccountKind,
    /// Whether it is moved by settlements, remittances and payouts only, never by hand (R15).
    pub is_control: bool,
}

impl Ledger {
    /// The chart of accounts, by number.
    pub fn list_accounts(&self, call: &Call) -> Result<Vec<AccountView>> {
        self.read(call, Operation::ListAccounts, |connection| {
            let books = Books::load(connection)?;
            Ok(books.accounts().map(view).collect())
        })
    }
}

fn view(account: &Account) -> AccountView {
    AccountView {
        account: account.code,
        name: account.name.clone(),
        kind: account.kind,
        is_control: account.is_control,
    }
}

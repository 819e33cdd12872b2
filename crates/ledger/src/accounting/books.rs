//! What the lines of an entry name: accounts, funds, co-ops, campaigns, each by its code.

use std::collections::BTreeMap;

use domain::{AccountCode, AccountKind, Accounting, Code};
use store::DbConnection;
use store::tables::{accounts, campaigns, cooperatives, funds, organizations};

use crate::error::stored;
use crate::{LedgerError, Result};

/// An account of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) code: AccountCode,
    pub(crate) name: String,
    pub(crate) kind: AccountKind,
    /// Never moved by hand (R15).
    pub(crate) is_control: bool,
}

/// A code with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) name: String,
}

/// A campaign and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BookedCampaign {
    pub(crate) id: i64,
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) organization: Named,
    pub(crate) accounting: Accounting,
    pub(crate) target: i64,
}

/// All that lines can name.
pub(crate) struct Books {
    accounts: BTreeMap<AccountCode, Account>,
    funds: BTreeMap<i64, Named>,
    cooperatives: BTreeMap<i64, Named>,
    campaigns: BTreeMap<i64, BookedCampaign>,
}

impl Books {
    /// Reads the chart of accounts, funds, co-ops and campaigns: few, all of them.
    pub(crate) fn load(connection: &mut DbConnection) -> Result<Self> {
        let organizations: BTreeMap<i64, Named> = organizations::all(connection)?
            .into_iter()
            .map(|row| (row.id, named(row.id, row.code, row.name)))
            .collect();
        Ok(Self {
            accounts: load_accounts(connection)?,
            funds: funds::all(connection)?
                .into_iter()
                .map(|row| (row.id, named(row.id, row.code, row.name)))
                .collect(),
            cooperatives: cooperatives::all(connection)?
                .into_iter()
                .map(|row| (row.id, named(row.id, row.code, row.name)))
                .collect(),
            campaigns: load_campaigns(connection, &organizations)?,
        })
    }

    /// The whole chart, by number.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// The account of a number that a person named.
    pub(crate) fn account(&self, code: AccountCode) -> Result<&Account> {
        self.accounts.get(&code).ok_or_else(|| {
            LedgerError::not_found(
                "account_not_found",
                format!("勘定科目 {code} はありません。科目の一覧で確かめてください"),
            )
        })
    }

    /// The account of a number that a person wrote.
    pub(crate) fn account_named(&self, written: &str) -> Result<&Account> {
        let code: AccountCode = written.parse().map_err(|e: domain::AccountCodeError| {
            LedgerError::field("account_unreadable", "account", e.to_string())
        })?;
        self.account(code)
    }

    /// The account of a number that the database keeps.
    pub(crate) fn stored_account(&self, code: i32) -> Result<&Account> {
        let code = stored("journal_postings.account", AccountCode::from_int(code))?;
        self.accounts
            .get(&code)
            .ok_or_else(|| LedgerError::Corrupt(format!("accounts.code: {code}")))
    }

    /// The fund of a code.
    pub(crate) fn fund(&self, code: &str) -> Result<&Named> {
        by_code(self.funds.values(), code, |fund| &fund.code)
            .ok_or_else(|| no_such("fund_not_found", "基金", code))
    }

    /// The co-op of a code.
    pub(crate) fn cooperative(&self, code: &str) -> Result<&Named> {
        by_code(self.cooperatives.values(), code, |coop| &coop.code)
            .ok_or_else(|| no_such("cooperative_not_found", "単協", code))
    }

    /// The campaign of a code.
    pub(crate) fn campaign(&self, code: &str) -> Result<&BookedCampaign> {
        by_code(self.campaigns.values(), code, |campaign| &campaign.code)
            .ok_or_else(|| no_such("campaign_not_found", "募集", code))
    }

    /// All funds.
    pub(crate) fn funds(&self) -> impl Iterator<Item = &Named> {
        self.funds.values()
    }

    /// All campaigns.
    pub(crate) fn campaigns(&self) -> impl Iterator<Item = &BookedCampaign> {
        self.campaigns.values()
    }

    /// The campaign of an id.
    pub(crate) fn campaign_of(&self, id: i64) -> Result<&BookedCampaign> {
        self.campaigns
            .get(&id)
            .ok_or_else(|| LedgerError::Corrupt(format!("campaigns.id: {id}")))
    }

    /// The fund of an id.
    pub(crate) fn fund_of(&self, id: i64) -> Result<&Named> {
        self.funds
            .get(&id)
            .ok_or_else(|| LedgerError::Corrupt(format!("funds.id: {id}")))
    }

    /// The co-op of an id.
    pub(crate) fn cooperative_of(&self, id: i64) -> Result<&Named> {
        self.cooperatives
            .get(&id)
            .ok_or_else(|| LedgerError::Corrupt(format!("cooperatives.id: {id}")))
    }
}

fn named(id: i64, code: String, name: String) -> Named {
    Named { id, code, name }
}

fn by_code<'a, T>(
    mut all: impl Iterator<Item = &'a T>,
    code: &str,
    of: impl Fn(&T) -> &str,
) -> Option<&'a T> {
    // As files do: of either width.
    let code = code.parse::<Code>().ok()?;
    all.find(|one| of(one) == code.as_str())
}

fn no_such(word: &'static str, what: &str, code: &str) -> LedgerError {
    LedgerError::not_found(
        word,
        format!("{what}「{code}」はありません。コードを確かめてください"),
    )
}

fn load_accounts(connection: &mut DbConnection) -> Result<BTreeMap<AccountCode, Account>> {
    accounts::all(connection)?
        .into_iter()
        .map(|row| {
            let code = stored("accounts.code", AccountCode::from_int(row.code))?;
            let account = Account {
                code,
                name: row.name,
                kind: stored("accounts.kind", AccountKind::from_stored(&row.kind))?,
                is_control: row.control != 0,
            };
            Ok((code, account))
        })
        .collect()
}

fn load_campaigns(
    connection: &mut DbConnection,
    organizations: &BTreeMap<i64, Named>,
) -> Result<BTreeMap<i64, BookedCampaign>> {
    campaigns::all(connection)?
        .into_iter()
        .map(|row| {
            let organization = organizations
                .get(&row.values.organization_id)
                .ok_or_else(|| {
                    LedgerError::Corrupt(format!("campaigns.organization_id: {}", row.id))
                })?;
            let campaign = BookedCampaign {
                id: row.id,
                code: row.values.code,
                title: row.values.title,
                organization: organization.clone(),
                accounting: stored(
                    "campaigns.accounting",
                    Accounting::from_stored(&row.values.accounting),
                )?,
                target: row.values.target,
            };
            Ok((row.id, campaign))
        })
        .collect()
}

//! `accounts`: the chart of accounts (勘定科目).

use diesel::prelude::*;

use crate::schema::accounts;
use crate::{DbConnection, StoreError};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    /// Its number, 1000 to 9999.
    pub code: i32,
    /// Its name.
    pub name: String,
    /// `asset`, `liability`, `net_assets`, `revenue` or `expense`.
    pub kind: String,
    /// 1 where it is a control account: never moved by hand (R15).
    pub control: i32,
}

/// The whole chart, by number.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Account>, StoreError> {
    Ok(accounts::table
        .order(accounts::code)
        .select(Account::as_select())
        .load(connection)?)
}

/// The account of a number.
pub fn find(connection: &mut DbConnection, code: i32) -> Result<Option<Account>, StoreError> {
    Ok(accounts::table
        .find(code)
        .select(Account::as_select())
        .get_result(connection)
        .optional()?)
}

//! `accounting_periods`: the months that are closed for the books, for good (会計期間).

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::schema::accounting_periods;
use crate::{DbConnection, StoreError};

/// A closed month. Every month before it is closed as well.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = accounting_periods)]
pub struct ClosedPeriod {
    /// The month, as 202508.
    pub month: i32,
    /// Who closed it.
    pub actor: String,
    /// When, UTC.
    pub closed_at: NaiveDateTime,
    /// Why, where a reason was given.
    pub reason: Option<String>,
}

/// The last closed month, as 202508; it and every month before it are closed. None where nothing is.
pub fn last_closed(connection: &mut DbConnection) -> Result<Option<i32>, StoreError> {
    Ok(accounting_periods::table
        .select(max(accounting_periods::month))
        .first(connection)?)
}

/// All closed months, earliest first.
pub fn all(connection: &mut DbConnection) -> Result<Vec<ClosedPeriod>, StoreError> {
    Ok(accounting_periods::table
        .order(accounting_periods::month)
        .select(ClosedPeriod::as_select())
        .load(connection)?)
}

/// Closes a month, for good. One that is not after the last closed one is refused by a trigger.
pub fn insert(connection: &mut DbConnection, period: &ClosedPeriod) -> Result<(), StoreError> {
    diesel::insert_into(accounting_periods::table)
        .values(period)
        .execute(connection)?;
    Ok(())
}

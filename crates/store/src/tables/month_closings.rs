//! `month_closings`: which months of a co-op are closed (R11). A month is closed while a row
//! without `reopened_at` stands for it.

use chrono::NaiveDateTime;
use diesel::dsl::{max, min};
use diesel::prelude::*;

use crate::schema::month_closings;
use crate::{DbConnection, StoreError};

/// One close of a month, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = month_closings)]
pub struct MonthClosing {
    /// Its number.
    pub id: i64,
    /// Whose month.
    pub coop_id: i64,
    /// The month, as 202508.
    pub month: i32,
    /// The first batch of the month; none where there was nothing to charge.
    pub batch_id: Option<i64>,
    /// Who closed it.
    pub actor: String,
    /// When, UTC.
    pub closed_at: NaiveDateTime,
    /// Why ahead of its time, where it was.
    pub reason: Option<String>,
    /// When its batch was voided, UTC; none while the month is closed.
    pub reopened_at: Option<NaiveDateTime>,
}

/// A close to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = month_closings)]
pub struct NewMonthClosing<'a> {
    /// Whose month.
    pub coop_id: i64,
    /// The month, as 202508.
    pub month: i32,
    /// The first batch of the month; none where there is nothing to charge.
    pub batch_id: Option<i64>,
    /// Who closes it.
    pub actor: &'a str,
    /// When, UTC.
    pub closed_at: NaiveDateTime,
    /// Why ahead of its time, where it is.
    pub reason: Option<&'a str>,
}

/// The closed months of a co-op, earliest first.
pub fn closed_months(connection: &mut DbConnection, coop_id: i64) -> Result<Vec<i32>, StoreError> {
    Ok(month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .filter(month_closings::reopened_at.is_null())
        .order(month_closings::month)
        .select(month_closings::month)
        .load(connection)?)
}

/// The latest closed month of a co-op. It and every month before it are closed, since none is
/// skipped; none where nothing was ever closed, and then every month is open.
pub fn last_closed(connection: &mut DbConnection, coop_id: i64) -> Result<Option<i32>, StoreError> {
    Ok(month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .filter(month_closings::reopened_at.is_null())
        .select(max(month_closings::month))
        .first(connection)?)
}

/// The earliest closed month of a co-op. What came before it was never billed here and never will
/// be; none where nothing is closed.
pub fn first_closed(
    connection: &mut DbConnection,
    coop_id: i64,
) -> Result<Option<i32>, StoreError> {
    Ok(month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .filter(month_closings::reopened_at.is_null())
        .select(min(month_closings::month))
        .first(connection)?)
}

/// The earliest month that a co-op ever closed, whether it was opened again or not.
pub fn first_ever_closed(
    connection: &mut DbConnection,
    coop_id: i64,
) -> Result<Option<i32>, StoreError> {
    Ok(month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .select(min(month_closings::month))
        .first(connection)?)
}

/// Whether any co-op has closed a month or a later one.
pub fn is_closed_anywhere(connection: &mut DbConnection, month: i32) -> Result<bool, StoreError> {
    let latest: Option<i32> = month_closings::table
        .filter(month_closings::reopened_at.is_null())
        .select(max(month_closings::month))
        .first(connection)?;
    Ok(latest.is_some_and(|latest| month <= latest))
}

/// The close that stands for a month, if it is closed.
pub fn find_standing(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
) -> Result<Option<MonthClosing>, StoreError> {
    Ok(month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .filter(month_closings::month.eq(month))
        .filter(month_closings::reopened_at.is_null())
        .select(MonthClosing::as_select())
        .first(connection)
        .optional()?)
}

/// Records a close. A second one while the first stands violates `month_closings_standing`.
pub fn insert(
    connection: &mut DbConnection,
    closing: &NewMonthClosing<'_>,
) -> Result<(), StoreError> {
    diesel::insert_into(month_closings::table)
        .values(closing)
        .execute(connection)?;
    Ok(())
}

/// Opens a month again. Gives whether it was closed.
pub fn reopen(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
    at: NaiveDateTime,
) -> Result<bool, StoreError> {
    let standing = month_closings::table
        .filter(month_closings::coop_id.eq(coop_id))
        .filter(month_closings::month.eq(month))
        .filter(month_closings::reopened_at.is_null());
    let reopened = diesel::update(standing)
        .set(month_closings::reopened_at.eq(at))
        .execute(connection)?;
    Ok(reopened > 0)
}

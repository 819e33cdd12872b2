//! `batches`: the charges of a co-op and month that were closed together (R10).

use chrono::NaiveDateTime;
use diesel::dsl::{exists, max};
use diesel::prelude::*;

use crate::schema::{batches, exports, settlements};
use crate::{DbConnection, StoreError};

/// `state` of a batch that counts.
pub const CLOSED: &str = "closed";
/// `state` of a batch whose charges count no more.
pub const VOIDED: &str = "voided";

/// A batch as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = batches)]
pub struct Batch {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub coop_id: i64,
    /// Of which month, as 202508.
    pub month: i32,
    /// Which of the month's, from 1; never used again.
    pub sequence: i32,
    /// [`CLOSED`] or [`VOIDED`].
    pub state: String,
    /// How many charges, as counted at the close.
    pub charges: i64,
    /// Units (口), as summed at the close.
    pub units: i64,
    /// Yen, as summed at the close.
    pub amount: i64,
    /// SHA-256 over its frozen charges, in hexadecimal digits.
    pub charges_sha256: String,
    /// Who closed it.
    pub closed_by: String,
    /// When, UTC.
    pub closed_at: NaiveDateTime,
    /// Why ahead of its time, where it was.
    pub reason: Option<String>,
    /// Who voided it.
    pub voided_by: Option<String>,
    /// When, UTC.
    pub voided_at: Option<NaiveDateTime>,
    /// Why.
    pub void_reason: Option<String>,
}

/// A batch to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = batches)]
pub struct NewBatch<'a> {
    /// Whose.
    pub coop_id: i64,
    /// Of which month, as 202508.
    pub month: i32,
    /// Which of the month's.
    pub sequence: i32,
    /// How many charges.
    pub charges: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    pub amount: i64,
    /// Who closes it.
    pub closed_by: &'a str,
    /// When, UTC.
    pub closed_at: NaiveDateTime,
    /// Why ahead of its time, where it is.
    pub reason: Option<&'a str>,
}

/// Records a closed batch and gives its number. Follow with [`set_charges_sha256`] once its charges
/// are frozen. A sequence used before violates the unique
/// constraint of (co-op, month, sequence) (R10).
pub fn insert(connection: &mut DbConnection, batch: &NewBatch<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(batches::table)
        .values((
            batch,
            batches::state.eq(CLOSED),
            batches::charges_sha256.eq(""),
        ))
        .returning(batches::id)
        .get_result(connection)?)
}

/// Records the digest over the charges of a batch, once they are frozen.
pub fn set_charges_sha256(
    connection: &mut DbConnection,
    id: i64,
    sha256: &str,
) -> Result<(), StoreError> {
    diesel::update(batches::table.find(id))
        .set(batches::charges_sha256.eq(sha256))
        .execute(connection)?;
    Ok(())
}

/// The batch with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Batch>, StoreError> {
    Ok(batches::table
        .find(id)
        .select(Batch::as_select())
        .get_result(connection)
        .optional()?)
}

/// The batch of (co-op, month, sequence), voided or not.
pub fn find_sequence(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
    sequence: i32,
) -> Result<Option<Batch>, StoreError> {
    Ok(batches::table
        .filter(batches::coop_id.eq(coop_id))
        .filter(batches::month.eq(month))
        .filter(batches::sequence.eq(sequence))
        .select(Batch::as_select())
        .first(connection)
        .optional()?)
}

/// The batches of a month that count, earliest sequence first.
pub fn live_of_month(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
) -> Result<Vec<Batch>, StoreError> {
    Ok(batches::table
        .filter(batches::coop_id.eq(coop_id))
        .filter(batches::month.eq(month))
        .filter(batches::state.eq(CLOSED))
        .order(batches::sequence)
        .select(Batch::as_select())
        .load(connection)?)
}

/// The last sequence of a month ever used; none before its first.
pub fn last_sequence(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
) -> Result<Option<i32>, StoreError> {
    Ok(batches::table
        .filter(batches::coop_id.eq(coop_id))
        .filter(batches::month.eq(month))
        .select(max(batches::sequence))
        .first(connection)?)
}

/// Which batches to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchFilter {
    /// Of one co-op.
    pub coop_id: Option<i64>,
    /// Of one month, as 202508.
    pub month: Option<i32>,
    /// With a number below this.
    pub before_id: Option<i64>,
}

/// Batches, newest first.
pub fn page(
    connection: &mut DbConnection,
    filter: BatchFilter,
    rows: i64,
) -> Result<Vec<Batch>, StoreError> {
    let below = filter.before_id.unwrap_or(i64::MAX);
    let coop = filter.coop_id;
    let month = filter.month;
    Ok(batches::table
        .filter(batches::id.lt(below))
        .filter(batches::coop_id.ge(coop.unwrap_or(i64::MIN)))
        .filter(batches::coop_id.le(coop.unwrap_or(i64::MAX)))
        .filter(batches::month.ge(month.unwrap_or(i32::MIN)))
        .filter(batches::month.le(month.unwrap_or(i32::MAX)))
        .order(batches::id.desc())
        .limit(rows)
        .select(Batch::as_select())
        .load(connection)?)
}

/// Batches that were handed over and of which some charge has no result, newest first: of one co-op
/// where that is given, with a number below `before_id`.
pub fn awaiting_results(
    connection: &mut DbConnection,
    coop_id: Option<i64>,
    before_id: i64,
    rows: i64,
) -> Result<Vec<Batch>, StoreError> {
    let settled = settlements::table
        .filter(settlements::batch_id.eq(batches::id))
        .filter(settlements::correction_mark.eq(0))
        .count()
        .single_value()
        .assume_not_null();
    let mut query = batches::table
        .filter(batches::state.eq(CLOSED))
        .filter(batches::id.lt(before_id))
        .filter(exists(
            exports::table.filter(exports::batch_id.eq(batches::id)),
        ))
        .filter(batches::charges.gt(settled))
        .order(batches::id.desc())
        .limit(rows)
        .select(Batch::as_select())
        .into_boxed();
    if let Some(coop_id) = coop_id {
        query = query.filter(batches::coop_id.eq(coop_id));
    }
    Ok(query.load(connection)?)
}

/// Marks a batch as voided.
pub fn set_voided(
    connection: &mut DbConnection,
    id: i64,
    by: &str,
    at: NaiveDateTime,
    reason: &str,
) -> Result<(), StoreError> {
    diesel::update(batches::table.find(id))
        .set((
            batches::state.eq(VOIDED),
            batches::voided_by.eq(by),
            batches::voided_at.eq(at),
            batches::void_reason.eq(reason),
        ))
        .execute(connection)?;
    Ok(())
}

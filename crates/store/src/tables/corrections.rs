//! `corrections`: wrong results taken back, and collected gifts given back; once a result (R13).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{corrections, settlements};
use crate::{DbConnection, StoreError};

/// A result taken back.
pub const REVERSAL: &str = "reversal";
/// A collected gift given back.
pub const REFUND: &str = "refund";

/// A correction as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = corrections)]
pub struct Correction {
    /// Its number.
    pub id: i64,
    /// The result.
    pub settlement_id: i64,
    /// [`REVERSAL`] or [`REFUND`].
    pub kind: String,
    /// The day it is dated.
    pub corrected_on: NaiveDate,
    /// Yen.
    pub amount: i64,
    /// Where the money of a refund comes from.
    pub account: Option<String>,
    /// The journal entry, where money moved.
    pub entry_id: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// A correction to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = corrections)]
pub struct NewCorrection<'a> {
    /// The result.
    pub settlement_id: i64,
    /// [`REVERSAL`] or [`REFUND`].
    pub kind: &'a str,
    /// The day it is dated.
    pub corrected_on: NaiveDate,
    /// Yen.
    pub amount: i64,
    /// Where the money of a refund comes from.
    pub account: Option<&'a str>,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// Records a correction and gives its number. A second one of the same result violates the
/// uniqueness of `settlement_id` (R13).
pub fn insert(
    connection: &mut DbConnection,
    correction: &NewCorrection<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(corrections::table)
        .values(correction)
        .returning(corrections::id)
        .get_result(connection)?)
}

/// Says which journal entry holds a correction.
pub fn set_entry(connection: &mut DbConnection, id: i64, entry_id: i64) -> Result<(), StoreError> {
    diesel::update(corrections::table.find(id))
        .set(corrections::entry_id.eq(entry_id))
        .execute(connection)?;
    Ok(())
}

/// The correction of a number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Correction>, StoreError> {
    Ok(corrections::table
        .find(id)
        .select(Correction::as_select())
        .get_result(connection)
        .optional()?)
}

/// The correction of a result, where there is one.
pub fn of_settlement(
    connection: &mut DbConnection,
    settlement_id: i64,
) -> Result<Option<Correction>, StoreError> {
    Ok(corrections::table
        .filter(corrections::settlement_id.eq(settlement_id))
        .select(Correction::as_select())
        .first(connection)
        .optional()?)
}

/// The corrections of a charge, oldest first.
pub fn of_charge(
    connection: &mut DbConnection,
    batch_id: i64,
    rank: i64,
) -> Result<Vec<Correction>, StoreError> {
    Ok(corrections::table
        .inner_join(settlements::table)
        .filter(settlements::batch_id.eq(batch_id))
        .filter(settlements::rank.eq(rank))
        .order(corrections::id)
        .select(Correction::as_select())
        .load(connection)?)
}

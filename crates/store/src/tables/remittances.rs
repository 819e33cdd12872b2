//! `remittances`, `remittance_allocations`: money that co-ops handed over, and for which batches.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{remittance_allocations, remittances};
use crate::{DbConnection, StoreError, on_backend};

/// A remittance as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = remittances)]
pub struct Remittance {
    /// Its number.
    pub id: i64,
    /// Who handed it over.
    pub coop_id: i64,
    /// The day it was on the account.
    pub received_on: NaiveDate,
    /// Yen that were due by the co-op then.
    pub due: i64,
    /// Yen on the account.
    pub amount: i64,
    /// Yen taken off on the way.
    pub fee: i64,
    /// Yen put aside, or taken from what was put aside where negative.
    pub suspense: i64,
    /// What was noted.
    pub note: Option<String>,
    /// Who recorded it.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// A remittance to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = remittances)]
pub struct NewRemittance<'a> {
    /// Who handed it over.
    pub coop_id: i64,
    /// The day it was on the account.
    pub received_on: NaiveDate,
    /// Yen that are due by the co-op.
    pub due: i64,
    /// Yen on the account.
    pub amount: i64,
    /// Yen taken off on the way.
    pub fee: i64,
    /// Yen put aside, or taken from what was put aside where negative.
    pub suspense: i64,
    /// What is noted.
    pub note: Option<&'a str>,
    /// Who records it.
    pub actor: &'a str,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// What of a remittance is for one batch.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = remittance_allocations)]
pub struct Allocation {
    /// The remittance.
    pub remittance_id: i64,
    /// The batch.
    pub batch_id: i64,
    /// Yen that were due of it.
    pub due: i64,
    /// Yen for it; negative where it sets off what was taken back.
    pub amount: i64,
}

/// Records a remittance and gives its number.
pub fn insert(
    connection: &mut DbConnection,
    remittance: &NewRemittance<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(remittances::table)
        .values(remittance)
        .returning(remittances::id)
        .get_result(connection)?)
}

/// Records for which batches it is.
pub fn allocate(
    connection: &mut DbConnection,
    allocations: &[Allocation],
) -> Result<(), StoreError> {
    for some in allocations.chunks(1_000) {
        on_backend!(connection, c => diesel::insert_into(remittance_allocations::table)
            .values(some)
            .execute(c))?;
    }
    Ok(())
}

/// The remittance of a number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Remittance>, StoreError> {
    Ok(remittances::table
        .find(id)
        .select(Remittance::as_select())
        .get_result(connection)
        .optional()?)
}

/// At most `rows` of those before a number, of one co-op where one is given, newest first.
pub fn page(
    connection: &mut DbConnection,
    coop_id: Option<i64>,
    before_id: Option<i64>,
    rows: i64,
) -> Result<Vec<Remittance>, StoreError> {
    Ok(remittances::table
        .filter(remittances::id.lt(before_id.unwrap_or(i64::MAX)))
        .filter(remittances::coop_id.ge(coop_id.unwrap_or(i64::MIN)))
        .filter(remittances::coop_id.le(coop_id.unwrap_or(i64::MAX)))
        .order(remittances::id.desc())
        .limit(rows)
        .select(Remittance::as_select())
        .load(connection)?)
}

/// For which batches a remittance is, by batch.
pub fn allocations(
    connection: &mut DbConnection,
    remittance_id: i64,
) -> Result<Vec<Allocation>, StoreError> {
    Ok(remittance_allocations::table
        .filter(remittance_allocations::remittance_id.eq(remittance_id))
        .order(remittance_allocations::batch_id)
        .select(Allocation::as_select())
        .load(connection)?)
}

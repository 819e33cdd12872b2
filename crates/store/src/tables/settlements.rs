//! `settlements`: what became of each charge, one standing result at most (R13). Files of results
//! are settled as a whole by [`results`](crate::results); here is what is asked of one charge or of
//! whole batches.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::schema::settlements;
use crate::{DbConnection, StoreError};

/// The result of a charge as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = settlements)]
pub struct Settlement {
    /// Its number.
    pub id: i64,
    /// The charge's batch.
    pub batch_id: i64,
    /// The charge's place in it.
    pub rank: i64,
    /// The file it came in.
    pub result_file_id: i64,
    /// The line there.
    pub line_no: i64,
    /// `0` collected, or why not.
    pub result_code: String,
    /// The day of collection; none only where it failed.
    pub collected_on: Option<NaiveDate>,
    /// Yen: the charge's.
    pub amount: i64,
    /// The month in which the charge is tried again, as 202509.
    pub carry_month: Option<i32>,
    /// The journal entry, where it was collected.
    pub entry_id: Option<i64>,
    /// 0 while it stands; its reversal's number after that.
    pub correction_mark: i64,
}

/// A result to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = settlements)]
pub struct NewSettlement<'a> {
    /// The charge's batch.
    pub batch_id: i64,
    /// The charge's place in it.
    pub rank: i64,
    /// The file it came in.
    pub result_file_id: i64,
    /// The line there.
    pub line_no: i64,
    /// `0` collected, or why not.
    pub result_code: &'a str,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
    /// Yen: the charge's.
    pub amount: i64,
    /// The month in which the charge is tried again, as 202509.
    pub carry_month: Option<i32>,
    /// The journal entry, where it was collected.
    pub entry_id: Option<i64>,
}

/// Records the result of one charge and gives its number. A charge that has one violates
/// `settlements_once` (R13).
pub fn insert(
    connection: &mut DbConnection,
    settlement: &NewSettlement<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(settlements::table)
        .values((settlement, settlements::correction_mark.eq(0)))
        .returning(settlements::id)
        .get_result(connection)?)
}

/// The result of a charge that stands, where there is one.
pub fn standing(
    connection: &mut DbConnection,
    batch_id: i64,
    rank: i64,
) -> Result<Option<Settlement>, StoreError> {
    Ok(settlements::table
        .filter(settlements::batch_id.eq(batch_id))
        .filter(settlements::rank.eq(rank))
        .filter(settlements::correction_mark.eq(0))
        .select(Settlement::as_select())
        .first(connection)
        .optional()?)
}

/// Every result of a charge, reversed ones too, oldest first.
pub fn of_charge(
    connection: &mut DbConnection,
    batch_id: i64,
    rank: i64,
) -> Result<Vec<Settlement>, StoreError> {
    Ok(settlements::table
        .filter(settlements::batch_id.eq(batch_id))
        .filter(settlements::rank.eq(rank))
        .order(settlements::id)
        .select(Settlement::as_select())
        .load(connection)?)
}

/// Marks a result as taken back by a correction: its charge is outstanding again.
pub fn set_reversed(
    connection: &mut DbConnection,
    id: i64,
    correction_id: i64,
) -> Result<(), StoreError> {
    diesel::update(settlements::table.find(id))
        .set(settlements::correction_mark.eq(correction_id))
        .execute(connection)?;
    Ok(())
}

/// How far a batch is settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct BatchSums {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Charges collected.
    #[diesel(sql_type = BigInt)]
    pub collected: i64,
    /// Yen of them.
    #[diesel(sql_type = BigInt)]
    pub collected_amount: i64,
    /// Charges that failed.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Yen of them.
    #[diesel(sql_type = BigInt)]
    pub failed_amount: i64,
}

/// How far each of some batches is settled; those without any result are left out.
pub fn sums_of_batches(
    connection: &mut DbConnection,
    batch_ids: &[i64],
) -> Result<Vec<BatchSums>, StoreError> {
    if batch_ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = batch_ids.iter().map(i64::to_string).collect();
    let text = format!(
        "SELECT batch_id,
           CAST(SUM(CASE result_code WHEN '0' THEN 1 ELSE 0 END) AS BIGINT) AS collected,
           CAST(SUM(CASE result_code WHEN '0' THEN amount ELSE 0 END) AS BIGINT)
             AS collected_amount,
           CAST(SUM(CASE result_code WHEN '0' THEN 0 ELSE 1 END) AS BIGINT) AS failed,
           CAST(SUM(CASE result_code WHEN '0' THEN 0 ELSE amount END) AS BIGINT) AS failed_amount
         FROM settlements WHERE correction_mark = 0 AND batch_id IN ({})
         GROUP BY batch_id ORDER BY batch_id",
        ids.join(", ")
    );
    Ok(sql_query(text).load(connection)?)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many charges that a file says have failed are tried again.
pub fn count_carried(
    connection: &mut DbConnection,
    result_file_id: i64,
) -> Result<i64, StoreError> {
    let count: Count = sql_query(
        "SELECT COUNT(*) AS count FROM settlements
         WHERE carry_month IS NOT NULL AND result_file_id = $1",
    )
    .bind::<BigInt, _>(result_file_id)
    .get_result(connection)?;
    Ok(count.count)
}

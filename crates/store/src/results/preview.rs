//! What classified lines come to, for a trial that is about to be undone.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::{DbConnection, StoreError};

/// What is held for one reason.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldReasonSum {
    /// The reason.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// How many lines.
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    /// Yen of their charges, of those whose charge is known.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What of the classified lines is held, by reason.
pub fn sum_held_reasons(connection: &mut DbConnection) -> Result<Vec<HeldReasonSum>, StoreError> {
    Ok(sql_query(
        "SELECT reason, COUNT(*) AS lines, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount
         FROM classified_results WHERE fate = 'held' GROUP BY reason ORDER BY reason",
    )
    .load(connection)?)
}

/// A held line.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldResultLine {
    /// The line in its file.
    #[diesel(sql_type = BigInt)]
    pub line_no: i64,
    /// Why it is held.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// The key, as the line says.
    #[diesel(sql_type = Nullable<Text>)]
    pub charge_key: Option<String>,
    /// The member's number, as the line says.
    #[diesel(sql_type = Nullable<Text>)]
    pub member_number: Option<String>,
    /// The code of the result.
    #[diesel(sql_type = Text)]
    pub result_code: String,
}

/// The first of the classified lines that are held, in the order of the file, `rows` at most.
pub fn first_held(
    connection: &mut DbConnection,
    rows: i64,
) -> Result<Vec<HeldResultLine>, StoreError> {
    Ok(sql_query(
        "SELECT k.line_no, k.reason, s.charge_key, s.member_number, k.result_code
         FROM classified_results k JOIN staged_results s ON s.line_no = k.line_no
         WHERE k.fate = 'held' ORDER BY k.line_no LIMIT $1",
    )
    .bind::<BigInt, _>(rows)
    .load(connection)?)
}

/// What a file says of the charges of one batch.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct BatchFates {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// Its month, as 202508.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// Which of the month's.
    #[diesel(sql_type = Integer)]
    pub sequence: i32,
    /// Charges of the batch.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Yen of them.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// Charges that the file collects.
    #[diesel(sql_type = BigInt)]
    pub collected: i64,
    /// Yen of them.
    #[diesel(sql_type = BigInt)]
    pub collected_amount: i64,
    /// Charges that it says have failed.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Yen of them.
    #[diesel(sql_type = BigInt)]
    pub failed_amount: i64,
}

/// What the classified lines settle, by batch.
pub fn fates_of_batches(connection: &mut DbConnection) -> Result<Vec<BatchFates>, StoreError> {
    Ok(sql_query(
        "SELECT k.batch_id, o.code AS coop, b.month, b.sequence, b.charges, b.amount,
           k.collected, k.collected_amount, k.failed, k.failed_amount
         FROM (SELECT batch_id,
             CAST(SUM(CASE fate WHEN 'collected' THEN 1 ELSE 0 END) AS BIGINT) AS collected,
             CAST(SUM(CASE fate WHEN 'collected' THEN amount ELSE 0 END) AS BIGINT)
               AS collected_amount,
             CAST(SUM(CASE fate WHEN 'failed' THEN 1 ELSE 0 END) AS BIGINT) AS failed,
             CAST(SUM(CASE fate WHEN 'failed' THEN amount ELSE 0 END) AS BIGINT) AS failed_amount
           FROM classified_results WHERE fate = 'collected' OR fate = 'failed'
           GROUP BY batch_id) k
         JOIN batches b ON b.id = k.batch_id
         JOIN cooperatives o ON o.id = b.coop_id
         ORDER BY o.code, b.month, b.sequence",
    )
    .load(connection)?)
}

//! The months of all co-ops side by side: what is closed, and how far each batch has come (R10, R11).
//!
//! Every question here is asked once for all co-ops and months. The numbers in the texts are made here,
//! so nothing in them needs escaping.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::{DbConnection, StoreError};

/// A batch, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct BoardBatch {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Whose.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// Of which month, as 202508.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// Which of the month's.
    #[diesel(sql_type = Integer)]
    pub sequence: i32,
    /// `closed` or `voided`.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How many charges.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// Who closed it.
    #[diesel(sql_type = Text)]
    pub closed_by: String,
    /// When, UTC.
    #[diesel(sql_type = Timestamp)]
    pub closed_at: NaiveDateTime,
    /// Who approved its export.
    #[diesel(sql_type = Nullable<Text>)]
    pub approved_by: Option<String>,
    /// When it was first exported, UTC.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub exported_at: Option<NaiveDateTime>,
    /// How many of its charges have a result; 0 before its first export.
    #[diesel(sql_type = BigInt)]
    pub results: i64,
    /// Yen of those.
    #[diesel(sql_type = BigInt)]
    pub results_amount: i64,
}

/// The batches of the months from `from` to `to` (as 202508), by co-op, month and sequence, voided ones
/// included; of one co-op, where it is given.
pub fn batches_between(
    connection: &mut DbConnection,
    from: i32,
    to: i32,
    coop_id: Option<i64>,
) -> Result<Vec<BoardBatch>, StoreError> {
    let only = coop_id.map_or_else(String::new, |id| format!(" AND coop_id = {id}"));
    let text = format!(
        "WITH asked AS (SELECT * FROM batches WHERE month BETWEEN {from} AND {to}{only}),
           handed_over AS (SELECT batch_id, MIN(exported_at) AS exported_at FROM exports
             WHERE batch_id IN (SELECT id FROM asked) GROUP BY batch_id),
           settled AS (SELECT batch_id, COUNT(*) AS results, CAST(SUM(amount) AS BIGINT) AS amount
             FROM settlements
             WHERE correction_mark = 0 AND batch_id IN (SELECT batch_id FROM handed_over)
             GROUP BY batch_id)
         SELECT b.id, b.coop_id, b.month, b.sequence, b.state, b.charges, b.amount, b.closed_by,
           b.closed_at, a.approved_by, h.exported_at, COALESCE(s.results, 0) AS results,
           COALESCE(s.amount, 0) AS results_amount
         FROM asked b
         LEFT JOIN batch_approvals a ON a.batch_id = b.id
         LEFT JOIN handed_over h ON h.batch_id = b.id
         LEFT JOIN settled s ON s.batch_id = b.id
         ORDER BY b.coop_id, b.month, b.sequence"
    );
    Ok(sql_query(text).load(connection)?)
}

/// How far a co-op's months are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct ClosedSpan {
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// Its earliest closed month, as 202508.
    #[diesel(sql_type = Nullable<Integer>)]
    pub first_closed: Option<i32>,
    /// Its latest.
    #[diesel(sql_type = Nullable<Integer>)]
    pub last_closed: Option<i32>,
    /// The earliest month that it ever closed, whether it was opened again or not.
    #[diesel(sql_type = Integer)]
    pub first_ever: i32,
}

/// How far each co-op that ever closed a month has closed them.
pub fn closed_spans(connection: &mut DbConnection) -> Result<Vec<ClosedSpan>, StoreError> {
    Ok(sql_query(
        "SELECT coop_id, MIN(CASE WHEN reopened_at IS NULL THEN month END) AS first_closed,
           MAX(CASE WHEN reopened_at IS NULL THEN month END) AS last_closed, MIN(month) AS first_ever
         FROM month_closings GROUP BY coop_id ORDER BY coop_id",
    )
    .load(connection)?)
}

/// A count of a co-op's month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct MonthCount {
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The month, as 202508; none where it is not known.
    #[diesel(sql_type = Nullable<Integer>)]
    pub month: Option<i32>,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// How many applications are held for each month of each co-op.
pub fn held_by_month(connection: &mut DbConnection) -> Result<Vec<MonthCount>, StoreError> {
    Ok(sql_query(
        "SELECT coop_id, collection_month AS month, COUNT(*) AS count FROM applications
         WHERE state = 'held' GROUP BY coop_id, collection_month ORDER BY coop_id, collection_month",
    )
    .load(connection)?)
}

/// The earliest month for which each co-op has a supporter or a live gift, as 202508: where billing of
/// one that never closed a month would begin.
pub fn first_gifts(connection: &mut DbConnection) -> Result<Vec<MonthCount>, StoreError> {
    Ok(sql_query(
        "SELECT coop_id, MIN(month) AS month, COUNT(*) AS count FROM (
           SELECT coop_id, MIN(from_month) AS month FROM pledges GROUP BY coop_id
           UNION ALL
           SELECT coop_id, MIN(collection_month) FROM donations WHERE state = 'live' GROUP BY coop_id
         ) gifts GROUP BY coop_id ORDER BY coop_id",
    )
    .load(connection)?)
}

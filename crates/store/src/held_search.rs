//! The held applications as a queue: what is before one, how many there are, and of which kinds.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::tables::applications::HeldFilter;
use crate::{DbConnection, StoreError};

/// A filter as ranges that take in everything where nothing is asked for.
struct Ranges {
    coop: (i64, i64),
    month: (i32, i32),
    /// The bits looked at, and what they have to be.
    reasons: (i32, i32),
    intake: (i64, i64),
}

impl Ranges {
    fn of(filter: &HeldFilter) -> Self {
        let all_or = |id: Option<i64>| id.map_or((0, i64::MAX), |id| (id, id));
        let bit = filter.main_reason_bit.unwrap_or(0);
        Self {
            coop: all_or(filter.coop_id),
            month: filter.month.map_or((0, i32::MAX), |month| (month, month)),
            reasons: (if bit == 0 { 0 } else { 2 * bit - 1 }, bit),
            intake: all_or(filter.intake_id),
        }
    }
}

/// Where an application stands among the held ones that fit a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Place {
    /// The number of the one before it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub previous_id: Option<i64>,
    /// The number of the one after it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub next_id: Option<i64>,
    /// How many are before it.
    #[diesel(sql_type = BigInt)]
    pub before_it: i64,
    /// How many there are, itself counted where it is one of them.
    #[diesel(sql_type = BigInt)]
    pub total: i64,
}

/// Where the application of this number stands, in the order of numbers; it need not be held.
pub fn place(
    connection: &mut DbConnection,
    filter: &HeldFilter,
    id: i64,
) -> Result<Place, StoreError> {
    const SQL: &str = "SELECT \
           MAX(CASE WHEN a.id < $1 THEN a.id END) AS previous_id, \
           MIN(CASE WHEN a.id > $2 THEN a.id END) AS next_id, \
           COUNT(CASE WHEN a.id < $3 THEN 1 END) AS before_it, \
           COUNT(*) AS total \
         FROM applications a \
         WHERE a.state = 'held' \
           AND a.coop_id BETWEEN $4 AND $5 \
           AND COALESCE(a.collection_month, 0) BETWEEN $6 AND $7 \
           AND (a.reasons & $8) = $9 \
           AND a.intake_id BETWEEN $10 AND $11";
    let ranges = Ranges::of(filter);
    Ok(sql_query(SQL)
        .bind::<BigInt, _>(id)
        .bind::<BigInt, _>(id)
        .bind::<BigInt, _>(id)
        .bind::<BigInt, _>(ranges.coop.0)
        .bind::<BigInt, _>(ranges.coop.1)
        .bind::<Integer, _>(ranges.month.0)
        .bind::<Integer, _>(ranges.month.1)
        .bind::<Integer, _>(ranges.reasons.0)
        .bind::<Integer, _>(ranges.reasons.1)
        .bind::<BigInt, _>(ranges.intake.0)
        .bind::<BigInt, _>(ranges.intake.1)
        .get_result(connection)?)
}

/// How many held applications a co-op has for a month and a main reason.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldCount {
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The month, as 202508; 0 while unknown.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// The bit of the main reason.
    #[diesel(sql_type = Integer)]
    pub reason_bit: i32,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub holds: i64,
}

/// The held applications, counted by co-op, month and main reason, in that order.
pub fn counts(connection: &mut DbConnection) -> Result<Vec<HeldCount>, StoreError> {
    Ok(sql_query(
        "SELECT c.code AS coop, h.month, h.reason_bit, h.holds \
         FROM (SELECT coop_id, COALESCE(collection_month, 0) AS month, \
             reasons & (-reasons) AS reason_bit, COUNT(*) AS holds \
           FROM applications WHERE state = 'held' \
           GROUP BY coop_id, COALESCE(collection_month, 0), reasons & (-reasons)) h \
         JOIN cooperatives c ON c.id = h.coop_id \
         ORDER BY c.code, h.month, h.reason_bit",
    )
    .load(connection)?)
}

/// Held applications that arrived together and have one main reason.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldTogether {
    /// What they arrived in.
    #[diesel(sql_type = BigInt)]
    pub intake_id: i64,
    /// `file`, `sheet`, `request` or `member_changes`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The name of the file.
    #[diesel(sql_type = Nullable<Text>)]
    pub name: Option<String>,
    /// When, UTC.
    #[diesel(sql_type = Timestamp)]
    pub recorded_at: NaiveDateTime,
    /// The bit of the main reason.
    #[diesel(sql_type = Integer)]
    pub reason_bit: i32,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub holds: i64,
}

/// At most `rows` groups of two or more that arrived together, the largest first.
pub fn together(connection: &mut DbConnection, rows: i64) -> Result<Vec<HeldTogether>, StoreError> {
    Ok(sql_query(
        "SELECT i.id AS intake_id, i.kind, i.name, i.recorded_at, h.reason_bit, h.holds \
         FROM (SELECT intake_id, reasons & (-reasons) AS reason_bit, COUNT(*) AS holds \
           FROM applications WHERE state = 'held' \
           GROUP BY intake_id, reasons & (-reasons) HAVING COUNT(*) > 1) h \
         JOIN intakes i ON i.id = h.intake_id \
         ORDER BY h.holds DESC, i.id, h.reason_bit LIMIT $1",
    )
    .bind::<BigInt, _>(rows)
    .load(connection)?)
}

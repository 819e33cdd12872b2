//! What an intake came to, for a trial that is about to be undone.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::{DbConnection, StoreError};

/// What was posted of an intake for one offering.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct PostedOffering {
    /// Label of its cycle.
    #[diesel(sql_type = Text)]
    pub cycle: String,
    /// Its order number.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// Its title.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// `supporter`, `spot` or `campaign`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The month of collection, as 202508.
    #[diesel(sql_type = Integer)]
    pub collection_month: i32,
    /// How many lines.
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    /// Units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What was posted of an intake, by offering: of the applications after the one with number `after`.
pub fn posted_by_offering(
    connection: &mut DbConnection,
    after: i64,
    intake_id: i64,
) -> Result<Vec<PostedOffering>, StoreError> {
    Ok(sql_query(
        "SELECT y.label AS cycle, o.order_number, o.title, o.kind, a.collection_month,
           COUNT(*) AS lines, CAST(SUM(a.units) AS BIGINT) AS units,
           CAST(SUM(a.units * o.unit_price) AS BIGINT) AS amount
         FROM applications a
         JOIN offerings o ON o.id = a.offering_id
         JOIN cycles y ON y.id = o.cycle_id
         WHERE a.id > $1 AND a.intake_id = $2 AND a.state = 'posted'
         GROUP BY y.label, o.order_number, o.title, o.kind, a.collection_month
         ORDER BY a.collection_month, y.label, o.order_number",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(intake_id)
    .load(connection)?)
}

/// What of an intake is held for the same reasons.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldSum {
    /// The reasons, as bits.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
    /// How many lines.
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    /// Yen, of the lines whose price is known.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What of an intake is held, for which reasons.
pub fn held_by_reasons(
    connection: &mut DbConnection,
    intake_id: i64,
) -> Result<Vec<HeldSum>, StoreError> {
    Ok(sql_query(
        "SELECT a.reasons, COUNT(*) AS lines,
           CAST(COALESCE(SUM(COALESCE(a.units * o.unit_price, a.amount)), 0) AS BIGINT) AS amount
         FROM applications a
         LEFT JOIN offerings o ON o.id = a.offering_id
         WHERE a.state = 'held' AND a.intake_id = $1
         GROUP BY a.reasons ORDER BY a.reasons",
    )
    .bind::<BigInt, _>(intake_id)
    .load(connection)?)
}

/// A held line of an intake.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldLine {
    /// The line in its file.
    #[diesel(sql_type = BigInt)]
    pub line_no: i64,
    /// Code of the co-op.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number, where there is one.
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    /// The reasons, as bits.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
}

/// The first held lines of an intake, in the order of the file, `rows` at most.
pub fn first_held(
    connection: &mut DbConnection,
    intake_id: i64,
    rows: i64,
) -> Result<Vec<HeldLine>, StoreError> {
    Ok(sql_query(
        "SELECT a.line_no, k.code AS coop, a.member_number, a.order_number, a.reasons
         FROM applications a JOIN cooperatives k ON k.id = a.coop_id
         WHERE a.state = 'held' AND a.intake_id = $1
         ORDER BY a.line_no LIMIT $2",
    )
    .bind::<BigInt, _>(intake_id)
    .bind::<BigInt, _>(rows)
    .load(connection)?)
}

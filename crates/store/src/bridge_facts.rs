//! The facts from which the bridge between two months is built (R12): per pledge and gift, what
//! last month charged, what this month has billed and what is still due.
//!
//! Which step a fact takes is for the `domain` crate to say; here facts of one shape are counted,
//! so that a co-op of a million members comes to a handful of rows, and listed where a step is
//! opened.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::due::{DueMonth, due_sql};
use crate::{DbConnection, StoreError};

/// `absence` of a pledge that has units later on.
pub const PAUSED: i64 = 1;
/// `absence` of a pledge that has none any more.
pub const ENDED: i64 = 2;
/// `absence` of a pledge whose member left before the month.
pub const WITHDRAWN: i64 = 3;

/// `source` of a pledge.
pub const PLEDGE: i64 = 0;
/// `source` of a gift.
pub const GIFT: i64 = 1;
/// `source` of a pledge's month that is tried again.
pub const CARRIED_PLEDGE: i64 = 2;
/// `source` of a gift that is tried again.
pub const CARRIED_GIFT: i64 = 3;

/// What pledges or gifts of one shape bring to the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, QueryableByName)]
pub struct FactShape {
    /// [`PLEDGE`], [`GIFT`], [`CARRIED_PLEDGE`] or [`CARRIED_GIFT`].
    #[diesel(sql_type = BigInt)]
    pub source: i64,
    /// Yen charged last month.
    #[diesel(sql_type = BigInt)]
    pub last: i64,
    /// Yen that earlier batches of this month have billed.
    #[diesel(sql_type = BigInt)]
    pub billed: i64,
    /// Yen still due this month.
    #[diesel(sql_type = BigInt)]
    pub due: i64,
    /// 1 for a pledge, not charged last month, that was charged in some month before.
    #[diesel(sql_type = BigInt)]
    pub was_before: i64,
    /// Why a pledge comes to nothing this month: [`PAUSED`], [`ENDED`], [`WITHDRAWN`]; 0 where it
    /// does not.
    #[diesel(sql_type = BigInt)]
    pub absence: i64,
}

/// A shape and how many pledges or gifts have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct FactCount {
    /// The shape.
    #[diesel(embed)]
    pub shape: FactShape,
    /// How many have it.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// One pledge or gift in the bridge.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Fact {
    /// The pledge's or the gift's number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The month of a gift that is tried again, as 202508; 0 where it is not.
    #[diesel(sql_type = BigInt)]
    pub gift_month: i64,
    /// What it brings.
    #[diesel(embed)]
    pub shape: FactShape,
    /// Who gives.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// `supporter`, `spot` or `campaign`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The order number; empty for an imported pledge without one.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// To which fund.
    #[diesel(sql_type = Nullable<Text>)]
    pub fund: Option<String>,
    /// To which campaign.
    #[diesel(sql_type = Nullable<Text>)]
    pub campaign: Option<String>,
}

/// How many pledges and gifts of each shape there are between the month before `due.month`
/// (`last_month`, as 202507; none before the first month there is) and `due.month`.
pub fn count(
    connection: &mut DbConnection,
    due: DueMonth,
    last_month: Option<i32>,
) -> Result<Vec<FactCount>, StoreError> {
    let text = format!(
        "SELECT source, last, billed, due, was_before, absence, COUNT(*) AS count
         FROM ({}) facts
         GROUP BY source, last, billed, due, was_before, absence
         ORDER BY source, last, billed, due, was_before, absence",
        facts_sql(due, last_month)
    );
    Ok(sql_query(text).load(connection)?)
}

/// The pledges and gifts of the given shapes, pledges first, each by its number, then what is tried
/// again, after (`source`, `id`, `gift_month`).
pub fn page(
    connection: &mut DbConnection,
    due: DueMonth,
    last_month: Option<i32>,
    shapes: &[FactShape],
    after: (i64, i64, i64),
    rows: i64,
) -> Result<Vec<Fact>, StoreError> {
    if shapes.is_empty() {
        return Ok(Vec::new());
    }
    let shapes: Vec<String> = shapes
        .iter()
        .map(|s| {
            format!(
                "({}, {}, {}, {}, {}, {})",
                s.source, s.last, s.billed, s.due, s.was_before, s.absence
            )
        })
        .collect();
    let text = format!(
        "SELECT id, gift_month, source, last, billed, due, was_before, absence, member_number, kind,
           order_number, fund, campaign
         FROM ({}) facts
         WHERE (source, last, billed, due, was_before, absence) IN (VALUES {})
           AND (source, id, gift_month) > ({}, {}, {})
         ORDER BY source, id, gift_month LIMIT {rows}",
        facts_sql(due, last_month),
        shapes.join(", "),
        after.0,
        after.1,
        after.2,
    );
    Ok(sql_query(text).load(connection)?)
}

/// One row for each pledge and gift that last month charged, that this month has billed, or that
/// is due; and one for each of them that was or is tried again.
fn facts_sql(due: DueMonth, last_month: Option<i32>) -> String {
    let DueMonth {
        coop_id,
        month,
        first_day,
    } = due;
    let last_month = last_month.unwrap_or(0);
    let batches = |month: i32| {
        format!(
            "SELECT id FROM batches WHERE coop_id = {coop_id} AND month = {month} AND state = 'closed'"
        )
    };
    format!(
        "SELECT COALESCE(f.donation_id, f.pledge_id) AS id,
           CAST(CASE WHEN f.donation_id IS NULL THEN {PLEDGE} ELSE {GIFT} END
             + CASE WHEN f.gift_month = 0 THEN 0 ELSE {CARRIED_PLEDGE} END AS BIGINT) AS source,
           CAST(f.gift_month AS BIGINT) AS gift_month,
           f.last AS last, f.billed AS billed, f.due AS due,
           CAST(CASE WHEN f.donation_id IS NULL AND f.gift_month = 0 AND f.last = 0 AND EXISTS (
               SELECT 1 FROM charges c
               WHERE c.pledge_id = f.pledge_id AND c.month < {month} AND c.void_mark = 0)
             THEN 1 ELSE 0 END AS BIGINT) AS was_before,
           CAST(CASE WHEN f.donation_id IS NOT NULL OR f.gift_month > 0 OR f.due + f.billed > 0 THEN 0
             WHEN m.left_on < '{first_day}' THEN {WITHDRAWN}
             WHEN p.ends_from <= {month} THEN {ENDED} ELSE {PAUSED} END AS BIGINT) AS absence,
           m.number AS member_number, COALESCE(d.kind, 'supporter') AS kind,
           COALESCE(d.order_number, p.order_number, '') AS order_number,
           funds.code AS fund, campaigns.code AS campaign
         FROM (SELECT pledge_id, donation_id, gift_month, CAST(SUM(last) AS BIGINT) AS last,
               CAST(SUM(billed) AS BIGINT) AS billed, CAST(SUM(due) AS BIGINT) AS due
             FROM (SELECT pledge_id, donation_id,
                   CASE WHEN attempt > 1 THEN gift_month ELSE 0 END AS gift_month,
                   0 AS last, 0 AS billed, amount AS due
                 FROM ({due}) due
               UNION ALL
               SELECT pledge_id, donation_id, CASE WHEN attempt > 1 THEN month ELSE 0 END,
                   0, amount, 0 FROM charges
                 WHERE batch_id IN ({this_months})
               UNION ALL
               SELECT pledge_id, donation_id, CASE WHEN attempt > 1 THEN month ELSE 0 END,
                   amount, 0, 0 FROM charges
                 WHERE batch_id IN ({last_months})) moves
             GROUP BY pledge_id, donation_id, gift_month) f
         LEFT JOIN pledges p ON p.id = f.pledge_id
         LEFT JOIN donations d ON d.id = f.donation_id
         JOIN members m ON m.id = COALESCE(p.member_id, d.member_id)
         LEFT JOIN funds ON funds.id = COALESCE(p.fund_id, d.fund_id)
         LEFT JOIN campaigns ON campaigns.id = d.campaign_id",
        due = due_sql(due, None),
        this_months = batches(month),
        last_months = batches(last_month),
    )
}

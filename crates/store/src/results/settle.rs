//! What was classified becomes results of charges, and lines held.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Text};

use crate::{DbConnection, StoreError, on_backend};

/// A batch that results settle charges of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct NewSettling {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// Its month, as 202508.
    #[diesel(sql_type = Integer)]
    pub month: i32,
}

/// The batches that classified lines settle charges of, by number.
pub fn batches_settling(connection: &mut DbConnection) -> Result<Vec<NewSettling>, StoreError> {
    Ok(sql_query(
        "SELECT b.id AS batch_id, b.coop_id, b.month FROM batches b
         WHERE b.id IN (SELECT batch_id FROM classified_results
           WHERE fate = 'collected' OR fate = 'failed')
         ORDER BY b.id",
    )
    .load(connection)?)
}

/// Says in which month (as 202509) the failed charges of a batch are tried again, where they are;
/// none where there is no such month.
pub fn set_next_month(
    connection: &mut DbConnection,
    batch_id: i64,
    next_month: Option<i32>,
) -> Result<(), StoreError> {
    let next_month = next_month.map_or_else(|| "NULL".to_owned(), |month| month.to_string());
    let text = format!("INSERT INTO settling_batches VALUES ({batch_id}, {next_month})");
    on_backend!(connection, c => sql_query(&text).execute(c))?;
    Ok(())
}

/// What was collected of one batch for one receiver on one day, and how.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct CollectedGroup {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The fund; 0 where it is a campaign.
    #[diesel(sql_type = BigInt)]
    pub fund_id: i64,
    /// The campaign; 0 where it is a fund.
    #[diesel(sql_type = BigInt)]
    pub campaign_id: i64,
    /// The day of collection.
    #[diesel(sql_type = Date)]
    pub collected_on: NaiveDate,
    /// `supporter`, `spot` or `campaign`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many charges.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What the classified lines collect, by batch, fund, campaign, day and kind.
pub fn collected_groups(connection: &mut DbConnection) -> Result<Vec<CollectedGroup>, StoreError> {
    Ok(sql_query(
        "SELECT batch_id, coop_id, fund_id, campaign_id, collected_on, kind, COUNT(*) AS charges,
           CAST(SUM(amount) AS BIGINT) AS amount
         FROM classified_results WHERE fate = 'collected'
         GROUP BY batch_id, coop_id, fund_id, campaign_id, collected_on, kind
         ORDER BY batch_id, fund_id, campaign_id, collected_on, kind",
    )
    .load(connection)?)
}

/// Says which journal entry holds what was collected of a batch for a receiver on a day.
pub fn set_entry(
    connection: &mut DbConnection,
    group: &CollectedGroup,
    entry_id: i64,
) -> Result<(), StoreError> {
    let text = format!(
        "INSERT INTO settling_entries VALUES ({}, {}, {}, '{}', {entry_id})",
        group.batch_id, group.fund_id, group.campaign_id, group.collected_on
    );
    on_backend!(connection, c => sql_query(&text).execute(c))?;
    Ok(())
}

/// Records the results of the charges that classified lines settle. A charge that has one violates
/// `settlements_once` (R13). A failed charge whose offering carries it forward, and that has been
/// tried less often than the offering allows, gets the month of its next try.
pub fn insert_settlements(
    connection: &mut DbConnection,
    result_file_id: i64,
) -> Result<(), StoreError> {
    let text = format!(
        "INSERT INTO settlements (batch_id, rank, result_file_id, line_no, result_code,
           collected_on, amount, carry_month, entry_id, correction_mark)
         SELECT k.batch_id, k.rank, {result_file_id}, k.line_no, k.result_code, k.collected_on,
           k.amount,
           CASE WHEN k.fate = 'failed' AND o.on_failure = 'carry_forward'
             AND k.attempt < o.failures_max THEN n.next_month END,
           e.entry_id, 0
         FROM classified_results k
         JOIN settling_batches n ON n.batch_id = k.batch_id
         LEFT JOIN pledges p ON p.id = k.pledge_id AND k.fate = 'failed'
         LEFT JOIN donations d ON d.id = k.donation_id AND k.fate = 'failed'
         LEFT JOIN applications a ON a.id = d.application_id
         LEFT JOIN offerings o ON o.id = COALESCE(p.offering_id, a.offering_id)
         LEFT JOIN settling_entries e ON e.batch_id = k.batch_id AND e.fund_id = k.fund_id
           AND e.campaign_id = k.campaign_id AND e.collected_on = k.collected_on
           AND k.fate = 'collected'
         WHERE k.fate = 'collected' OR k.fate = 'failed'
         ORDER BY k.batch_id, k.rank"
    );
    on_backend!(connection, c => sql_query(&text).execute(c))?;
    Ok(())
}

/// Records the lines that a person has to decide about.
pub fn insert_held(connection: &mut DbConnection, result_file_id: i64) -> Result<(), StoreError> {
    let text = format!(
        "INSERT INTO held_results (result_file_id, line_no, reason, coop_id, charge_key, coop_code,
           member_number, month, order_number, result_code, collected_on, amount, batch_id, rank,
           state)
         SELECT {result_file_id}, s.line_no, k.reason,
           COALESCE(k.coop_id, s.coop_id, (SELECT id FROM cooperatives WHERE id = s.key_coop_id)),
           s.charge_key, s.coop_code, s.member_number, s.month, s.order_number, s.result_code,
           s.collected_on, s.amount, k.batch_id, k.rank, 'open'
         FROM classified_results k JOIN staged_results s ON s.line_no = k.line_no
         WHERE k.fate = 'held' ORDER BY s.line_no"
    );
    on_backend!(connection, c => sql_query(&text).execute(c))?;
    Ok(())
}

/// A pledge that has failed as often in a row as its offering allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct FailedPledge {
    /// The pledge.
    #[diesel(sql_type = BigInt)]
    pub pledge_id: i64,
    /// Failures in a row.
    #[diesel(sql_type = BigInt)]
    pub failures: i64,
    /// The first month without it, as 202510.
    #[diesel(sql_type = Integer)]
    pub end_month: i32,
}

/// The pledges that end for the failures among the classified lines, their results recorded: those
/// of an offering that ends them, still open, with so many failed months since the last collected
/// one.
pub fn pledges_to_end(connection: &mut DbConnection) -> Result<Vec<FailedPledge>, StoreError> {
    let text = format!(
        "SELECT f.pledge_id, f.failures, f.end_month
         FROM (
           SELECT k.pledge_id, k.end_month, k.failures_max,
             {} AS failures
           FROM (
             SELECT r.pledge_id, MAX(n.next_month) AS end_month,
               MAX(o.failures_max) AS failures_max
             FROM classified_results r
             JOIN settling_batches n ON n.batch_id = r.batch_id
             JOIN pledges p ON p.id = r.pledge_id
             JOIN offerings o ON o.id = p.offering_id
             WHERE r.fate = 'failed' AND o.on_failure = 'end_pledge'
               AND n.next_month IS NOT NULL
               AND (p.ends_from IS NULL OR p.ends_from > n.next_month)
             GROUP BY r.pledge_id) k) f
         WHERE f.failures >= f.failures_max
         ORDER BY f.pledge_id",
        failures_sql("k.pledge_id")
    );
    Ok(sql_query(text).load(connection)?)
}

/// Failures of a pledge in a row: failed months since the last collected one, in SQL.
fn failures_sql(pledge: &str) -> String {
    format!(
        "(SELECT COUNT(*) FROM charges c
          JOIN settlements s ON s.batch_id = c.batch_id AND s.rank = c.rank
          WHERE c.pledge_id = {pledge} AND c.void_mark = 0 AND s.correction_mark = 0
            AND s.result_code <> '0'
            AND c.month > COALESCE((SELECT MAX(g.month) FROM charges g
              JOIN settlements t ON t.batch_id = g.batch_id AND t.rank = g.rank
              WHERE g.pledge_id = {pledge} AND g.void_mark = 0 AND t.correction_mark = 0
                AND t.result_code = '0'), 0))"
    )
}

/// Whether a pledge has failed as often in a row as its offering allows, by the results that stand.
pub fn has_failed_too_often(
    connection: &mut DbConnection,
    pledge_id: i64,
) -> Result<bool, StoreError> {
    let text = format!(
        "SELECT p.id AS pledge_id FROM pledges p JOIN offerings o ON o.id = p.offering_id
         WHERE p.id = {pledge_id} AND o.on_failure = 'end_pledge'
           AND {} >= o.failures_max",
        failures_sql("p.id")
    );
    let found: Vec<PledgeId> = sql_query(text).load(connection)?;
    Ok(!found.is_empty())
}

#[derive(QueryableByName)]
struct PledgeId {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "only whether there is one matters")]
    pledge_id: i64,
}

//! Which charge a result is of, and what becomes of the line (R13).

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Nullable, Text};

use crate::{DbConnection, StoreError};

/// How many lines have a fate, and yen of their charges.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct FateCount {
    /// `collected`, `failed`, `held` or `unchanged`.
    #[diesel(sql_type = Text)]
    pub fate: String,
    /// How many lines.
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
    /// Yen of their charges.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// Gives every staged line its charge and its fate: `collected` or `failed` where it settles an
/// outstanding charge, `unchanged` where the charge has this very result or the line is held
/// already, else `held` with the first reason that applies. Of several lines of one charge the
/// first in the file counts. What is dated after `today` cannot have come about.
pub fn classify(
    connection: &mut DbConnection,
    has_lines_without_key: bool,
    today: NaiveDate,
) -> Result<(), StoreError> {
    prepare(connection, "staged_results")?;
    connection.batch_execute(
        "INSERT INTO matched_results (line_no, candidates, batch_id, rank)
         SELECT s.line_no, CASE WHEN c.rank IS NULL THEN 0 ELSE 1 END, c.batch_id, c.rank
         FROM staged_results s
         LEFT JOIN batches b ON b.coop_id = s.key_coop_id AND b.month = s.key_month
           AND b.sequence = s.key_sequence
         LEFT JOIN charges c ON c.batch_id = b.id AND c.rank = s.key_rank
         WHERE s.charge_key IS NOT NULL",
    )?;
    if has_lines_without_key {
        match_without_key(connection)?;
    }
    prepare(connection, "matched_results")?;
    // A day is digits and hyphens: nothing in it needs escaping.
    connection.batch_execute(&CLASSIFY.replace("{today}", &today.to_string()))?;
    connection.batch_execute(HELD_ALREADY)?;
    prepare(connection, "classified_results")
}

/// Lines without a key, by member, month and order number: charges of batches that count, those
/// handed over before the others. CROSS JOIN keeps SQLite at going through the charges of the batches
/// concerned once.
fn match_without_key(connection: &mut DbConnection) -> Result<(), StoreError> {
    connection.batch_execute(
        "CREATE INDEX staged_results_by_name
         ON staged_results (member_number, coop_id, month, order_number)",
    )?;
    connection.batch_execute(
        "INSERT INTO matched_results (line_no, candidates, batch_id, rank)
         SELECT s.line_no, COALESCE(NULLIF(SUM(b.handed_over), 0), COUNT(*)),
           COALESCE(MIN(CASE b.handed_over WHEN 1 THEN c.batch_id END), MIN(c.batch_id)),
           COALESCE(MIN(CASE b.handed_over WHEN 1 THEN c.rank END), MIN(c.rank))
         FROM (SELECT DISTINCT coop_id, month FROM staged_results WHERE charge_key IS NULL) n
         CROSS JOIN (SELECT id, coop_id, month,
             CASE WHEN EXISTS (SELECT 1 FROM exports e WHERE e.batch_id = batches.id)
               THEN 1 ELSE 0 END AS handed_over
           FROM batches WHERE state = 'closed') b
         CROSS JOIN charges c
         CROSS JOIN staged_results s
         WHERE b.coop_id = n.coop_id AND b.month = n.month AND c.batch_id = b.id
           AND s.charge_key IS NULL AND s.member_number = c.member_number
           AND s.coop_id = b.coop_id AND s.month = b.month
           AND COALESCE(s.order_number, '') = c.order_number
         GROUP BY s.line_no",
    )?;
    connection.batch_execute(
        "INSERT INTO matched_results (line_no, candidates)
         SELECT s.line_no, 0 FROM staged_results s
         WHERE s.charge_key IS NULL
           AND NOT EXISTS (SELECT 1 FROM matched_results m WHERE m.line_no = s.line_no)",
    )?;
    Ok(())
}

/// `standing` and `first` are compared as a whole: code and day of collection.
const CLASSIFY: &str = "
    INSERT INTO classified_results (line_no, fate, reason, batch_id, rank, coop_id, pledge_id,
      donation_id, kind, fund_id, campaign_id, attempt, amount, result_code, collected_on)
    SELECT line_no,
      CASE WHEN reason IS NOT NULL THEN 'held'
        WHEN standing_code IS NOT NULL AND standing_code = result_code
          AND standing_on IS NOT DISTINCT FROM collected_on THEN 'unchanged'
        WHEN standing_code IS NOT NULL THEN 'held'
        WHEN place = 1 AND result_code = '0' THEN 'collected'
        WHEN place = 1 THEN 'failed'
        WHEN first_code = result_code AND first_on IS NOT DISTINCT FROM collected_on
          THEN 'unchanged'
        ELSE 'held' END,
      CASE WHEN reason IS NOT NULL THEN reason
        WHEN standing_code IS NOT NULL AND standing_code = result_code
          AND standing_on IS NOT DISTINCT FROM collected_on THEN NULL
        WHEN standing_code IS NOT NULL THEN 'contradicts'
        WHEN place = 1 OR (first_code = result_code
          AND first_on IS NOT DISTINCT FROM collected_on) THEN NULL
        ELSE 'contradicts' END,
      batch_id, rank, coop_id, pledge_id, donation_id, kind, fund_id, campaign_id, attempt,
      amount, result_code, collected_on
    FROM (
      SELECT looked.*,
        row_number() OVER same AS place,
        first_value(result_code) OVER same AS first_code,
        first_value(collected_on) OVER same AS first_on
      FROM (
        SELECT s.line_no, c.batch_id, c.rank, b.coop_id, c.pledge_id, c.donation_id, c.kind,
          COALESCE(p.fund_id, d.fund_id, 0) AS fund_id, COALESCE(d.campaign_id, 0) AS campaign_id,
          c.attempt, c.amount, s.result_code, s.collected_on,
          t.result_code AS standing_code, t.collected_on AS standing_on,
          CASE
            WHEN m.candidates > 1 THEN 'ambiguous'
            WHEN m.rank IS NULL AND s.charge_key IS NOT NULL AND s.coop_id <> s.key_coop_id
              THEN 'other_coop'
            WHEN m.rank IS NULL THEN 'unknown_charge'
            WHEN s.coop_id <> b.coop_id THEN 'other_coop'
            WHEN s.member_number <> c.member_number OR s.month <> b.month
              OR s.order_number <> c.order_number THEN 'key_disagrees'
            WHEN c.void_mark <> 0 THEN 'voided'
            WHEN NOT EXISTS (SELECT 1 FROM exports e WHERE e.batch_id = b.id) THEN 'not_exported'
            WHEN s.amount <> c.amount THEN 'amount_differs'
            WHEN s.collected_on > '{today}' THEN 'implausible_date'
            WHEN CAST(substr(CAST(s.collected_on AS TEXT), 1, 4) AS INTEGER) * 12
                + CAST(substr(CAST(s.collected_on AS TEXT), 6, 2) AS INTEGER)
                - (b.month / 100) * 12 - b.month % 100 NOT BETWEEN -1 AND 12
              THEN 'implausible_date'
          END AS reason
        FROM matched_results m
        JOIN staged_results s ON s.line_no = m.line_no
        LEFT JOIN batches b ON b.id = m.batch_id AND m.candidates = 1
        LEFT JOIN charges c ON c.batch_id = b.id AND c.rank = m.rank
        LEFT JOIN pledges p ON p.id = c.pledge_id
        LEFT JOIN donations d ON d.id = c.donation_id
        LEFT JOIN settlements t ON t.batch_id = c.batch_id AND t.rank = c.rank
          AND t.correction_mark = 0
      ) looked
      WINDOW same AS (PARTITION BY batch_id, rank,
        CASE WHEN reason IS NULL THEN 0 ELSE line_no END ORDER BY line_no)
    ) placed";

/// A line that is held already, word for word, is not held twice.
const HELD_ALREADY: &str = "
    UPDATE classified_results SET fate = 'unchanged', reason = NULL
    WHERE fate = 'held' AND line_no IN (
      SELECT k.line_no FROM classified_results k
      JOIN staged_results s ON s.line_no = k.line_no
      JOIN held_results h ON h.charge_key = s.charge_key
      WHERE k.fate = 'held' AND s.charge_key IS NOT NULL AND h.reason = k.reason
        AND h.result_code = s.result_code AND h.collected_on IS NOT DISTINCT FROM s.collected_on
        AND h.amount IS NOT DISTINCT FROM s.amount
        AND h.coop_code IS NOT DISTINCT FROM s.coop_code
        AND h.member_number IS NOT DISTINCT FROM s.member_number
        AND h.month IS NOT DISTINCT FROM s.month
        AND h.order_number IS NOT DISTINCT FROM s.order_number
      UNION ALL
      SELECT k.line_no FROM classified_results k
      JOIN staged_results s ON s.line_no = k.line_no
      JOIN held_results h ON h.member_number = s.member_number AND h.month = s.month
      WHERE k.fate = 'held' AND s.charge_key IS NULL AND h.charge_key IS NULL
        AND h.reason = k.reason AND h.result_code = s.result_code
        AND h.collected_on IS NOT DISTINCT FROM s.collected_on
        AND h.amount IS NOT DISTINCT FROM s.amount
        AND h.coop_code IS NOT DISTINCT FROM s.coop_code
        AND h.order_number IS NOT DISTINCT FROM s.order_number)";

/// A line that a person has decided to be the result of a charge.
#[derive(Debug, Clone, Copy)]
pub struct DecidedResult<'a> {
    /// The line in its file.
    pub line_no: i64,
    /// The charge's batch.
    pub batch_id: i64,
    /// The charge's place in it.
    pub rank: i64,
    /// The code of the result.
    pub result_code: &'a str,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
}

/// Gives a line that a person has decided about its fate, whatever it was held for.
pub fn classify_decided(
    connection: &mut DbConnection,
    decided: DecidedResult<'_>,
) -> Result<(), StoreError> {
    sql_query(
        "INSERT INTO classified_results (line_no, fate, batch_id, rank, coop_id, pledge_id,
           donation_id, kind, fund_id, campaign_id, attempt, amount, result_code, collected_on)
         SELECT CAST($1 AS BIGINT), CASE CAST($2 AS TEXT) WHEN '0' THEN 'collected' ELSE 'failed' END,
           c.batch_id, c.rank, b.coop_id, c.pledge_id, c.donation_id, c.kind,
           COALESCE(p.fund_id, d.fund_id, 0), COALESCE(d.campaign_id, 0), c.attempt, c.amount,
           CAST($3 AS TEXT), $4
         FROM charges c
         JOIN batches b ON b.id = c.batch_id
         LEFT JOIN pledges p ON p.id = c.pledge_id
         LEFT JOIN donations d ON d.id = c.donation_id
         WHERE c.batch_id = $5 AND c.rank = $6",
    )
    .bind::<BigInt, _>(decided.line_no)
    .bind::<Text, _>(decided.result_code)
    .bind::<Text, _>(decided.result_code)
    .bind::<Nullable<Date>, _>(decided.collected_on)
    .bind::<BigInt, _>(decided.batch_id)
    .bind::<BigInt, _>(decided.rank)
    .execute(connection)?;
    Ok(())
}

/// How many lines have which fate.
pub fn count_fates(connection: &mut DbConnection) -> Result<Vec<FateCount>, StoreError> {
    Ok(sql_query(
        "SELECT fate, COUNT(*) AS lines, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount
         FROM classified_results GROUP BY fate ORDER BY fate",
    )
    .load(connection)?)
}

#[derive(QueryableByName)]
struct ReasonCount {
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = BigInt)]
    lines: i64,
}

/// How many lines are held for which reason.
pub fn count_held_reasons(connection: &mut DbConnection) -> Result<Vec<(String, i64)>, StoreError> {
    let counts: Vec<ReasonCount> = sql_query(
        "SELECT reason, COUNT(*) AS lines FROM classified_results WHERE fate = 'held'
         GROUP BY reason ORDER BY reason",
    )
    .load(connection)?;
    Ok(counts.into_iter().map(|c| (c.reason, c.lines)).collect())
}

/// A charge that a held result may be of.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Candidate {
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its month, as 202508.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub month: i32,
    /// Its sequence.
    #[diesel(sql_type = diesel::sql_types::Integer)]
    pub sequence: i32,
    /// The place in the file.
    #[diesel(sql_type = BigInt)]
    pub rank: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The code of its standing result, where it has one.
    #[diesel(sql_type = Nullable<Text>)]
    pub result_code: Option<String>,
}

/// The charges of batches that count that fit member, month (as 202508) and order number, at most
/// twenty.
pub fn candidates_of(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
    member_number: &str,
    order_number: &str,
) -> Result<Vec<Candidate>, StoreError> {
    Ok(sql_query(
        "SELECT b.coop_id, b.id AS batch_id, b.month, b.sequence, c.rank, c.amount, t.result_code
         FROM batches b
         JOIN charges c ON c.batch_id = b.id
         LEFT JOIN settlements t ON t.batch_id = c.batch_id AND t.rank = c.rank
           AND t.correction_mark = 0
         WHERE b.coop_id = $1 AND b.month = $2 AND b.state = 'closed'
           AND c.member_number = $3 AND c.order_number = $4
         ORDER BY c.batch_id, c.rank LIMIT 20",
    )
    .bind::<BigInt, _>(coop_id)
    .bind::<diesel::sql_types::Integer, _>(month)
    .bind::<Text, _>(member_number)
    .bind::<Text, _>(order_number)
    .load(connection)?)
}

/// Tells PostgreSQL how many rows a temporary table has; it does not look by itself.
fn prepare(connection: &mut DbConnection, table: &str) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        c.batch_execute(&format!("SET LOCAL work_mem TO '96MB'; ANALYZE {table}"))?;
    }
    Ok(())
}

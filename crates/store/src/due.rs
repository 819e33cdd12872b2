//! What would be charged for a co-op and month: the one definition behind preview, bridge, close
//! and "why this amount?" (R9, R12).
//!
//! Due are the pledges with units in the month, the live gifts of the month, and the charges that
//! could not be collected and are tried again in the month (R13), as far as no live charge covers
//! them, of members who have not left before the month (R8). The numbers in the text
//! are integers and a date made here, so nothing in it needs escaping.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable};

use crate::{Backend, DbConnection, StoreError, on_backend};

/// Memory that PostgreSQL may sort in.
const SORT_MEMORY: &str = "128MB";

/// Whose charges, of which month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueMonth {
    /// The co-op.
    pub coop_id: i64,
    /// The month, as 202508.
    pub month: i32,
    /// Its first day: who left before it is not charged.
    pub first_day: NaiveDate,
}

/// Count and sums of charges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct DueSums {
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub charges: i64,
    /// Units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// What is due of one co-op and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct DueOfMonth {
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The month, as 202508.
    #[diesel(sql_type = Integer)]
    pub due_month: i32,
    /// Count and sums.
    #[diesel(embed)]
    pub sums: DueSums,
}

/// The charges due of some pledges and gifts only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Only<'a> {
    pub(crate) pledges: &'a [i64],
    pub(crate) donations: &'a [i64],
}

/// Where the text finds whose charges it is about: in numbers written out, or in the rows of `cells`.
struct Place {
    /// Columns before the others.
    columns: &'static str,
    /// What is joined before the gifts.
    before: &'static str,
    /// What is joined before the pledges, where only some are asked about.
    pledges: Option<&'static str>,
    /// What is joined after the pledges.
    after: &'static str,
    coop_id: String,
    month: String,
    first_day: String,
}

impl Place {
    fn of(due: DueMonth) -> Self {
        Self {
            columns: "",
            before: "",
            pledges: None,
            after: "",
            coop_id: due.coop_id.to_string(),
            month: due.month.to_string(),
            first_day: format!("'{}'", due.first_day),
        }
    }

    fn in_cells(pledges: Option<&'static str>) -> Self {
        Self {
            columns: "cell.coop_id AS coop_id, cell.month AS due_month,",
            before: "cells cell CROSS JOIN",
            pledges,
            after: "CROSS JOIN cells cell",
            coop_id: "cell.coop_id".to_owned(),
            month: "cell.month".to_owned(),
            first_day: "cell.first_day".to_owned(),
        }
    }
}

/// The `SELECT` of what is due: `pledge_id, revision, donation_id, member_id, member_number,
/// order_number, kind, units, unit_price, amount, intake, gift_month, attempt, repeats_batch_id,
/// repeats_rank`, where `kind` is 1 for supporter, 2 for spot and 3 for campaign, `intake` the
/// application's id, and `gift_month` what the gift is for: an earlier month, where a charge that
/// could not be collected is tried again.
pub(crate) fn due_sql(due: DueMonth, only: Option<Only<'_>>) -> String {
    due_sql_in(&Place::of(due), only)
}

fn due_sql_in(place: &Place, only: Option<Only<'_>>) -> String {
    let Place {
        columns,
        before,
        pledges: of_pledges,
        after,
        coop_id,
        month,
        first_day,
    } = place;
    // SQLite joins CROSS JOINs in the order written: all terms front to back, or a few pledges.
    let (pledges, donations) = match only {
        None if of_pledges.is_some() => (
            format!(
                "{} gap CROSS JOIN pledges p CROSS JOIN pledge_terms t CROSS JOIN members m {after} \
                 WHERE p.id = gap.pledge_id AND t.pledge_id = p.id",
                of_pledges.unwrap_or_default()
            ),
            String::new(),
        ),
        None => (
            format!(
                "pledge_terms t CROSS JOIN pledges p CROSS JOIN members m {after} \
                 WHERE p.id = t.pledge_id"
            ),
            String::new(),
        ),
        Some(only) => (
            format!(
                "pledges p CROSS JOIN pledge_terms t CROSS JOIN members m {after} \
                 WHERE t.pledge_id = p.id AND p.id IN ({})",
                id_list(only.pledges)
            ),
            format!("AND d.id IN ({})", id_list(only.donations)),
        ),
    };
    let carried = carried_sql(place, only);
    format!(
        "SELECT {columns} p.id AS pledge_id, t.revision AS revision, NULL AS donation_id,
           m.id AS member_id,
           m.number AS member_number, COALESCE(p.order_number, '') AS order_number, 1 AS kind,
           t.units AS units, t.unit_price AS unit_price, t.units * t.unit_price AS amount,
           COALESCE(p.application_id, 0) AS intake, {month} AS gift_month, 1 AS attempt,
           CAST(NULL AS BIGINT) AS repeats_batch_id, CAST(NULL AS BIGINT) AS repeats_rank
         FROM {pledges} AND m.id = p.member_id
           AND p.coop_id = {coop_id} AND t.units > 0 AND t.from_month <= {month}
           AND NOT EXISTS (SELECT 1 FROM pledge_terms later
             WHERE later.pledge_id = t.pledge_id AND later.from_month <= {month}
               AND (later.revision, later.from_month) > (t.revision, t.from_month))
           AND (m.left_on IS NULL OR m.left_on >= {first_day})
           AND NOT EXISTS (SELECT 1 FROM charges c
             WHERE c.pledge_id = p.id AND c.month = {month} AND c.attempt = 1 AND c.void_mark = 0)
         UNION ALL
         SELECT {columns} NULL, NULL, d.id, m.id, m.number, d.order_number,
           CASE d.kind WHEN 'spot' THEN 2 ELSE 3 END,
           d.units, d.unit_price, d.units * d.unit_price, d.application_id, {month}, 1, NULL, NULL
         FROM {before} donations d CROSS JOIN members m
         WHERE m.id = d.member_id {donations}
           AND d.coop_id = {coop_id} AND d.collection_month = {month} AND d.state = 'live'
           AND (m.left_on IS NULL OR m.left_on >= {first_day})
           AND NOT EXISTS (SELECT 1 FROM charges c
             WHERE c.donation_id = d.id AND c.attempt = 1 AND c.void_mark = 0)
         UNION ALL {carried}"
    )
}

/// What could not be collected and is tried again in the month: as it was charged before, one try
/// on. The member may have a later try already, where this month's batch is closed.
fn carried_sql(place: &Place, only: Option<Only<'_>>) -> String {
    let Place {
        columns,
        before,
        coop_id,
        month,
        first_day,
        ..
    } = place;
    let of_sources = match only {
        None => String::new(),
        Some(only) => format!(
            "AND (c.pledge_id IN ({}) OR c.donation_id IN ({}))",
            id_list(only.pledges),
            id_list(only.donations)
        ),
    };
    format!(
        "SELECT {columns} c.pledge_id, c.revision, c.donation_id, m.id, m.number, c.order_number,
           CASE c.kind WHEN 'supporter' THEN 1 WHEN 'spot' THEN 2 ELSE 3 END,
           c.units, c.unit_price, c.amount, COALESCE(p.application_id, d.application_id, 0),
           c.month, c.attempt + 1, c.batch_id, c.rank
         FROM {before} settlements s
         CROSS JOIN batches b
         CROSS JOIN charges c
         CROSS JOIN members m
         LEFT JOIN pledges p ON p.id = c.pledge_id
         LEFT JOIN donations d ON d.id = c.donation_id
         WHERE s.carry_month = {month} AND s.correction_mark = 0
           AND b.id = s.batch_id AND b.coop_id = {coop_id}
           AND c.batch_id = s.batch_id AND c.rank = s.rank AND m.id = c.member_id {of_sources}
           AND (m.left_on IS NULL OR m.left_on >= {first_day})
           AND NOT EXISTS (SELECT 1 FROM charges again
             WHERE again.pledge_id = c.pledge_id AND again.month = c.month
               AND again.attempt = c.attempt + 1 AND again.void_mark = 0)
           AND NOT EXISTS (SELECT 1 FROM charges again
             WHERE again.donation_id = c.donation_id
               AND again.attempt = c.attempt + 1 AND again.void_mark = 0)"
    )
}

fn id_list(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    if ids.is_empty() {
        "NULL".to_owned()
    } else {
        ids.join(", ")
    }
}

/// Count and sums of what is due of some months of some co-ops, without charging it: in one look over
/// everything. Months of which nothing is due are left out.
pub fn sums_of_months(
    connection: &mut DbConnection,
    months: &[DueMonth],
) -> Result<Vec<DueOfMonth>, StoreError> {
    sums_in_cells(connection, months, "", None)
}

/// The same of months that are closed, of each co-op one after the other without a gap: quicker, because
/// nobody is looked at again whose every month between their first and their end is charged.
pub fn sums_of_closed_months(
    connection: &mut DbConnection,
    months: &[DueMonth],
) -> Result<Vec<DueOfMonth>, StoreError> {
    // From the first month of a pledge among these to the month after its last, as 202508: as many charges
    // as there are months between say that nothing is missing.
    const NOT_WHOLLY_CHARGED: &str = ", spans AS (
        SELECT coop_id, MIN(month) AS first, MAX(month) AS last FROM cells GROUP BY coop_id),
      bounds AS MATERIALIZED (
        SELECT p.id AS pledge_id, s.first AS first, s.last AS last, p.ends_from AS ends_from,
          (SELECT MIN(t.from_month) FROM pledge_terms t WHERE t.pledge_id = p.id) AS begins
        FROM pledges p JOIN spans s ON s.coop_id = p.coop_id
        WHERE p.ends_from IS NULL OR p.ends_from > s.first),
      cut AS MATERIALIZED (
        SELECT pledge_id, CASE WHEN begins > first THEN begins ELSE first END AS first,
          CASE WHEN ends_from <= last THEN ends_from
            WHEN last % 100 = 12 THEN last + 89 ELSE last + 1 END AS after_last
        FROM bounds),
      gaps AS MATERIALIZED (
        SELECT pledge_id FROM cut
        WHERE (after_last / 100 - first / 100) * 12 + after_last % 100 - first % 100
          > (SELECT COUNT(*) FROM charges c
             WHERE c.pledge_id = cut.pledge_id AND c.month >= cut.first AND c.month < cut.after_last
               AND c.attempt = 1 AND c.void_mark = 0))";
    sums_in_cells(connection, months, NOT_WHOLLY_CHARGED, Some("gaps"))
}

fn sums_in_cells(
    connection: &mut DbConnection,
    months: &[DueMonth],
    with: &str,
    pledges: Option<&'static str>,
) -> Result<Vec<DueOfMonth>, StoreError> {
    if months.is_empty() {
        return Ok(Vec::new());
    }
    let is_postgres = connection.backend() == Backend::Postgres;
    let rows: Vec<String> = months
        .iter()
        .map(|due| {
            let day = if is_postgres { "DATE " } else { "" };
            let (coop_id, month, first_day) = (due.coop_id, due.month, due.first_day);
            format!("({coop_id}, {month}, {day}'{first_day}')")
        })
        .collect();
    let text = format!(
        "WITH cells (coop_id, month, first_day) AS (VALUES {}){with}
         SELECT CAST(coop_id AS BIGINT) AS coop_id, CAST(due_month AS INTEGER) AS due_month,
           COUNT(*) AS charges, CAST(SUM(units) AS BIGINT) AS units,
           CAST(SUM(amount) AS BIGINT) AS amount
         FROM ({}) due GROUP BY coop_id, due_month ORDER BY coop_id, due_month",
        rows.join(", "),
        due_sql_in(&Place::in_cells(pledges), None)
    );
    if is_postgres {
        // Compiling the text takes longer than answering it.
        run(connection, "SET LOCAL jit = off")?;
    }
    Ok(sql_query(text).load(connection)?)
}

/// What is due of a few pledges and gifts: each with its amount.
pub fn of_sources(
    connection: &mut DbConnection,
    due: DueMonth,
    pledges: &[i64],
    donations: &[i64],
) -> Result<Vec<DueCharge>, StoreError> {
    let only = Only { pledges, donations };
    let text = format!(
        "SELECT pledge_id, donation_id, order_number, CAST(kind AS BIGINT) AS kind, units,
           unit_price, amount, CAST(gift_month AS INTEGER) AS gift_month,
           CAST(attempt AS INTEGER) AS attempt, repeats_batch_id, repeats_rank
         FROM ({}) due ORDER BY kind, order_number, intake, pledge_id, gift_month",
        due_sql(due, Some(only))
    );
    Ok(sql_query(text).load(connection)?)
}

/// One charge that would be made.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct DueCharge {
    /// The pledge, where it is one.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub pledge_id: Option<i64>,
    /// The gift, where it is one.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub donation_id: Option<i64>,
    /// Its order number; empty for an imported pledge without one.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub order_number: String,
    /// 1 supporter, 2 spot, 3 campaign.
    #[diesel(sql_type = BigInt)]
    pub kind: i64,
    /// Units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen a unit.
    #[diesel(sql_type = BigInt)]
    pub unit_price: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The month the gift is for, as 202508: an earlier one where it is tried again.
    #[diesel(sql_type = Integer)]
    pub gift_month: i32,
    /// Which try, from 1.
    #[diesel(sql_type = Integer)]
    pub attempt: i32,
    /// The batch of the charge it repeats.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub repeats_batch_id: Option<i64>,
    /// The place there of the charge it repeats.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub repeats_rank: Option<i64>,
}

/// Puts what is due into a temporary table in the order of the collection file, each with its
/// rank, and its totals into another; gives count and sums. Follow with [`freeze`], or give the transaction up.
///
/// The order is that of §6: member number bytewise, kind, order number, order of intake.
pub fn stage(connection: &mut DbConnection, due: DueMonth) -> Result<DueSums, StoreError> {
    const ORDER: &str = "member_number, kind, order_number, intake, pledge_id, gift_month";
    let due = due_sql(due, None);
    match connection.backend() {
        // Rows get their rowid as they come out of the ORDER BY: half the price of row_number().
        Backend::Sqlite => {
            run(
                connection,
                "CREATE TEMPORARY TABLE due_charges (rank INTEGER PRIMARY KEY, pledge_id INTEGER,
                   revision INTEGER, donation_id INTEGER, member_id INTEGER NOT NULL,
                   member_number TEXT NOT NULL, order_number TEXT NOT NULL, kind INTEGER NOT NULL,
                   units INTEGER NOT NULL, unit_price INTEGER NOT NULL, amount INTEGER NOT NULL,
                   intake INTEGER, gift_month INTEGER NOT NULL, attempt INTEGER NOT NULL,
                   repeats_batch_id INTEGER, repeats_rank INTEGER) STRICT",
            )?;
            run(
                connection,
                &format!(
                    "INSERT INTO due_charges (pledge_id, revision, donation_id, member_id,
                       member_number, order_number, kind, units, unit_price, amount, intake,
                       gift_month, attempt, repeats_batch_id, repeats_rank)
                     {due} ORDER BY {ORDER}"
                ),
            )?;
        }
        // CREATE TABLE AS is what PostgreSQL reads for with several processes at once.
        Backend::Postgres => {
            let memory = format!("SET LOCAL work_mem = '{SORT_MEMORY}'");
            run(connection, &memory)?;
            run(connection, "SET LOCAL jit = off")?;
            run(connection, "SET LOCAL max_parallel_workers_per_gather = 4")?;
            run(
                connection,
                &format!(
                    "CREATE TEMPORARY TABLE due_charges AS
                     SELECT row_number() OVER (ORDER BY {ORDER}) AS rank, due.* FROM ({due}) due"
                ),
            )?;
        }
    }
    // Counted once: the batch and its totals per order number are both taken from here.
    run(
        connection,
        "CREATE TEMPORARY TABLE due_totals AS
         SELECT kind, order_number, COUNT(*) AS charges, CAST(SUM(units) AS BIGINT) AS units,
           CAST(SUM(amount) AS BIGINT) AS amount
         FROM due_charges GROUP BY kind, order_number",
    )?;
    Ok(sql_query(
        "SELECT CAST(COALESCE(SUM(charges), 0) AS BIGINT) AS charges,
           CAST(COALESCE(SUM(units), 0) AS BIGINT) AS units,
           CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount
         FROM due_totals",
    )
    .get_result(connection)?)
}

/// Makes what was staged the charges of a batch, and its totals per order number. A charge that
/// is there already violates `charges_once_per_pledge` or `charges_once_per_donation` (R9).
pub fn freeze(connection: &mut DbConnection, batch_id: i64) -> Result<(), StoreError> {
    const KIND: &str = "CASE kind WHEN 1 THEN 'supporter' WHEN 2 THEN 'spot' ELSE 'campaign' END";
    run(
        connection,
        &format!(
            "INSERT INTO batch_totals (batch_id, kind, order_number, charges, units, amount)
             SELECT {batch_id}, {KIND}, order_number, charges, units, amount FROM due_totals"
        ),
    )?;
    // The staged rows are read in the order they were put there, which is that of their ranks; so
    // the charges' key is filled from one end.
    run(
        connection,
        &format!(
            "INSERT INTO charges (batch_id, rank, month, pledge_id, revision, donation_id, attempt,
               repeats_batch_id, repeats_rank, member_id, member_number, order_number, kind, units,
               unit_price, amount, void_mark)
             SELECT {batch_id}, rank, gift_month, pledge_id, revision, donation_id, attempt,
               repeats_batch_id, repeats_rank, member_id, member_number, order_number, {KIND},
               units, unit_price, amount, 0
             FROM due_charges"
        ),
    )?;
    unstage(connection)
}

/// Drops the temporary tables of [`stage`] without charging anything.
pub fn unstage(connection: &mut DbConnection) -> Result<(), StoreError> {
    run(connection, "DROP TABLE due_totals")?;
    run(connection, "DROP TABLE due_charges")
}

fn run(connection: &mut DbConnection, text: &str) -> Result<(), StoreError> {
    on_backend!(connection, c => sql_query(text).execute(c))?;
    Ok(())
}

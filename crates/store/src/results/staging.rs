//! Staging: a file of results, put where the database can work on it as a whole.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::{DbConnection, StoreError};

/// Rows a single statement puts into SQLite; times the columns it stays below 32,766 parameters.
const SQLITE_ROWS_MAX: usize = 1_000;

diesel::table! {
    staged_results (line_no) {
        line_no -> BigInt,
        charge_key -> Nullable<Text>,
        key_coop_id -> Nullable<BigInt>,
        key_month -> Nullable<Integer>,
        key_sequence -> Nullable<Integer>,
        key_rank -> Nullable<BigInt>,
        coop_id -> Nullable<BigInt>,
        coop_code -> Nullable<Text>,
        member_number -> Nullable<Text>,
        month -> Nullable<Integer>,
        order_number -> Nullable<Text>,
        result_code -> Text,
        collected_on -> Nullable<Date>,
        amount -> Nullable<BigInt>,
    }
}

/// One line of a file of results.
#[derive(Debug, Clone, Default, Insertable)]
#[diesel(table_name = staged_results, treat_none_as_default_value = false)]
pub struct StagedResult {
    /// Its line.
    pub line_no: i64,
    /// The charge's key, as written.
    pub charge_key: Option<String>,
    /// The key's co-op.
    pub key_coop_id: Option<i64>,
    /// The key's month, as 202508.
    pub key_month: Option<i32>,
    /// The key's sequence.
    pub key_sequence: Option<i32>,
    /// The key's rank.
    pub key_rank: Option<i64>,
    /// The co-op that the line names, or that the file was said to be of.
    pub coop_id: Option<i64>,
    /// The code of the co-op that the line names.
    pub coop_code: Option<String>,
    /// The member's number; without a key it is there.
    pub member_number: Option<String>,
    /// The month of collection, as 202508; without a key it is there.
    pub month: Option<i32>,
    /// The order number; empty for a pledge taken over.
    pub order_number: Option<String>,
    /// The code of the result.
    pub result_code: String,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
    /// Yen, where given.
    pub amount: Option<i64>,
}

/// Makes the temporary tables, empty. They go with [`drop_tables`] or with the transaction.
pub fn create_tables(connection: &mut DbConnection) -> Result<(), StoreError> {
    const STAGED: &str = "line_no {int} PRIMARY KEY, charge_key {text}, key_coop_id {int},
        key_month INTEGER, key_sequence INTEGER, key_rank {int}, coop_id {int}, coop_code {text},
        member_number {text}, month INTEGER, order_number {text}, result_code {text} NOT NULL,
        collected_on {date}, amount {int}";
    const MATCHED: &str = "line_no {int} PRIMARY KEY, candidates {int} NOT NULL, batch_id {int},
        rank {int}";
    const CLASSIFIED: &str = "line_no {int} NOT NULL, fate {text} NOT NULL, reason {text},
        batch_id {int}, rank {int}, coop_id {int}, pledge_id {int}, donation_id {int}, kind {text},
        fund_id {int}, campaign_id {int}, attempt INTEGER, amount {int}, result_code {text} NOT NULL,
        collected_on {date}";
    const BATCHES: &str = "batch_id {int} PRIMARY KEY, next_month INTEGER";
    const ENTRIES: &str = "batch_id {int} NOT NULL, fund_id {int} NOT NULL,
        campaign_id {int} NOT NULL, collected_on {date} NOT NULL, entry_id {int} NOT NULL,
        PRIMARY KEY (batch_id, fund_id, campaign_id, collected_on)";
    let tables = [
        ("staged_results", STAGED),
        ("matched_results", MATCHED),
        ("classified_results", CLASSIFIED),
        ("settling_batches", BATCHES),
        ("settling_entries", ENTRIES),
    ];
    for (name, columns) in tables {
        let (int, text, date, end) = match connection {
            DbConnection::Sqlite(_) => ("INTEGER", "TEXT", "TEXT", ""),
            DbConnection::Postgres(_) => ("BIGINT", "TEXT COLLATE \"C\"", "DATE", "ON COMMIT DROP"),
        };
        let columns = columns
            .replace("{int}", int)
            .replace("{text}", text)
            .replace("{date}", date);
        connection.batch_execute(&format!("CREATE TEMP TABLE {name} ({columns}) {end}"))?;
    }
    Ok(())
}

/// Takes the tables away.
pub fn drop_tables(connection: &mut DbConnection) -> Result<(), StoreError> {
    connection.batch_execute(
        "DROP TABLE settling_entries; DROP TABLE settling_batches; DROP TABLE classified_results;
         DROP TABLE matched_results; DROP TABLE staged_results",
    )?;
    Ok(())
}

/// Puts lines into the table.
pub fn stage(connection: &mut DbConnection, rows: &[StagedResult]) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => {
            for chunk in rows.chunks(SQLITE_ROWS_MAX) {
                diesel::insert_into(staged_results::table)
                    .values(chunk)
                    .execute(c)?;
            }
        }
        DbConnection::Postgres(c) => {
            diesel::copy_from(staged_results::table)
                .from_insertable(rows)
                .execute(c)?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct CoopId {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The numbers of the co-ops that keys and lines name, ascending.
pub fn coops_named(connection: &mut DbConnection) -> Result<Vec<i64>, StoreError> {
    let named: Vec<CoopId> = sql_query(
        "SELECT DISTINCT key_coop_id AS id FROM staged_results WHERE key_coop_id IS NOT NULL
         UNION SELECT DISTINCT coop_id FROM staged_results WHERE coop_id IS NOT NULL
         ORDER BY id",
    )
    .load(connection)?;
    Ok(named.into_iter().map(|coop| coop.id).collect())
}

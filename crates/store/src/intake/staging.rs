//! Staging: what came in, put where the database can work on it as a whole.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::{DbConnection, StoreError};

diesel::table! {
    staged_looks (id) {
        id -> BigInt,
        coop_id -> BigInt,
        order_number -> Nullable<Text>,
        units -> Nullable<BigInt>,
        amount -> Nullable<BigInt>,
        received_on -> Date,
        channel -> Text,
        offering_id -> Nullable<BigInt>,
        fund_id -> Nullable<BigInt>,
        collection_month -> Nullable<Integer>,
        not_before -> Nullable<Integer>,
        member_until -> Date,
        self_id -> Nullable<BigInt>,
        reasons -> Integer,
    }
}

diesel::table! {
    staged_lines (line_no) {
        line_no -> BigInt,
        round -> Integer,
        look_id -> BigInt,
        member_number -> Text,
        note -> Nullable<Text>,
        line_id -> Nullable<Text>,
    }
}

/// What can be said of a line without knowing the member; lines that are alike share one.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staged_looks, treat_none_as_default_value = false)]
pub struct StagedLook<'a> {
    /// Its number among those staged.
    pub id: i64,
    /// The member's co-op.
    pub coop_id: i64,
    /// The order number, where there is one.
    pub order_number: Option<&'a str>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The way in.
    pub channel: &'a str,
    /// What is applied for.
    pub offering_id: Option<i64>,
    /// The fund, where a pledge is applied for; none for a one-time gift.
    pub fund_id: Option<i64>,
    /// The month of collection, as 202508.
    pub collection_month: Option<i32>,
    /// The first month it may be collected in, as 202508, where a person has moved it on.
    pub not_before: Option<i32>,
    /// A member who left before this day has withdrawn too early for it.
    pub member_until: NaiveDate,
    /// The application that is looked at afresh: it is no duplicate of itself.
    pub self_id: Option<i64>,
    /// The reasons that the line itself gives, bit n-1 for the n-th of R3.
    pub reasons: i32,
}

/// One line, with its look.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staged_lines, treat_none_as_default_value = false)]
pub struct StagedLine<'a> {
    /// Its line in the file or on the sheet.
    pub line_no: i64,
    /// When it is classified: 1, or later where an earlier line may decide about it.
    pub round: i32,
    /// Its look.
    pub look_id: i64,
    /// The member's number.
    pub member_number: &'a str,
    /// What else was written.
    pub note: Option<&'a str>,
    /// The sender's own name for the line.
    pub line_id: Option<&'a str>,
}

/// Makes the temporary tables, on a connection that is new.
pub(crate) fn create_tables(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => c.batch_execute(
            "CREATE TEMP TABLE staged_looks (
               id INTEGER PRIMARY KEY, coop_id INTEGER, order_number TEXT, units INTEGER, amount INTEGER,
               received_on TEXT, channel TEXT, offering_id INTEGER, fund_id INTEGER,
               collection_month INTEGER, not_before INTEGER, member_until TEXT, self_id INTEGER,
               reasons INTEGER);
             CREATE TEMP TABLE staged_lines (
               line_no INTEGER, round INTEGER, look_id INTEGER, member_number TEXT, note TEXT,
               line_id TEXT);",
        )?,
        DbConnection::Postgres(c) => c.batch_execute(
            r#"CREATE TEMP TABLE staged_looks (
               id BIGINT, coop_id BIGINT, order_number TEXT COLLATE "C", units BIGINT, amount BIGINT,
               received_on DATE, channel TEXT COLLATE "C", offering_id BIGINT, fund_id BIGINT,
               collection_month INTEGER, not_before INTEGER, member_until DATE, self_id BIGINT,
               reasons INTEGER);
             CREATE TEMP TABLE staged_lines (
               line_no BIGINT, round INTEGER, look_id BIGINT, member_number TEXT COLLATE "C",
               note TEXT COLLATE "C", line_id TEXT COLLATE "C");"#,
        )?,
    }
    Ok(())
}

/// Empties the temporary tables, which have few rows.
pub fn clear(connection: &mut DbConnection) -> Result<(), StoreError> {
    connection.batch_execute("DELETE FROM staged_looks; DELETE FROM staged_lines")?;
    Ok(())
}

/// Empties the temporary tables before and after a great many rows. PostgreSQL then has new ones
/// in place of those that hold what was deleted; whoever gives the transaction up has the old ones
/// again, as small as they were. For few rows it takes longer than all the rest of their way.
pub fn clear_many(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(_) => clear(connection),
        DbConnection::Postgres(c) => Ok(c.batch_execute("TRUNCATE staged_looks, staged_lines")?),
    }
}

/// Stages looks.
pub fn stage_looks(
    connection: &mut DbConnection,
    looks: &[StagedLook<'_>],
) -> Result<(), StoreError> {
    for look in looks {
        diesel::insert_into(staged_looks::table)
            .values(look)
            .execute(connection)?;
    }
    Ok(())
}

/// Stages lines, in the order in which they are to be written: one by one on SQLite, where a
/// prepared statement costs little, by `COPY` on PostgreSQL.
pub fn stage_lines<'a>(
    connection: &mut DbConnection,
    lines: impl ExactSizeIterator<Item = StagedLine<'a>>,
) -> Result<(), StoreError> {
    match connection {
        DbConnection::Postgres(c) if lines.len() > 1 => {
            let lines: Vec<StagedLine<'a>> = lines.collect();
            diesel::copy_from(staged_lines::table)
                .from_insertable(&lines)
                .execute(c)?;
        }
        DbConnection::Postgres(c) => {
            for line in lines {
                diesel::insert_into(staged_lines::table)
                    .values(&line)
                    .execute(c)?;
            }
        }
        DbConnection::Sqlite(c) => {
            for line in lines {
                diesel::insert_into(staged_lines::table)
                    .values(&line)
                    .execute(c)?;
            }
        }
    }
    Ok(())
}

/// Prepares for a great many staged lines: PostgreSQL plans for as many as there are, sorts them in
/// memory, and compiles no statement that runs once, until the transaction ends. SQLite needs no
/// telling.
pub fn prepare_for_many(connection: &mut DbConnection) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        c.batch_execute(
            "SET LOCAL jit TO off; SET LOCAL work_mem TO '256MB'; ANALYZE staged_looks; ANALYZE staged_lines",
        )?;
    }
    Ok(())
}

/// Lets PostgreSQL know what a great many lines have become, so that it plans a close that follows
/// at once for as many pledges and gifts as there are; it would look by itself only minutes later.
/// Where somebody else is looking just now, that will do.
pub fn count_what_many_became(connection: &mut DbConnection) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        c.batch_execute("ANALYZE (SKIP_LOCKED) pledges, pledge_terms, donations")?;
    }
    Ok(())
}

/// The co-ops whose members' lines are staged, by id.
pub fn staged_coops(connection: &mut DbConnection) -> Result<Vec<i64>, StoreError> {
    Ok(staged_looks::table
        .select(staged_looks::coop_id)
        .distinct()
        .order(staged_looks::coop_id)
        .load(connection)?)
}

//! `staged_pledges`: a file of supporters of old on its way in, a temporary table of one
//! transaction. See [`staged_members`](super::staged_members) for why.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::SimpleConnection;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp};

use crate::schema::{pledges, staged_pledges};
use crate::{DbConnection, StoreError};

/// Rows a single statement puts into SQLite; times the columns it stays below 32,766 parameters.
const SQLITE_ROWS_MAX: usize = 1_000;

/// One row of the file.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staged_pledges, treat_none_as_default_value = false)]
pub struct StagedPledge {
    /// Its line.
    pub line: i64,
    /// The co-op.
    pub coop_id: i64,
    /// The member's number there.
    pub number: String,
    /// The fund.
    pub fund_id: i64,
    /// Units a month.
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// The first month, as 202508.
    pub from_month: i32,
    /// The order number it was applied for with.
    pub order_number: Option<String>,
}

/// Makes the table, empty. It goes with [`drop_table`] or with the transaction.
pub fn create_table(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => c.batch_execute(
            "CREATE TEMP TABLE staged_pledges (
               line INTEGER PRIMARY KEY, coop_id INTEGER NOT NULL, number TEXT NOT NULL,
               fund_id INTEGER NOT NULL, units INTEGER NOT NULL, unit_price INTEGER NOT NULL,
               from_month INTEGER NOT NULL, order_number TEXT, member_id INTEGER,
               is_known INTEGER NOT NULL DEFAULT 0) STRICT",
        )?,
        DbConnection::Postgres(c) => c.batch_execute(
            "CREATE TEMP TABLE staged_pledges (
               line BIGINT PRIMARY KEY, coop_id BIGINT NOT NULL, number TEXT COLLATE \"C\" NOT NULL,
               fund_id BIGINT NOT NULL, units BIGINT NOT NULL, unit_price BIGINT NOT NULL,
               from_month INTEGER NOT NULL, order_number TEXT COLLATE \"C\", member_id BIGINT,
               is_known INTEGER NOT NULL DEFAULT 0) ON COMMIT DROP",
        )?,
    }
    Ok(())
}

/// Puts rows into the table.
pub fn insert(connection: &mut DbConnection, rows: &[StagedPledge]) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => {
            for chunk in rows.chunks(SQLITE_ROWS_MAX) {
                diesel::insert_into(staged_pledges::table)
                    .values(chunk)
                    .execute(c)?;
            }
        }
        DbConnection::Postgres(c) => {
            diesel::copy_from(staged_pledges::table)
                .from_insertable(rows)
                .execute(c)?;
        }
    }
    Ok(())
}

/// Tells each row its member and whether its very pledge is there already: opened for the same
/// month with the same units, unit price and order number, whatever became of it since. To be
/// called once every row is there.
pub fn match_rows(connection: &mut DbConnection) -> Result<(), StoreError> {
    analyze(connection)?;
    connection.batch_execute(
        "UPDATE staged_pledges SET member_id = m.id FROM members m
         WHERE m.coop_id = staged_pledges.coop_id AND m.number = staged_pledges.number;
         CREATE INDEX staged_pledges_key ON staged_pledges (member_id, fund_id, line)",
    )?;
    analyze(connection)?;
    // CROSS JOIN keeps SQLite at going through the pledges once and looking each up among the rows.
    connection.batch_execute(
        "UPDATE staged_pledges SET is_known = 1 WHERE line IN (
           SELECT s.line
           FROM pledges p
           CROSS JOIN staged_pledges s
           JOIN pledge_terms t
             ON t.pledge_id = p.id AND t.revision = 1 AND t.from_month = p.from_month
           WHERE s.member_id = p.member_id AND s.fund_id = p.fund_id
             AND s.from_month = p.from_month
             AND s.order_number IS NOT DISTINCT FROM p.order_number
             AND s.units = t.units AND s.unit_price = t.unit_price)",
    )?;
    Ok(())
}

/// Tells PostgreSQL how many rows there are; it does not look at temporary tables by itself.
fn analyze(connection: &mut DbConnection) -> Result<(), StoreError> {
    if let DbConnection::Postgres(c) = connection {
        c.batch_execute("ANALYZE staged_pledges")?;
    }
    Ok(())
}

/// Takes the table away.
pub fn drop_table(connection: &mut DbConnection) -> Result<(), StoreError> {
    connection.batch_execute("DROP TABLE staged_pledges")?;
    Ok(())
}

/// A row whose member and fund an earlier row names already.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct DoubledPledge {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The line of the earlier row.
    #[diesel(sql_type = BigInt)]
    pub first_line: i64,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub number: String,
}

/// The rows whose member and fund an earlier row names already, by line.
pub fn doubled(connection: &mut DbConnection) -> Result<Vec<DoubledPledge>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, f.first_line, s.number
         FROM (SELECT member_id, fund_id, MIN(line) AS first_line FROM staged_pledges
               WHERE member_id IS NOT NULL
               GROUP BY member_id, fund_id HAVING COUNT(*) > 1) f
         JOIN staged_pledges s
           ON s.member_id = f.member_id AND s.fund_id = f.fund_id AND s.line > f.first_line
         ORDER BY s.line",
    )
    .load(connection)?)
}

/// A row whose member nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct UnknownMember {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The number it gives.
    #[diesel(sql_type = Text)]
    pub number: String,
}

/// The rows whose member nobody knows, by line.
pub fn unknown_members(connection: &mut DbConnection) -> Result<Vec<UnknownMember>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, c.code AS coop, s.number
         FROM staged_pledges s JOIN cooperatives c ON c.id = s.coop_id
         WHERE s.member_id IS NULL ORDER BY s.line",
    )
    .load(connection)?)
}

/// A new row in whose way another pledge stands.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct PledgeInTheWay {
    /// The row's line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// The fund's code.
    #[diesel(sql_type = Text)]
    pub fund: String,
    /// The first month of the pledge that is there, as 202508.
    #[diesel(sql_type = Integer)]
    pub from_month: i32,
    /// Its units then.
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Its unit price then, in yen.
    #[diesel(sql_type = BigInt)]
    pub unit_price: i64,
}

/// The new rows whose member has another pledge for the fund that is open in the row's first
/// month or later (R8), by line.
pub fn pledges_in_the_way(
    connection: &mut DbConnection,
) -> Result<Vec<PledgeInTheWay>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, c.code AS coop, s.number, f.code AS fund, p.from_month, t.units,
                t.unit_price
         FROM pledges p
         CROSS JOIN staged_pledges s
         JOIN pledge_terms t
           ON t.pledge_id = p.id AND t.revision = 1 AND t.from_month = p.from_month
         JOIN cooperatives c ON c.id = s.coop_id
         JOIN funds f ON f.id = s.fund_id
         WHERE s.member_id = p.member_id AND s.fund_id = p.fund_id AND s.is_known = 0
           AND (p.ends_from IS NULL OR p.ends_from > s.from_month)
         ORDER BY s.line, p.id",
    )
    .load(connection)?)
}

/// A new row that would begin in a closed month.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct ClosedStart {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The month it would begin in, as 202508.
    #[diesel(sql_type = Integer)]
    pub from_month: i32,
    /// The co-op's last closed month, as 202508.
    #[diesel(sql_type = Integer)]
    pub last_closed: i32,
}

/// The new rows that would begin in a month closed for their co-op (R8), by line.
pub fn closed_starts(connection: &mut DbConnection) -> Result<Vec<ClosedStart>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, c.code AS coop, s.from_month, k.last_closed
         FROM staged_pledges s
         JOIN (SELECT coop_id, MAX(month) AS last_closed FROM month_closings
               WHERE reopened_at IS NULL GROUP BY coop_id) k ON k.coop_id = s.coop_id
         JOIN cooperatives c ON c.id = s.coop_id
         WHERE s.is_known = 0 AND s.from_month <= k.last_closed
         ORDER BY s.line",
    )
    .load(connection)?)
}

/// A new row whose member left.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct LeftMember {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// The month it would begin in, as 202508.
    #[diesel(sql_type = Integer)]
    pub from_month: i32,
    /// The last day as a member.
    #[diesel(sql_type = Date)]
    pub left_on: NaiveDate,
    /// The co-op that the member moved to.
    #[diesel(sql_type = Nullable<Text>)]
    pub moved_to_coop: Option<String>,
    /// The number there.
    #[diesel(sql_type = Nullable<Text>)]
    pub moved_to_number: Option<String>,
}

/// The new rows whose member left or moved at any time, by line.
pub fn left_members(connection: &mut DbConnection) -> Result<Vec<LeftMember>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, s.number, s.from_month, m.left_on, c.code AS moved_to_coop,
                t.number AS moved_to_number
         FROM staged_pledges s
         JOIN members m ON m.id = s.member_id
         LEFT JOIN members t ON t.id = m.moved_to
         LEFT JOIN cooperatives c ON c.id = t.coop_id
         WHERE s.is_known = 0 AND m.left_on IS NOT NULL
         ORDER BY s.line",
    )
    .load(connection)?)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows are new.
pub fn count_new(connection: &mut DbConnection) -> Result<u64, StoreError> {
    let count: Count = sql_query("SELECT COUNT(*) AS rows FROM staged_pledges WHERE is_known = 0")
        .get_result(connection)?;
    Ok(count.rows.unsigned_abs())
}

/// Opens a pledge for every new row, in the order of the file, each with its first term.
pub fn open_pledges(
    connection: &mut DbConnection,
    intake_id: i64,
    actor: &str,
    recorded_at: NaiveDateTime,
) -> Result<(), StoreError> {
    let newest: Option<i64> = pledges::table.select(max(pledges::id)).first(connection)?;
    sql_query(
        "INSERT INTO pledges (coop_id, member_id, fund_id, intake_id, intake_line, order_number,
                              from_month)
         SELECT coop_id, member_id, fund_id, $1, line, order_number, from_month
         FROM staged_pledges WHERE is_known = 0 ORDER BY line",
    )
    .bind::<BigInt, _>(intake_id)
    .execute(connection)?;
    sql_query(
        "INSERT INTO pledge_terms (pledge_id, revision, from_month, units, unit_price, cause,
                                   actor, recorded_at)
         SELECT p.id, 1, s.from_month, s.units, s.unit_price, 'import', $1, $2
         FROM pledges p JOIN staged_pledges s ON s.line = p.intake_line
         WHERE p.id > $3 ORDER BY p.id",
    )
    .bind::<Text, _>(actor)
    .bind::<Timestamp, _>(recorded_at)
    .bind::<BigInt, _>(newest.unwrap_or(0))
    .execute(connection)?;
    Ok(())
}

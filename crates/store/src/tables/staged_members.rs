//! `staged_members`: a file of members on its way in, a temporary table of one transaction.
//!
//! The rows of the file are put here as they are read, so that a million of them need neither
//! memory nor a round trip each; then they are compared with `members` and taken over as sets.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::schema::staged_members;
use crate::{DbConnection, StoreError};

/// Rows a single statement puts into SQLite; times the columns it stays below 32,766 parameters.
const SQLITE_ROWS_MAX: usize = 1_000;

/// One row of the file.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = staged_members, treat_none_as_default_value = false)]
pub struct StagedMember {
    /// Its line.
    pub line: i64,
    /// The co-op.
    pub coop_id: i64,
    /// The number there.
    pub number: String,
    /// The name.
    pub name: Option<String>,
    /// The name in kana.
    pub kana: Option<String>,
    /// `han`, `individual` or `depot`.
    pub delivery: Option<String>,
    /// The last day as a member.
    pub left_on: Option<NaiveDate>,
}

/// Which of the columns that may be missing the file has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberColumns {
    /// 氏名.
    pub name: bool,
    /// 氏名カナ.
    pub kana: bool,
    /// 区分.
    pub delivery: bool,
    /// 脱退日.
    pub left_on: bool,
}

impl MemberColumns {
    fn present(self) -> Vec<&'static str> {
        [
            ("name", self.name),
            ("kana", self.kana),
            ("delivery", self.delivery),
            ("left_on", self.left_on),
        ]
        .into_iter()
        .filter_map(|(column, is_there)| is_there.then_some(column))
        .collect()
    }
}

/// Makes the table, empty. It goes with [`drop_table`] or with the transaction.
pub fn create_table(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => c.batch_execute(
            "CREATE TEMP TABLE staged_members (
               line INTEGER PRIMARY KEY, coop_id INTEGER NOT NULL, number TEXT NOT NULL,
               name TEXT, kana TEXT, delivery TEXT, left_on TEXT) STRICT",
        )?,
        DbConnection::Postgres(c) => c.batch_execute(
            "CREATE TEMP TABLE staged_members (
               line BIGINT NOT NULL, coop_id BIGINT NOT NULL, number TEXT COLLATE \"C\" NOT NULL,
               name TEXT COLLATE \"C\", kana TEXT COLLATE \"C\", delivery TEXT COLLATE \"C\",
               left_on DATE) ON COMMIT DROP",
        )?,
    }
    Ok(())
}

/// Puts rows into the table.
pub fn insert(connection: &mut DbConnection, rows: &[StagedMember]) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => {
            for chunk in rows.chunks(SQLITE_ROWS_MAX) {
                diesel::insert_into(staged_members::table)
                    .values(chunk)
                    .execute(c)?;
            }
        }
        DbConnection::Postgres(c) => {
            diesel::copy_from(staged_members::table)
                .from_insertable(rows)
                .execute(c)?;
        }
    }
    Ok(())
}

/// Makes the table quick to look into once every row is there.
pub fn index(connection: &mut DbConnection) -> Result<(), StoreError> {
    match connection {
        DbConnection::Sqlite(c) => c.batch_execute(
            "CREATE INDEX temp.staged_members_key ON staged_members (coop_id, number, line)",
        )?,
        DbConnection::Postgres(c) => c.batch_execute(
            "CREATE INDEX staged_members_key ON staged_members (coop_id, number, line);
             ANALYZE staged_members",
        )?,
    }
    Ok(())
}

/// Takes the table away.
pub fn drop_table(connection: &mut DbConnection) -> Result<(), StoreError> {
    connection.batch_execute("DROP TABLE staged_members")?;
    Ok(())
}

/// A row whose member an earlier row names already.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct DoubledMember {
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

/// The rows whose member an earlier row names already, by line.
pub fn doubled(connection: &mut DbConnection) -> Result<Vec<DoubledMember>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, f.first_line, s.number
         FROM (SELECT coop_id, number, MIN(line) AS first_line FROM staged_members
               GROUP BY coop_id, number HAVING COUNT(*) > 1) f
         JOIN staged_members s
           ON s.coop_id = f.coop_id AND s.number = f.number AND s.line > f.first_line
         ORDER BY s.line",
    )
    .load(connection)?)
}

/// An open pledge of a member whose leave date the file changes.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct TouchedPledge {
    /// The row's line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// The leave date as known.
    #[diesel(sql_type = Nullable<Date>)]
    pub left_before: Option<NaiveDate>,
    /// The leave date as the file has it.
    #[diesel(sql_type = Nullable<Date>)]
    pub left_after: Option<NaiveDate>,
    /// The pledge.
    #[diesel(sql_type = BigInt)]
    pub pledge_id: i64,
    /// Its first month, as 202508.
    #[diesel(sql_type = Integer)]
    pub from_month: i32,
    /// The first month without it, where an end is planned, as 202508.
    #[diesel(sql_type = Nullable<Integer>)]
    pub ends_from: Option<i32>,
    /// Its fund's name.
    #[diesel(sql_type = Text)]
    pub fund: String,
}

/// The pledges of the members whose leave date the file changes, by line.
pub fn touched_pledges(connection: &mut DbConnection) -> Result<Vec<TouchedPledge>, StoreError> {
    // CROSS JOIN keeps SQLite at going through the pledges once and looking each up among the rows.
    Ok(sql_query(
        "SELECT s.line, c.code AS coop, m.number, m.left_on AS left_before,
                s.left_on AS left_after, p.id AS pledge_id, p.from_month, p.ends_from,
                f.name AS fund
         FROM pledges p
         CROSS JOIN members m
         CROSS JOIN staged_members s
         JOIN funds f ON f.id = p.fund_id
         JOIN cooperatives c ON c.id = m.coop_id
         WHERE m.id = p.member_id AND s.coop_id = m.coop_id AND s.number = m.number
           AND s.left_on IS DISTINCT FROM m.left_on
         ORDER BY s.line, p.id",
    )
    .load(connection)?)
}

/// A gift not yet charged of a member whose leave date the file changes.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct TouchedDonation {
    /// The row's line.
    #[diesel(sql_type = BigInt)]
    pub line: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub number: String,
    /// The leave date as known.
    #[diesel(sql_type = Nullable<Date>)]
    pub left_before: Option<NaiveDate>,
    /// The leave date as the file has it.
    #[diesel(sql_type = Nullable<Date>)]
    pub left_after: Option<NaiveDate>,
    /// The order number of the gift.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// Its amount, in yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The month it is to be collected in, as 202508.
    #[diesel(sql_type = Integer)]
    pub collection_month: i32,
}

/// The gifts not yet charged of the members whose leave date the file changes, by line.
pub fn touched_donations(
    connection: &mut DbConnection,
) -> Result<Vec<TouchedDonation>, StoreError> {
    Ok(sql_query(
        "SELECT s.line, c.code AS coop, m.number, m.left_on AS left_before,
                s.left_on AS left_after, d.order_number, d.units * d.unit_price AS amount,
                d.collection_month
         FROM donations d
         CROSS JOIN members m
         CROSS JOIN staged_members s
         JOIN cooperatives c ON c.id = m.coop_id
         WHERE m.id = d.member_id AND s.coop_id = m.coop_id AND s.number = m.number
           AND s.left_on IS DISTINCT FROM m.left_on AND d.state = 'live'
           AND NOT EXISTS (SELECT 1 FROM charges x WHERE x.donation_id = d.id AND x.void_mark = 0)
         ORDER BY s.line, d.id",
    )
    .load(connection)?)
}

/// Makes known members say what the file says, in the columns it has; name, kana and way of delivery
/// of a member who was erased stay empty. Gives how many differed.
pub fn update_members(
    connection: &mut DbConnection,
    columns: MemberColumns,
) -> Result<u64, StoreError> {
    let present = columns.present();
    if present.is_empty() {
        return Ok(0);
    }
    let each = |pattern: &dyn Fn(&str) -> String, between: &str| {
        let parts: Vec<String> = present.iter().map(|column| pattern(column)).collect();
        parts.join(between)
    };
    let said = |column: &str| match column {
        "left_on" => "s.left_on".to_owned(),
        personal => format!("CASE WHEN members.erased_at IS NULL THEN s.{personal} END"),
    };
    let sets = each(&|column| format!("{column} = {}", said(column)), ", ");
    let differs = each(
        &|column| format!("{} IS DISTINCT FROM members.{column}", said(column)),
        " OR ",
    );
    let sql = format!(
        "UPDATE members SET {sets} FROM staged_members AS s
         WHERE members.coop_id = s.coop_id AND members.number = s.number AND ({differs})"
    );
    Ok(sql_query(sql).execute(connection)? as u64)
}

/// Adds the members that are not known yet, in the order of their key. Gives how many.
pub fn insert_members(connection: &mut DbConnection) -> Result<u64, StoreError> {
    let added = sql_query(
        "INSERT INTO members (coop_id, number, name, kana, delivery, left_on)
         SELECT s.coop_id, s.number, s.name, s.kana, s.delivery, s.left_on
         FROM staged_members s
         WHERE NOT EXISTS (SELECT 1 FROM members m
                           WHERE m.coop_id = s.coop_id AND m.number = s.number)
         ORDER BY s.coop_id, s.number",
    )
    .execute(connection)?;
    Ok(added as u64)
}

/// How many rows have a name, kana or way of delivery for a member who was erased.
pub fn of_erased(connection: &mut DbConnection) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let counted: Count = sql_query(
        "SELECT COUNT(*) AS count FROM members m
         JOIN staged_members s ON s.coop_id = m.coop_id AND s.number = m.number
         WHERE m.erased_at IS NOT NULL
           AND (s.name IS NOT NULL OR s.kana IS NOT NULL OR s.delivery IS NOT NULL)",
    )
    .get_result(connection)?;
    Ok(counted.count)
}

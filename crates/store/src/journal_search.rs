//! Looking for entries of the journal, and how much each month of it has.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer};

use crate::reports::PostingFilter;
use crate::schema::journal_entries;
use crate::tables::journal_entries::JournalEntry;
use crate::{DbConnection, StoreError};

/// Which entries to look for; what is none does not matter, and all that is given must fit.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Posted in this month, as 202508, or later.
    pub period_from: Option<i32>,
    /// Posted in this month, as 202508, or earlier.
    pub period_to: Option<i32>,
    /// Counting from this day or later.
    pub posted_from: Option<NaiveDate>,
    /// Counting from this day or earlier.
    pub posted_to: Option<NaiveDate>,
    /// From one source.
    pub source: Option<&'static str>,
    /// With a line that fits.
    pub line: PostingFilter,
}

/// At most `rows` entries that fit, newest first, with numbers below `before_id`.
pub fn search(
    connection: &mut DbConnection,
    filter: &EntryFilter,
    before_id: Option<i64>,
    rows: i64,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut query = journal_entries::table
        .filter(journal_entries::id.lt(before_id.unwrap_or(i64::MAX)))
        .order(journal_entries::id.desc())
        .limit(rows)
        .select(JournalEntry::as_select())
        .into_boxed();
    if let Some(period) = filter.period_from {
        query = query.filter(journal_entries::period.ge(period));
    }
    if let Some(period) = filter.period_to {
        query = query.filter(journal_entries::period.le(period));
    }
    if let Some(day) = filter.posted_from {
        query = query.filter(journal_entries::posted_on.ge(day));
    }
    if let Some(day) = filter.posted_to {
        query = query.filter(journal_entries::posted_on.le(day));
    }
    if let Some(source) = filter.source {
        query = query.filter(journal_entries::source.eq(source));
    }
    if filter.line != PostingFilter::default() {
        // The numbers in it are ours, so nothing needs escaping.
        let only = filter.line.sql();
        query = query.filter(sql::<Bool>(&format!(
            "EXISTS (SELECT 1 FROM journal_postings p WHERE p.entry_id = journal_entries.id{only})"
        )));
    }
    Ok(query.load(connection)?)
}

/// How much a month of the journal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct PeriodSums {
    /// The month, as 202508.
    #[diesel(sql_type = Integer)]
    pub period: i32,
    /// How many entries.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    /// Yen debited in it.
    #[diesel(sql_type = BigInt)]
    pub debit: i64,
}

/// How much each month from one to another has, both included, as 202508; without those that have
/// nothing.
pub fn period_sums(
    connection: &mut DbConnection,
    from: i32,
    to: i32,
) -> Result<Vec<PeriodSums>, StoreError> {
    let sql = format!(
        "SELECT e.period AS period, COUNT(DISTINCT e.id) AS entries,
           CAST(SUM(CASE WHEN p.amount > 0 THEN p.amount ELSE 0 END) AS BIGINT) AS debit
         FROM journal_entries e JOIN journal_postings p ON p.entry_id = e.id
         WHERE e.period BETWEEN {from} AND {to}
         GROUP BY e.period ORDER BY e.period"
    );
    Ok(sql_query(sql).load(connection)?)
}

//! `journal_entries`: the journal, numbered without gaps and chained, append-only (R14).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::min;
use diesel::prelude::*;

use crate::schema::journal_entries;
use crate::{DbConnection, StoreError};

/// An entry, without its lines.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal_entries)]
pub struct JournalEntry {
    /// Its number, from 1 without gaps.
    pub id: i64,
    /// The true date.
    pub occurred_on: NaiveDate,
    /// The date it counts from: the true one, or the first day of the first open month after it.
    pub posted_on: NaiveDate,
    /// The month of `posted_on`, as 202508.
    pub period: i32,
    /// What it came from.
    pub source: String,
    /// Which of those.
    pub source_id: Option<i64>,
    /// What it is about.
    pub description: String,
    /// Why, in a person's own words.
    pub reason: Option<String>,
    /// The entry it takes back.
    pub reverses_id: Option<i64>,
    /// Who posted it.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
    /// The hash of the entry before, 64 hexadecimal digits; zeros before the first.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
}

/// The number and hash of the last entry; none while there is none.
pub fn head(connection: &mut DbConnection) -> Result<Option<(i64, String)>, StoreError> {
    Ok(journal_entries::table
        .order(journal_entries::id.desc())
        .select((journal_entries::id, journal_entries::hash))
        .first(connection)
        .optional()?)
}

/// Writes an entry whose lines are written already. Triggers refuse one that does not balance, is
/// dated in a closed month, or is not the next of the chain.
pub fn insert(connection: &mut DbConnection, entry: &JournalEntry) -> Result<(), StoreError> {
    diesel::insert_into(journal_entries::table)
        .values(entry)
        .execute(connection)?;
    Ok(())
}

/// The entry of a number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<JournalEntry>, StoreError> {
    Ok(journal_entries::table
        .find(id)
        .select(JournalEntry::as_select())
        .get_result(connection)
        .optional()?)
}

/// The entry that takes this one back.
pub fn reversal_of(
    connection: &mut DbConnection,
    id: i64,
) -> Result<Option<JournalEntry>, StoreError> {
    Ok(journal_entries::table
        .filter(journal_entries::reverses_id.eq(id))
        .select(JournalEntry::as_select())
        .first(connection)
        .optional()?)
}

/// At most `rows` entries after a number, by number.
pub fn page_after(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<JournalEntry>, StoreError> {
    Ok(journal_entries::table
        .filter(journal_entries::id.gt(after_id))
        .order(journal_entries::id)
        .limit(rows)
        .select(JournalEntry::as_select())
        .load(connection)?)
}

/// At most `rows` entries after a day and number, by day and number.
pub fn page_by_day(
    connection: &mut DbConnection,
    after: (NaiveDate, i64),
    rows: i64,
) -> Result<Vec<JournalEntry>, StoreError> {
    let (day, id) = after;
    let later = journal_entries::posted_on.gt(day);
    let same_day = journal_entries::posted_on
        .eq(day)
        .and(journal_entries::id.gt(id));
    Ok(journal_entries::table
        .filter(later.or(same_day))
        .order((journal_entries::posted_on, journal_entries::id))
        .limit(rows)
        .select(JournalEntry::as_select())
        .load(connection)?)
}

/// The entry posted for one thing of a source, such as a remittance.
pub fn find_of_source(
    connection: &mut DbConnection,
    source: &str,
    source_id: i64,
) -> Result<Option<JournalEntry>, StoreError> {
    Ok(journal_entries::table
        .filter(journal_entries::source.eq(source))
        .filter(journal_entries::source_id.eq(source_id))
        .order(journal_entries::id)
        .select(JournalEntry::as_select())
        .first(connection)
        .optional()?)
}

/// The month of the earliest entry, as 202508; none while there is none.
pub fn first_period(connection: &mut DbConnection) -> Result<Option<i32>, StoreError> {
    Ok(journal_entries::table
        .select(min(journal_entries::period))
        .first(connection)?)
}

/// Which of some entries are taken back, and by which: (entry, reversal).
pub fn reversals_of(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(journal_entries::table
        .filter(journal_entries::reverses_id.eq_any(ids))
        .filter(journal_entries::reverses_id.is_not_null())
        .select((
            journal_entries::reverses_id.assume_not_null(),
            journal_entries::id,
        ))
        .load(connection)?)
}

/// The entries that an entry made necessary, such as a campaign's after a gift was taken back.
pub fn transfers_of(connection: &mut DbConnection, id: i64) -> Result<Vec<i64>, StoreError> {
    Ok(journal_entries::table
        .filter(journal_entries::source.eq("transfer"))
        .filter(journal_entries::source_id.eq(id))
        .order(journal_entries::id)
        .select(journal_entries::id)
        .load(connection)?)
}

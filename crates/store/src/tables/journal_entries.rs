//! `journal_entries`: the journal, numbered without gaps and chained, append-only (R14).

use chrono::{NaiveDate, NaiveDateTime};
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
        .first(connection)
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

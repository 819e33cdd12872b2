//! `journal_postings`: the lines of the journal's entries, append-only (R14).

use diesel::prelude::*;

use crate::schema::journal_postings;
use crate::{DbConnection, StoreError, on_backend};

/// A line of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal_postings)]
pub struct JournalPosting {
    /// Its entry.
    pub entry_id: i64,
    /// Its place in the entry, from 1.
    pub line_no: i64,
    /// The account.
    pub account: i32,
    /// Yen: debit positive, credit negative.
    pub amount: i64,
    /// Of which fund.
    pub fund_id: Option<i64>,
    /// With which co-op.
    pub coop_id: Option<i64>,
    /// For which campaign.
    pub campaign_id: Option<i64>,
    /// Of which batch.
    pub batch_id: Option<i64>,
}

/// Lines written by one statement, well under SQLite's and PostgreSQL's limits of parameters.
const LINES_AT_ONCE: usize = 1_000;

/// Writes the lines of an entry that is about to be written. A line for one that is there already is
/// refused by a trigger.
pub fn insert(
    connection: &mut DbConnection,
    postings: &[JournalPosting],
) -> Result<(), StoreError> {
    for some in postings.chunks(LINES_AT_ONCE) {
        on_backend!(connection, c => diesel::insert_into(journal_postings::table)
            .values(some)
            .execute(c))?;
    }
    Ok(())
}

/// The lines of an entry, in their order.
pub fn of_entry(
    connection: &mut DbConnection,
    entry_id: i64,
) -> Result<Vec<JournalPosting>, StoreError> {
    Ok(journal_postings::table
        .filter(journal_postings::entry_id.eq(entry_id))
        .order(journal_postings::line_no)
        .select(JournalPosting::as_select())
        .load(connection)?)
}

/// The lines of the entries from one number to another, both included, by entry and line.
pub fn of_entries(
    connection: &mut DbConnection,
    first_id: i64,
    last_id: i64,
) -> Result<Vec<JournalPosting>, StoreError> {
    Ok(journal_postings::table
        .filter(journal_postings::entry_id.between(first_id, last_id))
        .order((journal_postings::entry_id, journal_postings::line_no))
        .select(JournalPosting::as_select())
        .load(connection)?)
}

/// The lines of some entries, by entry and line.
pub fn of_some(
    connection: &mut DbConnection,
    entry_ids: &[i64],
) -> Result<Vec<JournalPosting>, StoreError> {
    Ok(journal_postings::table
        .filter(journal_postings::entry_id.eq_any(entry_ids))
        .order((journal_postings::entry_id, journal_postings::line_no))
        .select(JournalPosting::as_select())
        .load(connection)?)
}

//! The journal as a list, and one entry of it.

use std::collections::BTreeMap;

use domain::{CollectionMonth, EntrySource};
use store::DbConnection;
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};

use super::books::Books;
use super::view::{JournalEntryView, entry_view, view};
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

const LIST: &str = "journal-entries";

/// Which entries to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct JournalFilter {
    /// Posted in one month.
    pub period: Option<CollectionMonth>,
    /// From one source.
    pub source: Option<EntrySource>,
}

impl Ledger {
    /// The journal, newest entry first.
    pub fn list_journal_entries(
        &self,
        call: &Call,
        filter: &JournalFilter,
        page: &PageRequest,
    ) -> Result<Page<JournalEntryView>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => Some(cursor.keys::<1>(LIST)?[0]),
            None => None,
        };
        self.read(call, Operation::ListJournalEntries, |connection| {
            let asked = journal_entries::EntryFilter {
                period: filter.period.map(CollectionMonth::as_int),
                source: filter.source.map(EntrySource::as_str),
                before_id,
            };
            let found = journal_entries::page(connection, asked, rows + 1)?;
            let views = views(connection, found)?;
            Ok(Page::of(views, rows, |entry| {
                Cursor::after(LIST, &[entry.entry_id])
            }))
        })
    }

    /// An entry of the journal with its lines.
    ///
    /// # Errors
    /// Refuses a number that no entry has.
    pub fn get_journal_entry(&self, call: &Call, entry_id: i64) -> Result<JournalEntryView> {
        self.read(call, Operation::GetJournalEntry, |connection| {
            entry_view(connection, entry_id)
        })
    }
}

/// Entries with their lines, in the order given.
fn views(
    connection: &mut DbConnection,
    entries: Vec<JournalEntry>,
) -> Result<Vec<JournalEntryView>> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    let books = Books::load(connection)?;
    let mut lines: BTreeMap<i64, Vec<JournalPosting>> = BTreeMap::new();
    for line in journal_postings::of_some(connection, &ids)? {
        lines.entry(line.entry_id).or_default().push(line);
    }
    let reversed: BTreeMap<i64, i64> = journal_entries::reversals_of(connection, &ids)?
        .into_iter()
        .collect();
    entries
        .into_iter()
        .map(|entry| {
            let lines = lines.remove(&entry.id).unwrap_or_default();
            let reversed_by = reversed.get(&entry.id).copied();
            view(&books, entry, &lines, reversed_by)
        })
        .collect()
}

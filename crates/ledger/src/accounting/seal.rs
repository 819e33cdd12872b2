//! An entry's link in the chain of the journal (R14).

use domain::chain::{self, Link};
use store::proof::journal::KeptEntry;
use store::tables::journal_entries::JournalEntry;
use store::tables::journal_postings::JournalPosting;

/// The link of an entry with its lines, by line, after `previous`.
pub(crate) fn link(previous: &Link, entry: &JournalEntry, lines: &[JournalPosting]) -> Link {
    chain::link(previous, &KeptEntry::from(entry.clone()).fields(lines))
}

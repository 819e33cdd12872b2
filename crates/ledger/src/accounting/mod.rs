//! The books: double entry, append-only, chained (R14), tied to what stands behind them (R15).
//!
//! An application is not income: closing a batch posts nothing, a collected charge does. Everything
//! that posts goes through [`post_entry`], in the transaction of what it is posted for.

mod books;
mod list_accounts;
mod post_entry;
mod post_journal_entry;
pub(crate) mod seal;
mod view;

pub use list_accounts::AccountView;
pub(crate) use post_entry::{NewEntry, post_entry};
pub use post_journal_entry::{NewJournalLine, PostJournalEntry};
pub use view::{JournalEntryView, PostingView};

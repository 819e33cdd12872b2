//! The use cases, named as people name them.
//!
//! [`Ledger`] owns transactions, permissions and the clock. Front doors (command line, REST,
//! pages) call its methods with a [`Call`] and get plain values or a [`LedgerError`]; they turn
//! those into JSON, status codes or sentences at the very last step. Nothing here knows a
//! transport or a line of SQL.
//!
//! One use case, one file. A use case that writes runs in one transaction, leaves an audit event
//! in it, and gives the same answer when the same request comes again under its key (R6).

pub mod accounting;
pub mod audit_log;
pub mod billing;
mod call;
pub mod dashboard;
mod error;
pub mod intake;
mod jobs;
mod ledger;
mod list_file;
mod months;
mod page;
pub mod people;
pub mod pledges;
pub mod privacy;
pub mod proof;
pub mod reference;
pub mod review;
pub mod rights;
mod settings;
pub mod settlement;
mod source;
mod table_file;
pub mod trace;
pub mod two_persons;
mod tx;

pub use call::{Actor, Call, Caller, IdempotencyKey};
pub use error::{LedgerError, Problem, Result};
pub use jobs::{
    ImportFollowed, ImportJob, ImportOutcome, ImportRefusal, ImportStarted, ImportState,
    StartImport, TrialTaken, tables_that_fit,
};
pub use ledger::Ledger;
pub use page::{Cursor, PAGE_MAX, Page, PageRequest};
pub use reference::{ReferenceImported, ReferenceTable};
pub use rights::{Access, Operation};
pub use settings::{SettingView, Settings};
pub use source::{BytesSource, FileSource, Source};

pub use credentials;
pub use domain;
pub use store::{OpenMode, StoreError};

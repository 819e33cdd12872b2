//! The only crate that names Diesel: schema, connections, transactions, one file per table.
//!
//! Nothing here knows a rule of the office. Rows are plain structs of primitives; the `ledger`
//! crate turns them into `domain` values. Everything runs on SQLite and PostgreSQL from one source
//! text: see [`DbConnection`] and [`on_backend!`](crate::on_backend).
//!
//! Invariants:
//! - a write happens only inside [`Store::write`], a read only inside [`Store::read`];
//! - raw SQL numbers its parameters `$1, $2 …` in the order of their first use (SQLite numbers
//!   them so) and casts sums to `BIGINT`.

pub mod application_search;
pub mod audit_search;
pub mod batch_board;
pub mod blocking_holds;
pub mod bridge_facts;
pub mod campaign_progress;
pub mod campaign_steps;
mod connection;
pub mod due;
pub mod entry_gifts;
mod error;
pub mod held_search;
pub mod intake;
pub mod integrity;
pub mod invariants;
pub mod journal_invariants;
pub mod journal_search;
mod letters;
pub mod lock;
mod migrate;
mod open;
pub mod personal;
mod pool;
pub mod proof;
pub mod reports;
pub mod results;
pub mod schema;
mod sqlite_file;
pub mod tables;
pub mod waiting;
mod write;
mod write_ahead_log;

pub use connection::{Backend, DbConnection};
pub use error::{ConstraintKind, StoreError};
pub use open::{OpenMode, Store, savepoint};

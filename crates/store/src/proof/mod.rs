//! What proves that nothing was changed behind the program's back: everything is read as the
//! database has it, letter for letter, and never through what would smooth a change over.

pub mod audit_log;
pub mod batches;
pub mod charge_sources;
pub mod charges;
pub mod journal;
pub mod pending_actions;

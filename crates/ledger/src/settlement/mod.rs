//! What became of the charges (R13): the co-ops' answers, what waits for a person in them, and how
//! a result is put right. What was collected is booked here; closing a batch books nothing.

mod book;
mod import_results;

pub use import_results::{ImportResults, ResultsImported};

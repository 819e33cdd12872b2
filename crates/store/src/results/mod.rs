//! How results come in, in any number: staged, matched to their charges, classified, settled.
//!
//! Temporary tables of one transaction; nothing is written one by one:
//! - `staged_results`: the lines of the file;
//! - `matched_results`: each line with the charge it names, where there is exactly one;
//! - `classified_results`: each line with its fate, and what settling its charge needs to know;
//! - `settling_batches` and `settling_entries`: per batch the month of a next try, per posting its
//!   journal entry.

mod classify;
mod failures;
mod preview;
mod settle;
mod staging;

pub use classify::{
    Candidate, DecidedResult, FateCount, candidates_of, classify, classify_decided, count_fates,
    count_held_reasons,
};
pub use failures::{EndedPledge, FailureSum, FailuresOf, ended_pledges, failure_sums};
pub use preview::{
    BatchFates, HeldReasonSum, HeldResultLine, fates_of_batches, first_held, sum_held_reasons,
};
pub use settle::{
    CollectedGroup, FailedPledge, NewSettling, batches_settling, collected_groups,
    has_failed_too_often, insert_held, insert_settlements, pledges_to_end, set_entry,
    set_next_month,
};
pub use staging::{StagedResult, coops_named, create_tables, drop_tables, stage};

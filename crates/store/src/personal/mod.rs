//! What is held about a person, across the tables: found to be shown, and erased.
//!
//! A person is known by one or more rows of `members`: whoever moved to another co-op or number has
//! one for each. Numbers and amounts stay for ever; names and free text can be erased.

pub mod erase;
mod found;
pub mod old;

pub use found::{
    CorrectedCharge, KeyedLine, MemberRows, application_ids, charges, corrected_charges,
    held_application_ids, held_result_ids, keyed_lines, left_before, open_sheet_with, pledge_ids,
};

/// What stands in the place of a reason that was erased.
pub const ERASED: &str = "消去済み";

/// Most numbers named in one statement.
const IDS_MAX: usize = 500;

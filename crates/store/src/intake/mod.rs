//! How applications come in, in any number: staged, classified, posted.
//!
//! Two temporary tables, one set per connection, emptied before and after each use:
//! - `staged_looks`: what can be said of a line without knowing the member, each once, however
//!   many lines share it (a file of a million lines has some hundred);
//! - `staged_lines`: the lines, each with its look, and the round in which it is classified and
//!   posted.
//!
//! Nothing is written one by one: a file of a million lines and a single request take the same
//! statements.

mod classify;
mod post;
mod preview;
mod staging;

pub use classify::{ClassifiedLine, classify_one, mark_closed_months};
pub use post::{
    HeldCount, application_after, count_held, insert_applications, last_application_id,
    open_pledges, pledge_opened_by, record_donations,
};
pub use preview::{
    HeldLine, HeldSum, PostedOffering, first_held, held_by_reasons, posted_by_offering,
};
pub use staging::{
    StagedLine, StagedLook, clear, clear_many, count_what_many_became, prepare_for_many,
    stage_lines, stage_looks, staged_coops,
};

pub(crate) use staging::create_tables;

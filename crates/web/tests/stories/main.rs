//! Stories of the pages, and what holds for all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: what cannot be set up fails the test that needs it"
)]

mod account;
mod batches;
mod books;
mod campaigns;
mod catalogue;
mod entrance;
mod frame;
mod imports;
mod members;
mod messages;
mod month;
mod own_campaigns;
mod people;
mod public;
mod results;
mod review;
mod sheets;
mod taken_along;
mod walk;

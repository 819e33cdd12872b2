//! Stories told to the program itself, as a person at a terminal or a script would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: what cannot be set up fails the test that needs it"
)]

mod audit_log;
mod bad_input;
mod books;
mod command_line;
mod configuration;
mod demo;
mod month;
mod network;
mod office;
mod people;
mod privacy;
mod proof;
mod results;
mod service;
mod serving;
mod two_persons;

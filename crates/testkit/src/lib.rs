//! What the tests of every crate stand on: throw-away databases of both kinds, the fixtures, and made-up
//! members in any number.
//!
//! Nothing here is part of the program. A failure in it is a failed test, so it panics where the
//! program would report.
#![allow(
    clippy::expect_used,
    reason = "test code: what cannot be set up fails the test that needs it"
)]

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "app")]
pub mod browser;
pub mod chance;
pub mod databases;
pub mod faults;
pub mod fixtures;
pub mod hledger;
pub mod http;
pub mod made_up;
pub mod people;
pub mod postgres;
pub mod power_cut;
#[cfg(feature = "app")]
pub mod seat;
mod skipped;
pub mod traced;
pub mod visitors;
pub mod world;

#[cfg(feature = "app")]
pub use app::TestApp;
#[cfg(feature = "app")]
pub use browser::Browser;
pub use databases::{DatabaseKind, TestDatabase};
pub use made_up::MadeUp;
#[cfg(feature = "app")]
pub use seat::Seat;
pub use world::World;

//! The commands, one file per group.

pub mod application;
pub mod batch;
pub mod import;
pub mod migrate;
pub mod order_number;
pub mod pledge;
pub mod review;
pub mod search;
pub mod serve;
pub mod verify;
pub mod why;

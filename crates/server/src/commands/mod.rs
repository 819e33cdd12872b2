//! The commands, one file per group.

pub mod application;
pub mod batch;
pub mod import;
pub mod migrate;
pub mod order_number;
pub mod pledge;
pub mod review;
pub mod serve;
pub mod verify;

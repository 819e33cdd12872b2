//! The commands, one file per group.

pub mod import;
pub mod migrate;
pub mod order_number;
pub mod serve;

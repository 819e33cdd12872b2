//! The commands, one file per group.

pub mod migrate;
pub mod serve;

//! The commands, one file per group.

pub mod application;
pub mod backup;
pub mod batch;
pub mod campaign;
pub mod config;
pub mod import;
pub mod journal;
pub mod migrate;
pub mod order_number;
pub mod payout;
pub mod pending;
pub mod period;
pub mod pledge;
pub mod remittance;
pub mod report;
pub mod results;
pub mod review;
pub mod search;
pub mod serve;
pub mod settlement;
pub mod token;
pub mod user;
pub mod verify;
pub mod why;

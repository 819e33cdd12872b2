//! Nobody is charged twice and nothing is lost, come what may: processes that are killed, that close
//! the same month at the same moment, a power cut, a disk that fails, a database that is not what it
//! was.
//!
//! The program runs here as it is installed, as processes of its own. The sizes are chosen so that
//! each step of a debug build takes long enough to be interrupted in its middle.
#![allow(clippy::unwrap_used)]

mod disk_errors;
mod kills;
mod office;
mod power_cuts;
mod program;
mod races;
mod refusals;
mod service;
mod sheet_kills;

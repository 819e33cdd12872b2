//! What the store acknowledges is there, whatever happens to the disk, and nothing is half there.
#![allow(clippy::unwrap_used)]

mod disk_errors;
mod power_cut;
mod refusals;
mod writers;

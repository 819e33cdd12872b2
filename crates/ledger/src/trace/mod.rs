//! From a total back to the sheet: why this amount, where is this gift, and does everything hold.

mod verify;

pub use verify::{Check, Verification};

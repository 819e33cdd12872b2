//! The pages of the books, the audit log and the verification.

mod desk;
mod entering;
mod in_the_browser;
mod reading;
mod telling;

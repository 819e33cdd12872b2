//! Bytes to values and back: the files people hand in and take away (§6).
//!
//! Nothing here opens a file, knows a database or decides about a gift. Callers hand in a `Read`
//! or a `Write`; what cannot be read is told by line, column and reason, in Japanese.
//!
//! A file is read in two passes: [`encoding::inspect`] tells its hash and encoding and refuses
//! what is not text, then [`table`] and [`tables`] read it row by row in bounded memory.

pub mod collection;
pub mod encoding;
pub mod formula;
pub mod hledger;
pub mod report;
pub mod table;
pub mod tables;

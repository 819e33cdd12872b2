//! Tables as CSV: records, header, typed rows, and problems told by line and column.
//!
//! Fields are separated by commas and may stand in double quotes, a quote within doubled. Lines
//! end with LF, CRLF or CR; the last may lack its end; blank lines are passed over. Nothing is
//! guessed: text after a closing quote, a quote within a bare field, a quote that never closes
//! and a wrong number of fields are problems.

mod fields;
mod header;
mod problems;
mod quoted;
mod record;
mod records;
mod rows;
mod typed;

pub(crate) use fields::{note_text, plain_text};
pub(crate) use rows::{LineReader, row_or_problems};

pub use fields::Fields;
pub use header::Column;
pub use problems::{LineProblem, PROBLEMS_MAX, Problems, TableError};
pub use rows::{Line, Rows, TableRow, read_rows};
pub use typed::{read_typed, typed_name};

#[cfg(test)]
mod tests;

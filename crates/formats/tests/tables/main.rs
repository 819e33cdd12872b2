//! The files of an office, good and bad, as the program reads them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may fail where it stands"
)]

mod applications;
mod contradictions;
mod headers;
mod lines;
mod round_trip;
mod ten_tables;

use std::io::Read;

use formats::encoding::inspect;
use formats::table::{TableError, TableRow, read_rows};

/// A source that gives one byte at a time, so that every boundary falls everywhere.
struct OneByOne<'a>(&'a [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let (Some((&first, rest)), Some(slot)) = (self.0.split_first(), room.first_mut()) else {
            return Ok(0);
        };
        *slot = first;
        self.0 = rest;
        Ok(1)
    }
}

/// Reads a file as an import does: looked at first, then row by row. How the bytes arrive makes
/// no difference.
fn read<T: TableRow + std::fmt::Debug + PartialEq>(bytes: &[u8]) -> Result<Vec<T>, String> {
    let facts = inspect(bytes).map_err(|problem| problem.to_string())?;
    let rows = |read: Result<Vec<(u64, T)>, TableError>| match read {
        Ok(rows) => Ok(rows.into_iter().map(|(_, row)| row).collect::<Vec<T>>()),
        Err(TableError::Problems(problems)) => Err(problems.display("表.csv").to_string()),
        Err(other) => Err(other.to_string()),
    };
    let at_once = rows(read_rows(bytes, facts.encoding));
    assert_eq!(rows(read_rows(OneByOne(bytes), facts.encoding)), at_once);
    at_once
}

/// What the desk is told about a file that is refused.
fn refusal<T: TableRow + std::fmt::Debug + PartialEq>(text: &str) -> String {
    read::<T>(text.as_bytes()).expect_err("the file should be refused")
}

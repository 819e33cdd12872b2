//! A table read row by row.

use std::io::{self, Read};
use std::marker::PhantomData;

use super::fields::Fields;
use super::header::{Column, Header, read_header};
use super::problems::{LineProblem, Problems, TableError};
use super::record::Record;
use super::records::RecordReader;
use crate::encoding::Encoding;

/// A row of a table of the files (§6).
pub trait TableRow: Sized {
    /// The columns a file may have, each at the index it names.
    const COLUMNS: &'static [Column];

    /// Reads one row. Notes every wrong field with `fields`; `None` when there was one.
    fn read(fields: &mut Fields<'_, '_>) -> Option<Self>;
}

/// One line of a table: the row, or all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<T> {
    /// The line the row begins on, as an editor counts, from 1.
    pub number: u64,
    /// The row, or its problems; they are never none.
    pub row: Result<T, Vec<LineProblem>>,
}

/// The lines of a table, read as they are asked for, in bounded memory.
///
/// A file whose header no line follows gives one problem and no row.
pub struct Rows<T, R> {
    lines: LineReader<R>,
    row: PhantomData<T>,
}

impl<T: TableRow, R: Read> Rows<T, R> {
    /// Begins to read a table from `reader`, which holds text in `encoding` as
    /// [`crate::encoding::inspect`] found it.
    ///
    /// # Errors
    /// Refuses a header that is missing or wrong, listing all that is wrong with it; passes on
    /// what `reader` reports.
    pub fn new(reader: R, encoding: Encoding) -> Result<Self, TableError> {
        Ok(Rows {
            lines: LineReader::new(reader, encoding, T::COLUMNS)?,
            row: PhantomData,
        })
    }
}

impl<T: TableRow, R: Read> Iterator for Rows<T, R> {
    type Item = io::Result<Line<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut problems = Vec::new();
        let read = self.lines.read(|record, header| {
            let row = T::read(&mut Fields::new(record, header, &mut problems));
            row_or_problems(row, record.line, &mut problems)
        });
        read.transpose()
    }
}

/// Reads a whole table into memory, for the small ones.
///
/// # Errors
/// Refuses the table if anything is wrong with any line, listing all of it.
pub fn read_rows<T: TableRow>(
    reader: impl Read,
    encoding: Encoding,
) -> Result<Vec<(u64, T)>, TableError> {
    let mut rows = Vec::new();
    let mut problems = Problems::new();
    for line in Rows::new(reader, encoding)? {
        let Line { number, row } = line?;
        match row {
            Ok(row) => rows.push((number, row)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(rows)
    } else {
        Err(TableError::Problems(problems))
    }
}

/// A row if no problem was noted; otherwise the problems, taken out.
pub(crate) fn row_or_problems<T>(
    row: Option<T>,
    line: u64,
    problems: &mut Vec<LineProblem>,
) -> Result<T, Vec<LineProblem>> {
    match row {
        Some(row) if problems.is_empty() => Ok(row),
        None if problems.is_empty() => Err(vec![LineProblem::of_line(line, "読めない行です")]),
        _ => Err(std::mem::take(problems)),
    }
}

/// The lines below a header.
pub(crate) struct LineReader<R> {
    records: RecordReader<R>,
    header: Header,
    any_line: bool,
}

impl<R: Read> LineReader<R> {
    /// Reads the header of a table with these columns.
    pub(crate) fn new(
        reader: R,
        encoding: Encoding,
        columns: &[Column],
    ) -> Result<Self, TableError> {
        let mut records = RecordReader::new(reader, encoding);
        let header = read_header(&mut records, columns)?;
        Ok(LineReader {
            records,
            header,
            any_line: false,
        })
    }

    /// The header.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// Reads the next line with `read_row`, unless its fields are too many, too few or broken;
    /// `None` at the end.
    pub(crate) fn read<'a, T>(
        &'a mut self,
        read_row: impl FnOnce(Record<'a>, &'a Header) -> Result<T, Vec<LineProblem>>,
    ) -> io::Result<Option<Line<T>>> {
        let read = match self.records.read()? {
            Some(read) => read,
            None if self.any_line => return Ok(None),
            None => {
                self.any_line = true;
                let number = self.header.line();
                let problem = LineProblem::of_line(number, NO_LINES);
                return Ok(Some(Line {
                    number,
                    row: Err(vec![problem]),
                }));
            }
        };
        self.any_line = true;
        let (number, row) = match read {
            Err(problem) => (problem.line, Err(vec![problem])),
            Ok(record) => match self.header.check_shape(record) {
                Some(problem) => (record.line, Err(vec![problem])),
                None => (record.line, read_row(record, &self.header)),
            },
        };
        Ok(Some(Line { number, row }))
    }
}

const NO_LINES: &str = "データ行がありません。見出し行の下にデータを書いてください";

//! The header row: which column stands where.

use std::cmp::Ordering;
use std::io::Read;

use domain::to_half_width;

use super::problems::{LineProblem, Problems, TableError};
use super::record::Record;
use super::records::RecordReader;

/// A column a table may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub(super) index: usize,
    /// The Japanese name; errors use it.
    pub ja: &'static str,
    /// The English name, understood equally.
    pub en: &'static str,
    /// Whether a file without this column is refused.
    pub required: bool,
}

impl Column {
    /// A column that has to be there; `index` is its place in the table's list of columns.
    pub(crate) const fn required(index: usize, ja: &'static str, en: &'static str) -> Self {
        Column {
            index,
            ja,
            en,
            required: true,
        }
    }

    /// A column that may be missing; `index` is its place in the table's list of columns.
    pub(crate) const fn optional(index: usize, ja: &'static str, en: &'static str) -> Self {
        Column {
            index,
            ja,
            en,
            required: false,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        name == self.ja || name.eq_ignore_ascii_case(self.en)
    }
}

/// Where each column of a table stands in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// For each column of the table the field it is in, if the file has it.
    places: Vec<Option<usize>>,
    /// How many fields every line has to have.
    len: usize,
    /// The line the header is on.
    line: u64,
}

impl Header {
    /// The header of a row of `len` fields, each column in the place given.
    pub(super) fn of_places(places: Vec<Option<usize>>, len: usize) -> Self {
        Header {
            places,
            len,
            line: 0,
        }
    }

    pub(crate) fn place(&self, column: Column) -> Option<usize> {
        self.places.get(column.index).copied().flatten()
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with a record that is blank or has too many or too few fields.
    pub(crate) fn check_shape(&self, record: Record<'_>) -> Option<LineProblem> {
        let (found, wanted) = (record.len(), self.len);
        if (0..found).all(|at| record.field(at).is_empty()) {
            return Some(LineProblem::of_line(
                record.line,
                "空の行です。行ごと消してください",
            ));
        }
        let advice = match found.cmp(&wanted) {
            Ordering::Equal => return None,
            Ordering::Less => format!(
                "列が{}つ足りません（見出しは{wanted}列、この行は{found}列）。抜けた値を補ってください",
                wanted - found
            ),
            Ordering::Greater => format!(
                "列が{}つ多すぎます（見出しは{wanted}列、この行は{found}列）。\
                 値の中の「,」は、値の全体を「\"」で囲んでください",
                found - wanted
            ),
        };
        Some(LineProblem::of_line(record.line, advice))
    }
}

/// Reads the header row of a table with these columns.
///
/// # Errors
/// Refuses a file without one, and lists every unknown, doubled, nameless and missing column.
pub(crate) fn read_header<R: Read>(
    reader: &mut RecordReader<R>,
    columns: &[Column],
) -> Result<Header, TableError> {
    let first = reader.next_line_number();
    match reader.read()? {
        Some(Ok(record)) => match_columns(record, columns).map_err(TableError::Problems),
        Some(Err(problem)) => Err(TableError::Problems(problem.into())),
        None => {
            let reason = format!("見出し行がありません。{}", example(columns));
            Err(TableError::Problems(
                LineProblem::of_line(first, reason).into(),
            ))
        }
    }
}

fn match_columns(record: Record<'_>, columns: &[Column]) -> Result<Header, Problems> {
    let line = record.line;
    let mut places: Vec<Option<usize>> = vec![None; columns.len()];
    let mut problems = Problems::new();
    for at in 0..record.len() {
        let shown = record.field(at);
        let name = to_half_width(shown);
        let Some(column) = columns.iter().find(|column| column.is_named(&name)) else {
            problems.push(unknown_column(line, at, &name, columns));
            continue;
        };
        match places.get_mut(column.index) {
            Some(place @ None) => *place = Some(at),
            Some(Some(before)) => {
                let before = *before;
                problems.push(doubled_column(line, column, (before, at), record));
            }
            None => {}
        }
    }
    if places.iter().all(Option::is_none) {
        let reason = format!("{line}行目が見出し行ではありません。{}", example(columns));
        return Err(LineProblem::of_line(line, reason).into());
    }
    for column in columns.iter().filter(|column| column.required) {
        if places.get(column.index) == Some(&None) {
            let reason = format!(
                "この列（{}）がありません。見出しと値を加えてください",
                column.en
            );
            problems.push(LineProblem::of_field(line, column.ja, "", reason));
        }
    }
    if problems.is_empty() {
        Ok(Header {
            places,
            len: record.len(),
            line,
        })
    } else {
        Err(problems)
    }
}

fn example(columns: &[Column]) -> String {
    let names: Vec<&str> = columns
        .iter()
        .filter(|column| column.required)
        .map(|column| column.ja)
        .collect();
    format!(
        "最初の行に「{}」のように列の名前を書いてください",
        names.join(",")
    )
}

fn doubled_column(
    line: u64,
    column: &Column,
    (before, at): (usize, usize),
    record: Record<'_>,
) -> LineProblem {
    let (first, second) = (record.field(before), record.field(at));
    let names = if first == second {
        "同じ列が2つあります".to_owned()
    } else {
        format!("「{first}」と「{second}」は同じ列です")
    };
    let reason = format!(
        "{names}（{}列目と{}列目）。どちらかを消してください",
        before + 1,
        at + 1
    );
    LineProblem::of_field(line, column.ja, second, reason)
}

fn unknown_column(line: u64, at: usize, name: &str, columns: &[Column]) -> LineProblem {
    if name.is_empty() {
        let reason = format!(
            "{}列目に名前がありません。列の名前を書くか、列を消してください",
            at + 1
        );
        return LineProblem::of_line(line, reason);
    }
    let shown = super::problems::shorten(name);
    let advice = match nearest(name, columns) {
        Some(nearest) => format!("「{nearest}」ではありませんか"),
        None => {
            let known: Vec<&str> = columns.iter().map(|column| column.ja).collect();
            format!("使える列は {} です", known.join("、"))
        }
    };
    let reason = format!("{}列目の「{shown}」という列はありません。{advice}", at + 1);
    LineProblem {
        value: Some(shown),
        ..LineProblem::of_line(line, reason)
    }
}

/// The known name most like an unknown one, if at most half its characters differ; of equally
/// near ones that of the same length.
fn nearest(name: &str, columns: &[Column]) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let chars = lower.chars().count();
    let names = columns.iter().flat_map(|column| [column.ja, column.en]);
    let near = names.filter_map(|known| {
        let (distance, known_chars) = (edits(&lower, known), known.chars().count());
        let is_near = distance * 2 <= chars.max(known_chars);
        is_near.then_some((distance, known_chars.abs_diff(chars), known))
    });
    near.min().map(|(.., known)| known)
}

/// How many characters to add, drop or replace to make one text the other.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (done, from_char) in from.chars().enumerate() {
        let mut previous = vec![done + 1];
        for (at, to_char) in to.iter().enumerate() {
            let drop = row.get(at + 1).map_or(usize::MAX, |&count| count + 1);
            let add = previous.get(at).map_or(usize::MAX, |&count| count + 1);
            let same = usize::from(from_char != *to_char);
            let replace = row.get(at).map_or(usize::MAX, |&count| count + same);
            previous.push(drop.min(add).min(replace));
        }
        row = previous;
    }
    row.last().copied().unwrap_or(0)
}

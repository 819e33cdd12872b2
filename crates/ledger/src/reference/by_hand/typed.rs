//! Records that somebody types at the desk: read and judged as the lines of a file are, and refused by the
//! names of their fields.

use formats::table::{LineProblem, Problems, TableRow, read_typed, typed_name};

use crate::table_file::reason_of;
use crate::{LedgerError, Problem, Result};

/// Stable word for a record that was refused for what was typed.
const RECORD_REFUSED: &str = "record_refused";

/// A record as it was typed.
pub(super) trait Typed {
    /// What it is read as: the row of a file.
    type Row: TableRow;

    /// What was typed, beside the English names of the columns.
    fn values(&self) -> Vec<(&'static str, &str)>;
}

/// Reads one record.
///
/// # Errors
/// Names every wrong field.
pub(super) fn read_one<T: Typed>(typed: &T) -> Result<(u64, T::Row)> {
    match read_typed(1, &typed.values()) {
        Ok(row) => Ok((1, row)),
        Err(found) => Err(refuse::<T::Row>(None, &collected(found))),
    }
}

/// Reads records of a list of the request, each with its place there: the line of place 0 is 1.
///
/// # Errors
/// Names every wrong field of every record, as `cycles/0/opens_on`.
pub(super) fn read_all<'a, T: Typed + 'a>(
    list: &str,
    typed: impl IntoIterator<Item = (usize, &'a T)>,
) -> Result<Vec<(u64, T::Row)>> {
    let mut rows = Vec::new();
    let mut problems = Problems::new();
    for (place, one) in typed {
        let line = place as u64 + 1;
        match read_typed(line, &one.values()) {
            Ok(row) => rows.push((line, row)),
            Err(found) => problems.extend(found),
        }
    }
    check::<T::Row>(Some(list), &problems)?;
    Ok(rows)
}

/// Nothing where there are no problems, else the refusal by the names of the fields.
pub(super) fn check<R: TableRow>(list: Option<&str>, problems: &Problems) -> Result<()> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(refuse::<R>(list, problems))
    }
}

/// A refusal of one field, by the Japanese name of its column.
pub(super) fn refuse_field<R: TableRow>(column_ja: &'static str, reason: String) -> LedgerError {
    let problem = LineProblem::of_field(1, column_ja, "", reason);
    refuse::<R>(None, &Problems::from(problem))
}

fn collected(found: Vec<LineProblem>) -> Problems {
    let mut problems = Problems::new();
    problems.extend(found);
    problems
}

fn refuse<R: TableRow>(list: Option<&str>, problems: &Problems) -> LedgerError {
    let listed = problems.listed();
    let message = match listed {
        [one] => match one.column {
            Some(column) => format!("{column}: {}", one.reason),
            None => one.reason.to_string(),
        },
        _ => format!(
            "{}か所を直してください。まだ何も登録していません",
            problems.total()
        ),
    };
    LedgerError::Invalid {
        code: RECORD_REFUSED,
        message,
        problems: listed.iter().map(|one| placed::<R>(list, one)).collect(),
    }
}

fn placed<R: TableRow>(list: Option<&str>, problem: &LineProblem) -> Problem {
    let name = problem
        .column
        .map(|column| typed_name::<R>(column).unwrap_or(column));
    let place = list.map(|list| format!("{list}/{}", problem.line.saturating_sub(1)));
    let column = match (place, name) {
        (Some(place), Some(name)) => Some(format!("{place}/{name}")),
        (Some(place), None) => Some(place),
        (None, name) => name.map(str::to_owned),
    };
    Problem {
        line: None,
        column,
        reason: reason_of(problem),
    }
}

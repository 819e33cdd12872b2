//! A file with a table in it that came in: known by its bytes, read row by row, refused as a
//! whole with every bad line listed.

use std::io::Read;

use formats::encoding::{Encoding, FileProblem, inspect};
use formats::table::{LineProblem, Problems, Rows, TableError, TableRow, read_rows};

use crate::{LedgerError, Problem, Result, Source};

/// Stable word for a file that was refused for what is in it.
const FILE_REFUSED: &str = "file_refused";

/// A file that is text.
pub(crate) struct TableFile<'a> {
    source: &'a dyn Source,
    /// SHA-256 of its bytes, in hexadecimal: a file sent again is known by it (R6).
    pub(crate) sha256: String,
    /// The encoding to read it in.
    pub(crate) encoding: Encoding,
    /// Its lines as an editor counts them, the header among them.
    pub(crate) lines: u64,
}

impl<'a> TableFile<'a> {
    /// Reads the file once to know it. Refuses what is not text in UTF-8 or CP932.
    pub(crate) fn inspect(source: &'a dyn Source) -> Result<Self> {
        let reader = source.open().map_err(|e| unreadable(source, e))?;
        match inspect(reader) {
            Ok(facts) => Ok(Self {
                source,
                sha256: hex::encode(facts.sha256),
                encoding: facts.encoding,
                lines: facts.lines,
            }),
            Err(FileProblem::Read(error)) => Err(unreadable(source, error)),
            Err(problem) => Err(not_text(source, &problem)),
        }
    }

    /// The name people know it by.
    pub(crate) fn name(&self) -> &str {
        self.source.name()
    }

    /// Opens it at the beginning.
    pub(crate) fn open(&self) -> Result<Box<dyn Read + Send>> {
        self.source.open().map_err(|e| unreadable(self.source, e))
    }

    /// Its rows, one at a time. Refuses a header that is wrong.
    pub(crate) fn rows<T: TableRow>(&self) -> Result<Rows<T, Box<dyn Read + Send>>> {
        Rows::new(self.open()?, self.encoding).map_err(|e| self.refuse_table(e))
    }

    /// All its rows, each with its line. Refuses the file when any line is wrong.
    pub(crate) fn read_rows<T: TableRow>(&self) -> Result<Vec<(u64, T)>> {
        read_rows(self.open()?, self.encoding).map_err(|e| self.refuse_table(e))
    }

    /// The refusal of the file for what its reader found.
    pub(crate) fn refuse_table(&self, error: TableError) -> LedgerError {
        match error {
            TableError::File(FileProblem::Read(error)) | TableError::Read(error) => {
                unreadable(self.source, error)
            }
            TableError::File(problem) => not_text(self.source, &problem),
            TableError::Problems(problems) => self.refuse(&problems),
        }
    }

    /// Nothing where there are no problems, else the refusal of the file.
    pub(crate) fn check(&self, problems: &Problems) -> Result<()> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(self.refuse(problems))
        }
    }

    /// The refusal of the file for what is wrong with its lines.
    pub(crate) fn refuse(&self, problems: &Problems) -> LedgerError {
        let (total, listed) = (problems.total(), problems.listed());
        let unlisted = total.saturating_sub(listed.len() as u64);
        let more = if unlisted > 0 {
            format!("（うち{unlisted}件は省略）")
        } else {
            String::new()
        };
        LedgerError::Invalid {
            code: FILE_REFUSED,
            message: format!(
                "{}: {total}件の誤りがあります{more}。何も取り込んでいません。直してからもう一度取り込んでください",
                self.name()
            ),
            problems: listed.iter().map(listed_problem).collect(),
        }
    }

    /// The failure to read the file.
    pub(crate) fn unreadable(&self, error: std::io::Error) -> LedgerError {
        unreadable(self.source, error)
    }
}

fn listed_problem(problem: &LineProblem) -> Problem {
    Problem {
        line: Some(problem.line),
        column: problem.column.map(str::to_owned),
        reason: reason_of(problem),
    }
}

/// Why a field is wrong, with its value where the reason does not show it.
pub(crate) fn reason_of(problem: &LineProblem) -> String {
    match &problem.value {
        Some(value) if !problem.reason.contains(value.as_str()) => {
            format!("「{value}」: {}", problem.reason)
        }
        _ => problem.reason.to_string(),
    }
}

fn not_text(source: &dyn Source, problem: &FileProblem) -> LedgerError {
    let line = match problem {
        FileProblem::Nul { line, .. }
        | FileProblem::BrokenUtf8 { line, .. }
        | FileProblem::BrokenCp932 { line, .. } => Some(*line),
        FileProblem::Empty | FileProblem::Utf16 | FileProblem::Read(_) => None,
    };
    let (message, problems) = match line {
        None => (problem.to_string(), Vec::new()),
        Some(_) => (
            "文字として読めないところがあります。何も取り込んでいません".to_owned(),
            vec![Problem {
                line,
                column: None,
                reason: problem.to_string(),
            }],
        ),
    };
    LedgerError::Invalid {
        code: FILE_REFUSED,
        message: format!("{}: {message}", source.name()),
        problems,
    }
}

fn unreadable(source: &dyn Source, error: std::io::Error) -> LedgerError {
    LedgerError::File {
        place: source.name().to_owned(),
        error,
    }
}

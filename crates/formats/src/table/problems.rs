//! What is wrong with a table, told so that the line can be found and mended.

use std::borrow::Cow;
use std::fmt;
use std::io;

use serde::Serialize;

use crate::encoding::FileProblem;

/// At most so many problems are listed one by one; further ones are only counted.
pub const PROBLEMS_MAX: usize = 1_000;

/// At most so many characters of a wrong value are shown.
const VALUE_CHARS_MAX: usize = 24;

/// One thing wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineProblem {
    /// The line as an editor counts, from 1.
    pub line: u64,
    /// The Japanese name of the column, unless the whole line is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<&'static str>,
    /// The wrong value, shortened, for programs that show it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why it is wrong and what to do, in Japanese.
    pub reason: Cow<'static, str>,
}

impl LineProblem {
    /// A problem of a whole line.
    pub fn of_line(line: u64, reason: impl Into<Cow<'static, str>>) -> Self {
        LineProblem {
            line,
            column: None,
            value: None,
            reason: reason.into(),
        }
    }

    /// A problem of one field; `value` is shortened, an empty one not shown.
    pub fn of_field(
        line: u64,
        column: &'static str,
        value: &str,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        let value = (!value.is_empty()).then(|| shorten(value));
        LineProblem {
            line,
            column: Some(column),
            value,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for LineProblem {
    /// `行:列: 理由`; the reason speaks of the value where that helps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.reason)
    }
}

/// A value as it is shown in a message: not too long, and without characters that would break it
/// over lines.
pub(crate) fn shorten(value: &str) -> String {
    let mut chars = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut shown: String = chars.by_ref().take(VALUE_CHARS_MAX).collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

/// All problems of a file: the first [`PROBLEMS_MAX`] one by one, the others counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Problems {
    listed: Vec<LineProblem>,
    total: u64,
}

impl Problems {
    /// No problems so far.
    pub fn new() -> Self {
        Problems::default()
    }

    /// Adds one problem.
    pub fn push(&mut self, problem: LineProblem) {
        self.total += 1;
        if self.listed.len() < PROBLEMS_MAX {
            self.listed.push(problem);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The problems listed one by one, at most [`PROBLEMS_MAX`].
    pub fn listed(&self) -> &[LineProblem] {
        &self.listed
    }

    /// How many there are, the unlisted among them.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The whole list as text, a line each: `ファイル名:行:列: 理由`.
    pub fn display<'a>(&'a self, file: &'a str) -> impl fmt::Display + 'a {
        Listing {
            problems: self,
            file,
        }
    }
}

impl From<LineProblem> for Problems {
    fn from(problem: LineProblem) -> Self {
        Problems {
            listed: vec![problem],
            total: 1,
        }
    }
}

impl Extend<LineProblem> for Problems {
    fn extend<I: IntoIterator<Item = LineProblem>>(&mut self, problems: I) {
        for problem in problems {
            self.push(problem);
        }
    }
}

struct Listing<'a> {
    problems: &'a Problems,
    file: &'a str,
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.listed.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{problem}", self.file)?;
        }
        let unlisted = self.problems.total - self.problems.listed.len() as u64;
        if unlisted > 0 {
            write!(f, "\n{}: ほかに{unlisted}件の誤りがあります", self.file)?;
        }
        Ok(())
    }
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file is not text at all.
    #[error(transparent)]
    File(#[from] FileProblem),
    /// The header or lines of it are wrong; every one found is listed.
    #[error("{}", .0.display("ファイル"))]
    Problems(Problems),
    /// Reading failed half-way.
    #[error("ファイルを読み取れません: {0}")]
    Read(#[from] io::Error),
}

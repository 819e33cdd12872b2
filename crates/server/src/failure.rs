//! Why a command did nothing.

use std::fmt;
use std::path::Path;

use ledger::{LedgerError, Problem, StoreError};

use crate::way_out::command_after;

/// Why a command was refused, with every bad place.
#[derive(Debug)]
pub struct Failure {
    message: String,
    file: Option<String>,
    problems: Vec<Problem>,
    hint: Option<&'static str>,
    is_of_usage: bool,
}

impl Failure {
    /// A refusal in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            file: None,
            problems: Vec::new(),
            hint: None,
            is_of_usage: false,
        }
    }

    /// A command line that asks for what there is not.
    pub fn of_usage(message: impl Into<String>) -> Self {
        Self {
            is_of_usage: true,
            ..Self::new(message)
        }
    }

    /// The same with what to look at, after the bad places.
    pub fn with_hint(self, hint: &'static str) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }

    /// Whether it was wrong usage (status 2) and no refusal (status 1).
    pub fn is_of_usage(&self) -> bool {
        self.is_of_usage
    }

    /// The same, its lines being those of a file.
    pub fn of_file(error: LedgerError, file: &Path) -> Self {
        Self {
            file: Some(file.display().to_string()),
            ..Self::from(error)
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let message = error.to_string();
        let hint = command_after(error.code());
        let mut problems = match error {
            LedgerError::Invalid { problems, .. } => problems,
            _ => Vec::new(),
        };
        // A refusal of one field is its own message.
        problems.retain(|problem| {
            let is_of_a_line = problem.line.is_some();
            is_of_a_line || !message.ends_with(&problem.reason)
        });
        Self {
            message,
            file: None,
            problems,
            hint,
            is_of_usage: false,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        LedgerError::from(error).into()
    }
}

/// The message, then a line for each bad place: `members.csv:12: 脱退日: …`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for problem in &self.problems {
            f.write_str("\n  ")?;
            match (&self.file, problem.line) {
                (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
                (None, Some(line)) => write!(f, "{line}行目: ")?,
                _ => {}
            }
            if let Some(column) = &problem.column {
                write!(f, "{column}: ")?;
            }
            f.write_str(&problem.reason)?;
        }
        if let Some(hint) = self.hint {
            write!(f, "\n{hint}")?;
        }
        Ok(())
    }
}

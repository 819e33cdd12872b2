//! Imports that run on while the caller asks how far they are: what is written down about them.
//!
//! The work itself is an ordinary import in a transaction of its own. What is kept here is only
//! which file it was and what became of it, so that the answer outlives the process that worked.

mod end_import;
mod get_import;
mod guess_table;
mod start_import;
mod trial;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{LedgerError, Problem};

pub use end_import::ImportOutcome;
pub use guess_table::tables_that_fit;
pub use start_import::{ImportStarted, StartImport};
pub use trial::{ImportFollowed, TrialTaken};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Somebody works on it.
    Running,
    /// It was taken in.
    Done,
    /// It was refused, by a rule or for bad lines; nothing of it was taken.
    Refused,
    /// The process that worked on it ended in the middle, or the database failed.
    Failed,
}

impl ImportState {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// Why an import was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportRefusal {
    /// The stable word for programs.
    #[schema(example = "file_unreadable")]
    pub code: String,
    /// What is wrong and what to do, in Japanese.
    pub message: String,
    /// Each bad line of the file.
    pub problems: Vec<Problem>,
}

impl From<&LedgerError> for ImportRefusal {
    fn from(error: &LedgerError) -> Self {
        let problems = match error {
            LedgerError::Invalid { problems, .. } => problems.clone(),
            _ => Vec::new(),
        };
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            problems,
        }
    }
}

/// An import asked for over REST.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportJob {
    /// Its name.
    #[schema(example = "0191d3a0-0000-4000-8000-000000000000")]
    pub id: String,
    /// What is imported: `applications`, `members` …
    #[schema(example = "applications")]
    pub table: String,
    /// The name under which the file was sent.
    pub file: Option<String>,
    /// Where it stands.
    pub state: ImportState,
    /// Lines read so far, where the process that is asked is the one that works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines_read: Option<u64>,
    /// When it began, UTC.
    #[schema(example = "2025-11-14T03:00:00Z")]
    pub started_at: String,
    /// When it ended, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// What the import gave, when it is done: the object that the same import on the command line
    /// prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    /// Why not, when it was refused or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<ImportRefusal>,
}

fn moment(at: chrono::NaiveDateTime) -> String {
    at.and_utc()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

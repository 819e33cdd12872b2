//! An import ends, or says that it goes on.

use serde_json::Value;
use store::tables::jobs;

use super::{ImportRefusal, ImportState};
use crate::tx::to_json;
use crate::{Ledger, LedgerError, Result};

/// What became of an import.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportOutcome {
    /// It was taken in; what it gave.
    Done(Value),
    /// It was refused; why.
    Refused(ImportRefusal),
    /// The database or a file failed; how.
    Failed(ImportRefusal),
}

impl From<&LedgerError> for ImportOutcome {
    fn from(error: &LedgerError) -> Self {
        let refusal = ImportRefusal::from(error);
        match error {
            LedgerError::Store(_) | LedgerError::File { .. } | LedgerError::Corrupt(_) => {
                Self::Failed(refusal)
            }
            _ => Self::Refused(refusal),
        }
    }
}

impl Ledger {
    /// Records what became of an import.
    pub fn end_import(&self, id: &str, outcome: &ImportOutcome) -> Result<()> {
        let (state, json) = match outcome {
            ImportOutcome::Done(result) => (ImportState::Done, to_json(result)?),
            ImportOutcome::Refused(refusal) => (ImportState::Refused, to_json(refusal)?),
            ImportOutcome::Failed(refusal) => (ImportState::Failed, to_json(refusal)?),
        };
        let ended_at = self.now().naive_utc();
        self.write_unaudited(|connection| {
            Ok(jobs::end(connection, id, state.word(), &json, ended_at)?)
        })
    }

    /// Notes that the process which works on an import still does.
    pub fn beat_import(&self, id: &str) -> Result<()> {
        let now = self.now().naive_utc();
        self.write_unaudited(|connection| Ok(jobs::beat(connection, id, now)?))
    }
}

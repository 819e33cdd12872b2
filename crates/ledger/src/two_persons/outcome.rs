//! What came of an action that may need a second person.

use serde::{Deserialize, Serialize};

use super::PendingActionView;

/// What came of an action that may need a second person: in JSON the one or the other as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[must_use = "it may not have been done yet"]
pub enum Outcome<T> {
    /// It is done.
    Done(T),
    /// It waits for another person's approval; nothing is done yet.
    Pending(Box<PendingActionView>),
}

impl<T> Outcome<T> {
    /// What was done; the other way round, what waits.
    pub fn done(self) -> Result<T, Box<PendingActionView>> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Pending(pending) => Err(pending),
        }
    }
}

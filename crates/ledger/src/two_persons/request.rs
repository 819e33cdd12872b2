//! What can wait for a second person, and how it is carried out then.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::accounting::{PostJournalEntry, RecordPayout, ReverseJournalEntry};
use crate::error::stored;
use crate::settlement::RefundCharge;
use crate::tx::{Tx, to_json};
use crate::{Operation, Result};

/// An action that needs a second person (R17).
pub(crate) trait NeedsApproval: Clone {
    /// What it gives when it is done.
    type Answer;

    /// Does it, under the name of the transaction's actor.
    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<Self::Answer>;

    /// The same as it is kept, with the day that it is dated written out: that of today must not become
    /// that of the approval.
    fn dated(self, today: NaiveDate) -> PendingRequest;
}

/// What waits for a second person: the use case, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "operation", content = "request", rename_all = "snake_case")]
pub enum PendingRequest {
    /// A manual entry.
    PostJournalEntry(PostJournalEntry),
    /// The reversal of an entry.
    ReverseJournalEntry(ReverseJournalEntry),
    /// A payout to an organisation, or what it gives back.
    RecordPayout(RecordPayout),
    /// A collected gift to give back.
    RefundCharge(RefundCharge),
}

impl PendingRequest {
    /// The use case that it waits for.
    pub fn operation(&self) -> Operation {
        match self {
            Self::PostJournalEntry(_) => Operation::PostJournalEntry,
            Self::ReverseJournalEntry(_) => Operation::ReverseJournalEntry,
            Self::RecordPayout(_) => Operation::RecordPayout,
            Self::RefundCharge(_) => Operation::RefundCharge,
        }
    }

    /// What it is called on screens.
    pub fn label_ja(&self) -> &'static str {
        match self {
            Self::PostJournalEntry(_) => "手入力の仕訳",
            Self::ReverseJournalEntry(_) => "仕訳の取り消し",
            Self::RecordPayout(_) => "団体への送金",
            Self::RefundCharge(_) => "組合員への返金",
        }
    }

    /// JSON of what is asked of the use case, as the database keeps it.
    pub(super) fn to_stored(&self) -> Result<String> {
        match self {
            Self::PostJournalEntry(request) => to_json(request),
            Self::ReverseJournalEntry(request) => to_json(request),
            Self::RecordPayout(request) => to_json(request),
            Self::RefundCharge(request) => to_json(request),
        }
    }

    /// Reads what the database keeps.
    pub(super) fn from_stored(operation: &str, request: &str) -> Result<Self> {
        let what = "pending_actions.request";
        let request: Value = stored(what, serde_json::from_str(request))?;
        let tagged = json!({ "operation": operation, "request": request });
        stored(what, serde_json::from_value(tagged))
    }

    /// Carries it out and gives the number of the journal entry that came of it.
    pub(super) fn carry_out(&self, tx: &mut Tx<'_>) -> Result<i64> {
        Ok(match self {
            Self::PostJournalEntry(request) => request.carry_out(tx)?.entry_id,
            Self::ReverseJournalEntry(request) => request.carry_out(tx)?.entry_id,
            Self::RecordPayout(request) => request.carry_out(tx)?.entry_id,
            Self::RefundCharge(request) => request.carry_out(tx)?.entry_id,
        })
    }
}

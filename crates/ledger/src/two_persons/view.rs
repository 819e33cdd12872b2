//! What waits for a second person, as people see it.

use chrono::{DateTime, Utc};
use domain::{ApprovalGround, PendingState};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::pending_actions::{self, PendingAction};

use super::PendingRequest;
use crate::error::stored;
use crate::{LedgerError, Result};

/// What one person of finance entered and another has to approve (承認待ち), and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PendingActionView {
    /// Its number.
    pub pending_id: i64,
    /// `pending`, `approved`, `rejected` or `withdrawn`.
    #[schema(value_type = String, example = "pending")]
    pub state: PendingState,
    /// The use case and what is asked of it, with the day that it is dated.
    #[serde(flatten)]
    pub action: PendingRequest,
    /// Who entered it.
    pub submitted_by: String,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// Who approved, rejected or withdrew it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why the approval was enough: `second_person`, `one_person_office` or `operator`.
    #[schema(value_type = Option<String>, example = "second_person")]
    pub ground: Option<ApprovalGround>,
    /// Why it was rejected.
    pub decision_reason: Option<String>,
    /// The journal entry that came of it.
    pub entry_id: Option<i64>,
}

impl PendingActionView {
    /// What the database keeps.
    pub(crate) fn of(kept: PendingAction) -> Result<Self> {
        let state = PendingState::from_stored(&kept.state);
        let ground = kept.ground.as_deref().map(ApprovalGround::from_stored);
        Ok(Self {
            pending_id: kept.id,
            state: stored("pending_actions.state", state)?,
            action: PendingRequest::from_stored(&kept.operation, &kept.request)?,
            submitted_by: kept.submitted_by,
            submitted_at: kept.submitted_at.and_utc(),
            decided_by: kept.decided_by,
            decided_at: kept.decided_at.map(|at| at.and_utc()),
            ground: stored("pending_actions.ground", ground.transpose())?,
            decision_reason: kept.decision_reason,
            entry_id: kept.entry_id,
        })
    }
}

/// How the audit log names what led to a state.
pub(crate) const fn event_of(state: PendingState) -> &'static str {
    match state {
        PendingState::Pending => "submit_pending_action",
        PendingState::Approved => "approve_pending_action",
        PendingState::Rejected => "reject_pending_action",
        PendingState::Withdrawn => "withdraw_pending_action",
    }
}

/// How the audit log names it.
pub(super) fn subject(id: i64) -> String {
    format!("pending_action:{id}")
}

/// What has this number. Refuses a number that nothing has.
pub(super) fn find(connection: &mut DbConnection, id: i64) -> Result<PendingAction> {
    pending_actions::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found("pending_not_found", format!("承認待ち {id} はありません"))
    })
}

//! Deciding what waits for a second person: approve, reject, withdraw; once.

use domain::{ApprovalGround, PendingState};
use serde::{Deserialize, Serialize};
use store::lock;
use store::proof::pending_actions::KeptPendingAction;
use store::tables::pending_actions::{self, Decision, PendingAction};

use super::view::{event_of, find, subject};
use super::{PendingActionView, PendingRequest};
use crate::call::given_reason;
use crate::error::stored;
use crate::tx::{Event, Tx};
use crate::{Actor, Call, Ledger, LedgerError, Operation, Result};

/// Why it is rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectPendingAction {
    /// The reason, in the person's own words.
    #[schema(example = "請求書の金額と違う")]
    pub reason: String,
}

impl Ledger {
    /// Approves what another person entered and carries it out, in one transaction: recorded under the
    /// name of who entered it, the approval in the audit log (R17). Of many at once exactly one wins.
    ///
    /// # Errors
    /// Refuses who entered it, what was decided already, and whatever the action itself refuses by now;
    /// then it goes on waiting.
    pub fn approve_pending_action(
        &self,
        call: &Call,
        pending_id: i64,
    ) -> Result<PendingActionView> {
        let operation = Operation::ApprovePendingAction;
        self.write(call, operation, &pending_id, |tx| approve(tx, pending_id))
    }

    /// Rejects what another person entered, with a reason: nothing comes of it.
    ///
    /// # Errors
    /// Refuses who entered it (they withdraw it), and what was decided already.
    pub fn reject_pending_action(
        &self,
        call: &Call,
        pending_id: i64,
        request: &RejectPendingAction,
    ) -> Result<PendingActionView> {
        let operation = Operation::RejectPendingAction;
        self.write(call, operation, &(pending_id, request), |tx| {
            let reason = given_reason(&request.reason)?;
            let waiting = Waiting::locked(tx, pending_id)?;
            waiting.ground(tx)?;
            waiting.decide(tx, PendingState::Rejected, None, Some(reason))
        })
    }

    /// Takes back what one entered oneself, while nobody has decided it.
    ///
    /// # Errors
    /// Refuses anybody else, and what was decided already.
    pub fn withdraw_pending_action(
        &self,
        call: &Call,
        pending_id: i64,
    ) -> Result<PendingActionView> {
        let operation = Operation::WithdrawPendingAction;
        self.write(call, operation, &pending_id, |tx| {
            let waiting = Waiting::locked(tx, pending_id)?;
            waiting.require_own(tx)?;
            waiting.decide(tx, PendingState::Withdrawn, None, None)
        })
    }
}

fn approve(tx: &mut Tx<'_>, pending_id: i64) -> Result<PendingActionView> {
    let waiting = Waiting::locked(tx, pending_id)?;
    let ground = waiting.ground(tx)?;
    let request = PendingRequest::from_stored(&waiting.kept.operation, &waiting.kept.request)?;
    let submitter = Actor::recorded(&waiting.kept.submitted_by);
    let entry_id = tx.in_the_name_of(&submitter, |tx| request.carry_out(tx))?;
    waiting.decide(tx, PendingState::Approved, Some((ground, entry_id)), None)
}

/// What still waits, and is nobody else's to decide until the transaction ends.
struct Waiting {
    kept: PendingAction,
}

impl Waiting {
    fn locked(tx: &mut Tx<'_>, id: i64) -> Result<Self> {
        lock::pending_action(tx.connection, id)?;
        let kept = find(tx.connection, id)?;
        let state = PendingState::from_stored(&kept.state);
        match stored("pending_actions.state", state)? {
            PendingState::Pending => Ok(Self { kept }),
            state => Err(decided_already(&kept, state)),
        }
    }

    /// On what ground the one who asks may decide it. Refuses who entered it (R17).
    fn ground(&self, tx: &Tx<'_>) -> Result<ApprovalGround> {
        tx.ground_to_approve(&self.kept.submitted_by).ok_or_else(|| {
            LedgerError::refused(
                "needs_second_person",
                format!(
                    "承認待ち {} は {} が自分で入力したものです。経理の別の人が承認してください（取り下げることはできます）",
                    self.kept.id, self.kept.submitted_by
                ),
            )
        })
    }

    /// Refuses anybody but who entered it, and the operator.
    fn require_own(&self, tx: &Tx<'_>) -> Result<()> {
        let submitted_by = &self.kept.submitted_by;
        if tx.access.is_operator() || tx.access.is_same_person_as(submitted_by) {
            return Ok(());
        }
        Err(LedgerError::refused(
            "not_submitter",
            format!(
                "承認待ち {} を取り下げられるのは、入力した {submitted_by} だけです。認めないときは、理由を付けて却下してください",
                self.kept.id
            ),
        ))
    }

    fn decide(
        &self,
        tx: &mut Tx<'_>,
        state: PendingState,
        approved: Option<(ApprovalGround, i64)>,
        reason: Option<&str>,
    ) -> Result<PendingActionView> {
        let id = self.kept.id;
        let decision = Decision {
            state: state.as_str(),
            ground: approved.map(|(ground, _)| ground.as_str()),
            decided_by: tx.actor.as_str(),
            decided_at: tx.recorded_at(),
            decision_reason: reason,
            entry_id: approved.map(|(_, entry_id)| entry_id),
        };
        pending_actions::decide(tx.connection, id, &decision)?;
        let kept = find(tx.connection, id)?;
        let content = KeptPendingAction::from(kept.clone()).decided_sha256();
        let view = PendingActionView::of(kept)?;
        let event = Event {
            action: event_of(state),
            coop_id: None,
            subject: subject(id),
            reason,
        };
        tx.audit_content(&event, None::<&()>, Some(&view), Some(content))?;
        Ok(view)
    }
}

/// Somebody was first: says who, and when in Japan.
fn decided_already(kept: &PendingAction, state: PendingState) -> LedgerError {
    let day = kept.decided_at.map(|at| domain::japan_date(at.and_utc()));
    LedgerError::refused(
        "pending_already_decided",
        format!(
            "承認待ち {} は、{} に {} が決めています（{}）",
            kept.id,
            day.map_or_else(String::new, |day| day.to_string()),
            kept.decided_by.as_deref().unwrap_or_default(),
            state.label_ja()
        ),
    )
}

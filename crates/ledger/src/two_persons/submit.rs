//! Entering what needs a second person: done at once where one is enough, else tried out and kept.

use domain::PendingState;
use sha2::{Digest, Sha256};
use store::lock;
use store::proof::pending_actions::KeptPendingAction;
use store::tables::pending_actions::{self, NewPendingAction, PendingAction};

use super::view::{PendingActionView, event_of, find, subject};
use super::{NeedsApproval, Outcome, PendingRequest};
use crate::tx::{Event, Tx};
use crate::{LedgerError, Result};

/// Does what is asked where the one who asks needs nobody else; otherwise tries it out, so that a
/// refusal is told at once, undoes that, and keeps it until another person approves it (R17).
///
/// # Errors
/// Refuses what the action itself refuses, and the very same while it waits already.
pub(crate) fn done_or_submitted<R: NeedsApproval>(
    tx: &mut Tx<'_>,
    request: &R,
) -> Result<Outcome<R::Answer>> {
    if tx.ground_alone().is_some() {
        return request.carry_out(tx).map(Outcome::Done);
    }
    let request = request.clone().dated(tx.today);
    submit(tx, &request).map(|pending| Outcome::Pending(Box::new(pending)))
}

fn submit(tx: &mut Tx<'_>, request: &PendingRequest) -> Result<PendingActionView> {
    let operation = request.operation().as_str();
    let text = request.to_stored()?;
    let sha256 = hex::encode(Sha256::digest(&text));
    lock::pending_request(tx.connection, operation, &sha256)?;
    if let Some(waiting) = pending_actions::find_waiting(tx.connection, operation, &sha256)? {
        return Err(entered_already(request, &waiting));
    }
    tx.try_out(|tx| request.carry_out(tx))?;
    let action = NewPendingAction {
        operation,
        request: &text,
        request_sha256: &sha256,
        submitted_by: tx.actor.as_str(),
        submitted_at: tx.recorded_at(),
    };
    let id = pending_actions::insert(tx.connection, &action)?;
    let kept = find(tx.connection, id)?;
    let content = KeptPendingAction::from(kept.clone()).submitted_sha256();
    let view = PendingActionView::of(kept)?;
    let event = Event {
        action: event_of(PendingState::Pending),
        coop_id: None,
        subject: subject(id),
        reason: None,
    };
    tx.audit_content(&event, None::<&()>, Some(&view), Some(content))?;
    Ok(view)
}

fn entered_already(request: &PendingRequest, waiting: &PendingAction) -> LedgerError {
    LedgerError::Refused {
        code: "pending_already",
        message: format!(
            "同じ内容の{}が承認待ちです（承認待ち {}、{} に {} が入力）。その承認を待つか、別のものなら摘要やメモで区別してください",
            request.label_ja(),
            waiting.id,
            domain::japan_date(waiting.submitted_at.and_utc()),
            waiting.submitted_by
        ),
        details: Some(serde_json::json!({ "pending_id": waiting.id })),
    }
}

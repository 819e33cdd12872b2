//! Approving a batch before it is handed over: by another person than who closed it (R17).

use chrono::{DateTime, Utc};
use domain::ApprovalGround;
use serde::{Deserialize, Serialize};
use store::lock;
use store::proof::batches::KeptApproval;
use store::tables::batch_approvals::{self, BatchApproval};
use store::tables::batches::{self, Batch};
use store::tables::exports;

use super::batches::find_batch;
use crate::error::stored;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The approval of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchApprovalView {
    /// The batch.
    pub batch_id: i64,
    /// Who approved that it is handed over.
    pub approved_by: String,
    /// When.
    pub approved_at: DateTime<Utc>,
    /// Why that was enough: `second_person`; `one_person_office`, by its settings; `operator`, by
    /// command.
    #[schema(value_type = String, example = "second_person")]
    pub ground: ApprovalGround,
}

impl BatchApprovalView {
    pub(super) fn of(approval: BatchApproval) -> Result<Self> {
        let ground = ApprovalGround::from_stored(&approval.ground);
        Ok(Self {
            batch_id: approval.batch_id,
            approved_by: approval.approved_by,
            approved_at: approval.approved_at.and_utc(),
            ground: stored("batch_approvals.ground", ground)?,
        })
    }
}

impl Ledger {
    /// Approves that a batch is handed over, once; from then on it can be exported (R10, R17). Of many
    /// at once exactly one wins.
    ///
    /// # Errors
    /// Refuses an unknown batch, a voided one, one that is approved already, and, unless the office has
    /// one person, who closed it.
    pub fn approve_batch(&self, call: &Call, batch_id: i64) -> Result<BatchApprovalView> {
        self.write(call, Operation::ApproveBatch, &batch_id, |tx| {
            let found = find_batch(tx.connection, batch_id)?;
            lock::coop_exclusive(tx.connection, found.coop_id)?;
            let batch = find_batch(tx.connection, batch_id)?;
            if batch.state == batches::VOIDED {
                return Err(LedgerError::refused(
                    "batch_voided",
                    format!(
                        "請求データ {batch_id} は取り消されたので、承認できません。締め直したものを承認してください"
                    ),
                ));
            }
            if let Some(approval) = batch_approvals::find(tx.connection, batch_id)? {
                return Err(approved_already(&approval));
            }
            let ground = tx.ground_to_approve(&batch.closed_by).ok_or_else(|| {
                LedgerError::refused(
                    "needs_second_person",
                    format!(
                        "請求データ {batch_id} は {} が締めたものです。出力の承認は、経理の別の人がしてください",
                        batch.closed_by
                    ),
                )
            })?;
            record(tx, &batch, ground)
        })
    }
}

/// Makes sure that a batch is approved before it leaves the house. Whoever needs nobody else approves it
/// with the export itself; what was exported once needs no more.
///
/// # Errors
/// Refuses a batch that nobody has approved.
pub(super) fn require_approval(tx: &mut Tx<'_>, batch: &Batch) -> Result<()> {
    let is_approved = batch_approvals::find(tx.connection, batch.id)?.is_some()
        || !exports::of_batch(tx.connection, batch.id)?.is_empty();
    if is_approved {
        return Ok(());
    }
    let Some(ground) = tx.ground_alone() else {
        return Err(LedgerError::Refused {
            code: "batch_not_approved",
            message: format!(
                "請求データ {} は、まだ出力の承認がありません。締めた {} とは別の経理の人が承認してから出力してください",
                batch.id, batch.closed_by
            ),
            details: Some(serde_json::json!({ "batch_id": batch.id })),
        });
    };
    record(tx, batch, ground).map(drop)
}

fn record(tx: &mut Tx<'_>, batch: &Batch, ground: ApprovalGround) -> Result<BatchApprovalView> {
    let approval = BatchApproval {
        batch_id: batch.id,
        ground: ground.as_str().to_owned(),
        approved_by: tx.actor.as_str().to_owned(),
        approved_at: tx.recorded_at(),
    };
    batch_approvals::insert(tx.connection, &approval)?;
    let content = KeptApproval::from(approval.clone()).sha256();
    let view = BatchApprovalView::of(approval)?;
    let event = Event {
        action: "approve_batch",
        coop_id: Some(batch.coop_id),
        subject: format!("batch:{}", batch.id),
        reason: None,
    };
    tx.audit_content(&event, None::<&()>, Some(&view), Some(content))?;
    Ok(view)
}

/// Somebody was first: says who, and when in Japan.
fn approved_already(approval: &BatchApproval) -> LedgerError {
    LedgerError::refused(
        "batch_already_approved",
        format!(
            "請求データ {} は、{} に {} が承認しています。そのまま出力できます",
            approval.batch_id,
            domain::japan_date(approval.approved_at.and_utc()),
            approval.approved_by
        ),
    )
}

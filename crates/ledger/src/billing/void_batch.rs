//! Voiding a batch that nobody has been handed yet (R10, R11).

use domain::{CollectionMonth, CoopCode, Yen};
use serde::{Deserialize, Serialize};
use store::lock;
use store::proof::batches::KeptBatch;
use store::tables::batches::{self, Batch};
use store::tables::{charges, exports, month_closings};

use super::coop_month::{CoopMonth, MonthState};
use crate::call::given_reason;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Which batch to void, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidBatch {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month; the latest where none is given.
    #[serde(default)]
    pub sequence: Option<i32>,
    /// Why.
    pub reason: String,
}

/// A voided batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchVoided {
    /// Its number; none where the month had been closed with nothing to charge.
    pub batch_id: Option<i64>,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: Option<i32>,
    /// How many charges count no more.
    pub charges: i64,
    /// Yen that count no more.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Whether the month is open again.
    pub reopened: bool,
}

impl Ledger {
    /// Voids a batch with a reason: its charges count no more, and what they charged is due again.
    /// Where it was the one that closed the month, the month is open again. Its sequence is never
    /// used again (R10).
    ///
    /// # Errors
    /// Refuses a batch that was exported, one that is not the month's latest, one that closed its
    /// month while a later month is closed, and one with members who were carried over since.
    pub fn void_batch(&self, call: &Call, request: VoidBatch) -> Result<BatchVoided> {
        self.write(call, Operation::VoidBatch, &request, |tx| {
            void(tx, &request)
        })
    }
}

fn void(tx: &mut Tx<'_>, request: &VoidBatch) -> Result<BatchVoided> {
    let target = CoopMonth::find(tx.connection, &request.coop, request.month)?;
    let reason = given_reason(&request.reason)?;
    lock::coop_exclusive(tx.connection, target.coop.id)?;
    let state = target.state(tx.connection)?;
    let batch = choose(tx, &target, &state, request.sequence)?;
    let reopened = state
        .closing
        .as_ref()
        .is_some_and(|closing| closing.batch_id == batch.as_ref().map(|batch| batch.id));
    if reopened {
        check_last_closed(&target, &state)?;
    }
    let now = tx.recorded_at();
    if let Some(batch) = &batch {
        check_not_exported(tx, batch)?;
        check_nobody_moved(tx, &target, batch)?;
        batches::set_voided(tx.connection, batch.id, tx.actor.as_str(), now, reason)?;
        charges::void_batch(tx.connection, batch.id)?;
    }
    if reopened {
        let month = target.month.as_int();
        month_closings::reopen(tx.connection, target.coop.id, month, now)?;
    }
    let voided = BatchVoided {
        batch_id: batch.as_ref().map(|batch| batch.id),
        coop: request.coop.clone(),
        month: target.month,
        sequence: batch.as_ref().map(|batch| batch.sequence),
        charges: batch.as_ref().map_or(0, |batch| batch.charges),
        amount: Yen::new(batch.as_ref().map_or(0, |batch| batch.amount)),
        reopened,
    };
    let event = Event {
        action: "void_batch",
        coop_id: Some(target.coop.id),
        subject: match voided.batch_id {
            Some(id) => format!("batch:{id}"),
            None => format!("month:{}:{}", target.coop.code, target.month),
        },
        reason: Some(reason),
    };
    let sealed = match voided.batch_id {
        Some(id) => batches::find(tx.connection, id)?.map(KeptBatch::from),
        None => None,
    };
    let content = sealed.and_then(|batch| batch.voided_sha256());
    tx.audit_content(&event, None::<&()>, Some(&voided), content)?;
    Ok(voided)
}

/// The month's latest batch; none where the month was closed with nothing to charge.
fn choose(
    tx: &mut Tx<'_>,
    target: &CoopMonth,
    state: &MonthState,
    sequence: Option<i32>,
) -> Result<Option<Batch>> {
    let latest = state.live.last();
    if let Some(sequence) = sequence
        && latest.is_none_or(|latest| latest.sequence != sequence)
    {
        let (coop, month) = (target.coop.id, target.month.as_int());
        let asked = batches::find_sequence(tx.connection, coop, month, sequence)?;
        return Err(not_the_latest(target, asked.as_ref(), latest, sequence));
    }
    match latest {
        Some(latest) => Ok(Some(latest.clone())),
        None if state.closing.is_some() => Ok(None),
        None => Err(LedgerError::refused(
            "batch_not_found",
            format!(
                "{}は締められていないので、取り消すものがありません",
                target.label()
            ),
        )),
    }
}

fn not_the_latest(
    target: &CoopMonth,
    asked: Option<&Batch>,
    latest: Option<&Batch>,
    sequence: i32,
) -> LedgerError {
    let label = target.label();
    match (asked, latest) {
        (None, _) => LedgerError::not_found(
            "batch_not_found",
            format!("{label}に回次 {sequence} の請求データはありません"),
        ),
        (Some(asked), _) if asked.state == batches::VOIDED => LedgerError::refused(
            "batch_already_voided",
            format!("{label}の回次 {sequence} はすでに取り消されています"),
        ),
        (Some(_), latest) => LedgerError::refused(
            "batch_not_latest",
            format!(
                "{label}の回次 {sequence} より新しい回次 {} があります。新しい回次から取り消してください",
                latest.map_or(0, |latest| latest.sequence)
            ),
        ),
    }
}

fn check_last_closed(target: &CoopMonth, state: &MonthState) -> Result<()> {
    match state.last_closed {
        Some(last) if last > target.month => Err(LedgerError::refused(
            "later_month_closed",
            format!(
                "{}は取り消せません。あとの{}分まで締められています。直すものは次の回次か翌月に入れてください",
                target.label(),
                last.label_ja()
            ),
        )),
        _ => Ok(()),
    }
}

/// Who has moved since was carried over as charged for this month: charged no more here, they would
/// be charged nowhere (R8).
fn check_nobody_moved(tx: &mut Tx<'_>, target: &CoopMonth, batch: &Batch) -> Result<()> {
    let first_day = target.month.first_day();
    let moved = charges::of_members_moved_before(tx.connection, batch.id, first_day)?;
    let Some(number) = moved.first() else {
        return Ok(());
    };
    let more = if moved.len() > 1 { " ほか" } else { "" };
    Err(LedgerError::refused(
        "members_moved_since",
        format!(
            "請求データ {} には、締めたあとで異動を取り込んだ組合員（{number}{more}）の請求があります。異動先での請求は次の月からなので、取り消すとこの月はどこにも請求されなくなります。直すものは次の回次か翌月に入れてください",
            batch.id
        ),
    ))
}

fn check_not_exported(tx: &mut Tx<'_>, batch: &Batch) -> Result<()> {
    let exports = exports::of_batch(tx.connection, batch.id)?;
    let Some(first) = exports.first() else {
        return Ok(());
    };
    Err(LedgerError::refused(
        "batch_exported",
        format!(
            "請求データ {}（回次 {}）は {} に {} が出力したので取り消せません。あとから来たものは、次の回次か翌月で請求します",
            batch.id,
            batch.sequence,
            domain::japan_date(first.exported_at.and_utc()),
            first.actor
        ),
    ))
}

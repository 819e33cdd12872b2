//! Closing a month: what is due becomes the charges of a batch, once (R9–R11).

use domain::{ChargeKey, CollectionMonth, CoopCode, Yen};
use serde::{Deserialize, Serialize};
use store::due::{self, DueSums};
use store::lock;
use store::proof;
use store::proof::batches::KeptBatch;
use store::tables::batches::{self, NewBatch};
use store::tables::donations;
use store::tables::month_closings::{self, NewMonthClosing};

use super::coop_month::{CoopMonth, MonthState};
use super::holds;
use crate::call::given_reason;
use crate::error::stored;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Which month to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBatch {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Why it is closed ahead of its time; needed only then.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A closed batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchClosed {
    /// Its number; none where there was nothing to charge.
    pub batch_id: Option<i64>,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month, from 1; none where there was nothing to charge.
    pub sequence: Option<i32>,
    /// How many charges.
    pub charges: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
}

impl Ledger {
    /// Closes a month of a co-op: charges every pledge and gift due, in one batch, and records its
    /// count, total and totals per order number (R10). A month closed before gets what came late
    /// as a delta, under the next sequence; one without anything to charge is closed without a
    /// batch.
    ///
    /// # Errors
    /// Refuses a month out of order without a reason, a first one with gifts left behind before it, one ahead of
    /// today's without a reason, one that applications are held for, and one that is closed and
    /// has nothing new (R11).
    pub fn close_batch(&self, call: &Call, request: CloseBatch) -> Result<BatchClosed> {
        self.write(call, Operation::CloseBatch, &request, |tx| {
            close(tx, &request)
        })
    }
}

fn close(tx: &mut Tx<'_>, request: &CloseBatch) -> Result<BatchClosed> {
    let target = CoopMonth::find(tx.connection, &request.coop, request.month)?;
    let reason = request.reason.as_deref().map(given_reason).transpose()?;
    lock::coop_exclusive(tx.connection, target.coop.id)?;
    let state = target.state(tx.connection)?;
    state.refuse_before_first(&target)?;
    if state.closing.is_none() {
        check_order(&target, &state, reason)?;
        check_nothing_before(tx, &target, &state)?;
        check_not_ahead(tx, &target, &state, reason)?;
        holds::refuse_if_any(tx.connection, &target, &state)?;
        close_between(tx, &target, &state, reason)?;
    }
    let sums = due::stage(tx.connection, target.due())?;
    let batch = if sums.charges == 0 {
        due::unstage(tx.connection)?;
        None
    } else {
        Some(make_batch(tx, &target, &state, sums, reason)?)
    };
    if state.closing.is_none() {
        let closing = NewMonthClosing {
            coop_id: target.coop.id,
            month: target.month.as_int(),
            batch_id: batch.map(|(id, _)| id),
            actor: tx.actor.as_str(),
            closed_at: tx.recorded_at(),
            reason,
        };
        month_closings::insert(tx.connection, &closing)?;
    } else if batch.is_none() {
        return Err(nothing_new(&target, &state));
    }
    let closed = BatchClosed {
        batch_id: batch.map(|(id, _)| id),
        coop: request.coop.clone(),
        month: target.month,
        sequence: batch.map(|(_, sequence)| sequence),
        charges: sums.charges,
        units: sums.units,
        amount: Yen::new(sums.amount),
    };
    let subject = match closed.batch_id {
        Some(id) => format!("batch:{id}"),
        None => format!("month:{}:{}", target.coop.code, target.month),
    };
    let event = Event {
        action: "close_batch",
        coop_id: Some(target.coop.id),
        subject,
        reason,
    };
    let sealed = match closed.batch_id {
        Some(id) => batches::find(tx.connection, id)?.map(KeptBatch::from),
        None => None,
    };
    let content = sealed.map(|batch| batch.closed_sha256());
    tx.audit_content(&event, None::<&()>, Some(&closed), content)?;
    Ok(closed)
}

/// The first month to close may be any, but none after a gift that it would leave behind: no month
/// before the first is ever billed.
fn check_nothing_before(tx: &mut Tx<'_>, target: &CoopMonth, state: &MonthState) -> Result<()> {
    if state.last_closed.is_some() {
        return Ok(());
    }
    let first = state.next_to_close().unwrap_or(target.month);
    let month = first.min(target.month).as_int();
    let Some((first, gifts)) = donations::uncharged_before(tx.connection, target.coop.id, month)?
    else {
        return Ok(());
    };
    let first = stored(
        "donations.collection_month",
        CollectionMonth::from_int(first),
    )?;
    Err(LedgerError::refused(
        "gifts_before_first",
        format!(
            "{}から締め始めると、それより前の月の寄付 {gifts}件がどの月にも請求されません。先に{}分（{first}）を締めるか、その申込を取り消してください",
            target.label(),
            first.label_ja()
        ),
    ))
}

/// Months close in order; the very first may be any. More than one month past the last closed, or
/// past a first one that was voided, needs a reason (R11).
fn check_order(target: &CoopMonth, state: &MonthState, reason: Option<&str>) -> Result<()> {
    if state.is_earliest_open(target.month) || reason.is_some() {
        return Ok(());
    }
    let next = state.next_to_close();
    Err(LedgerError::refused(
        "month_out_of_order",
        format!(
            "{}はまだ締められません。月は順に締めます。先に{}分を締めてください（請求するものがない月も締めます）。飛ばして締めるときは、経理が理由を付けてください",
            target.label(),
            next.map_or_else(String::new, CollectionMonth::label_ja)
        ),
    ))
}

/// Where finance closes past months that are open, those close with it, without a batch: so none is
/// skipped, and closing one of them again charges what is due in it as a delta (R11).
fn close_between(
    tx: &mut Tx<'_>,
    target: &CoopMonth,
    state: &MonthState,
    reason: Option<&str>,
) -> Result<()> {
    let mut between = state.next_to_close();
    while let Some(month) = between.filter(|month| *month < target.month) {
        let closing = NewMonthClosing {
            coop_id: target.coop.id,
            month: month.as_int(),
            batch_id: None,
            actor: tx.actor.as_str(),
            closed_at: tx.recorded_at(),
            reason,
        };
        month_closings::insert(tx.connection, &closing)?;
        between = month.next();
    }
    Ok(())
}

/// A month past today's needs a reason, except a co-op's very first (R11).
fn check_not_ahead(
    tx: &Tx<'_>,
    target: &CoopMonth,
    state: &MonthState,
    reason: Option<&str>,
) -> Result<()> {
    let todays = CollectionMonth::from_date(tx.today)
        .map_err(|e| LedgerError::invalid("today_out_of_range", e.to_string()))?;
    if reason.is_some() || state.last_closed.is_none() || target.month <= todays {
        return Ok(());
    }
    Err(LedgerError::refused(
        "month_ahead",
        format!(
            "{}は今月（{}）より先の月です。先に締めるときは、経理が理由を付けてください",
            target.label(),
            todays.label_ja()
        ),
    ))
}

fn make_batch(
    tx: &mut Tx<'_>,
    target: &CoopMonth,
    state: &MonthState,
    sums: DueSums,
    reason: Option<&str>,
) -> Result<(i64, i32)> {
    let sequence = state.next_sequence();
    if i64::from(sequence) > ChargeKey::SEQUENCE_MAX || sums.charges > ChargeKey::RANK_MAX {
        return Err(LedgerError::refused(
            "batch_too_large",
            format!(
                "{}の請求データが多すぎます（回次は{}まで、明細は1回次に{}件まで）。翌月にまとめてください",
                target.label(),
                ChargeKey::SEQUENCE_MAX,
                ChargeKey::RANK_MAX
            ),
        ));
    }
    let batch = NewBatch {
        coop_id: target.coop.id,
        month: target.month.as_int(),
        sequence,
        charges: sums.charges,
        units: sums.units,
        amount: sums.amount,
        closed_by: tx.actor.as_str(),
        closed_at: tx.recorded_at(),
        reason,
    };
    let id = batches::insert(tx.connection, &batch)?;
    due::freeze(tx.connection, id)?;
    let sha256 = proof::charges::digest(tx.connection, id)?;
    batches::set_charges_sha256(tx.connection, id, &sha256)?;
    Ok((id, sequence))
}

/// Somebody was first: says who, and when in Japan.
fn nothing_new(target: &CoopMonth, state: &MonthState) -> LedgerError {
    let latest = state.live.last();
    let closed_by = state.closing.as_ref().map_or_else(String::new, |closing| {
        let (at, actor, what) = match latest {
            Some(batch) => (
                batch.closed_at,
                &batch.closed_by,
                format!("請求データ {}", batch.id),
            ),
            None => (closing.closed_at, &closing.actor, "請求なし".to_owned()),
        };
        let day = domain::japan_date(at.and_utc());
        format!("{day} に {actor} が締めました（{what}）")
    });
    LedgerError::refused(
        "already_closed",
        format!(
            "{}は、{closed_by}。その後に新しく請求するものはありません",
            target.label()
        ),
    )
}

//! What the next close of a month would charge, and how that comes from last month (R12).

use domain::{Bridge, BridgeStep, CollectionMonth, CoopCode, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::bridge_facts::{self, FactCount};
use store::tables::{batches, month_closings};

use super::coop_month::CoopMonth;
use super::facts::bridge_fact;
use super::holds::{self, HoldInTheWay};
use super::pending::{self, PendingCharges};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// One step of the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BridgeStepView {
    /// The step.
    #[schema(value_type = String, example = "raised")]
    pub step: BridgeStep,
    /// Its Japanese name.
    pub label: String,
    /// Signed yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// How many lines it opens to.
    pub charges: i64,
}

/// How far the month before is closed: whether its figure says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LastMonth {
    /// Closed: its figure is what was billed.
    Closed,
    /// Open still, or again: it comes to 0 because it is not closed.
    Open,
    /// Before the co-op's first month of billing: there is nothing to compare with.
    BeforeFirst,
}

/// What the next close would write. `last_month` and the bridge's amounts sum to `amount`, to the
/// yen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchPreview {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Whether the month is closed: the next close would be a delta.
    pub is_closed: bool,
    /// Which batch of the month the next close would make.
    pub sequence: i32,
    /// How many charges.
    pub charges: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// What last month's batches came to, deltas included, in yen.
    #[schema(value_type = i64)]
    pub last_month: Yen,
    /// Whether that figure is the whole of last month: `closed`; `open` while last month is not closed
    /// and so comes to 0; `before_first` where nothing was billed before this month.
    pub last_month_state: LastMonth,
    /// The steps from last month to the coming batch, in their order, those of nothing included.
    pub bridge: Vec<BridgeStepView>,
    /// The held applications that stand in the way.
    pub holds: Vec<HoldInTheWay>,
    /// What is still due of other months, closed already.
    pub pending: Vec<PendingCharges>,
}

impl Ledger {
    /// What the next close of a month would charge, with the bridge from last month, and what
    /// stands in the way (R11, R12).
    ///
    /// # Errors
    /// Refuses an unknown co-op and a month before its first close.
    pub fn preview_batch(
        &self,
        call: &Call,
        coop: &CoopCode,
        month: CollectionMonth,
    ) -> Result<BatchPreview> {
        self.read(call, Operation::PreviewBatch, |connection| {
            preview(connection, coop, month)
        })
    }
}

fn preview(
    connection: &mut DbConnection,
    coop: &CoopCode,
    month: CollectionMonth,
) -> Result<BatchPreview> {
    let target = CoopMonth::find(connection, coop, month)?;
    let state = target.state(connection)?;
    state.refuse_before_first(&target)?;
    let last_month = month.prev().map(CollectionMonth::as_int);
    let counts = bridge_facts::count(connection, target.due(), last_month)?;
    let bridge = build(&counts)?;
    check_last_month(connection, &target, &bridge)?;
    let last_month_state = last_month_state(connection, &target)?;
    let steps = bridge.steps().iter().map(|total| BridgeStepView {
        step: total.step,
        label: total.step.label_ja().to_owned(),
        amount: total.amount,
        charges: total.charges,
    });
    Ok(BatchPreview {
        coop: coop.clone(),
        month,
        is_closed: state.closing.is_some(),
        sequence: state.next_sequence(),
        charges: bridge.charges(),
        amount: bridge.amount(),
        last_month: bridge.last_month(),
        last_month_state,
        bridge: steps.collect(),
        holds: holds::in_the_way(connection, &target, &state)?,
        pending: pending::of_closed_months(connection, &target)?,
    })
}

fn last_month_state(connection: &mut DbConnection, target: &CoopMonth) -> Result<LastMonth> {
    let Some(before) = target.month.prev().map(CollectionMonth::as_int) else {
        return Ok(LastMonth::BeforeFirst);
    };
    if month_closings::find_standing(connection, target.coop.id, before)?.is_some() {
        return Ok(LastMonth::Closed);
    }
    let first = month_closings::first_ever_closed(connection, target.coop.id)?;
    Ok(match first {
        Some(first) if first <= before => LastMonth::Open,
        _ => LastMonth::BeforeFirst,
    })
}

fn build(counts: &[FactCount]) -> Result<Bridge> {
    let overflow = |e: domain::YenOverflow| LedgerError::refused("amount_overflow", e.to_string());
    let mut bridge = Bridge::default();
    for fact in counts {
        bridge
            .include_many(&bridge_fact(&fact.shape), fact.count)
            .map_err(overflow)?;
    }
    if bridge.adds_up() {
        Ok(bridge)
    } else {
        Err(LedgerError::Corrupt(format!(
            "先月からの差が合いません: 先月 {} 円、今月 {} 円",
            bridge.last_month(),
            bridge.amount()
        )))
    }
}

/// Last month's charges are what its batches recorded when they were closed.
fn check_last_month(
    connection: &mut DbConnection,
    target: &CoopMonth,
    bridge: &Bridge,
) -> Result<()> {
    let Some(last_month) = target.month.prev() else {
        return Ok(());
    };
    let live = batches::live_of_month(connection, target.coop.id, last_month.as_int())?;
    let recorded = Yen::sum(live.iter().map(|batch| Yen::new(batch.amount)));
    if recorded == Ok(bridge.last_month()) {
        Ok(())
    } else {
        Err(LedgerError::Corrupt(format!(
            "{}の請求データの記録と明細の合計が合いません（明細 {} 円）",
            last_month.label_ja(),
            bridge.last_month()
        )))
    }
}

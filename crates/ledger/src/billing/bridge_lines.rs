//! The lines that a step of the bridge opens to (R12).

use domain::{BridgeLine, BridgeStep, CollectionMonth, CoopCode, OfferingKind, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::bridge_facts::{self, Fact, FactShape};

use super::coop_month::CoopMonth;
use super::facts::bridge_fact;
use crate::error::stored;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "bridge-lines";

/// What one pledge or gift brings to a step of the bridge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BridgeLineView {
    /// The step.
    #[schema(value_type = String, example = "raised")]
    pub step: BridgeStep,
    /// Signed yen; the step's figure is the sum of them.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// The member's number.
    pub member_number: String,
    /// The kind of gift.
    #[schema(value_type = String, example = "supporter")]
    pub kind: OfferingKind,
    /// The order number; empty for an imported pledge without one.
    pub order_number: String,
    /// Code of the fund it goes to.
    pub fund: Option<String>,
    /// Code of the campaign it goes to.
    pub campaign: Option<String>,
    /// The pledge's number, where it is one.
    pub pledge_id: Option<i64>,
    /// The gift's number, where it is one.
    pub donation_id: Option<i64>,
    /// The month that the gift is for, where a failed collection of it is tried again (R13).
    #[schema(value_type = Option<String>, example = "2025-08")]
    pub carried_from: Option<CollectionMonth>,
    /// Yen charged last month.
    #[schema(value_type = i64)]
    pub last_month: Yen,
    /// Yen of this month, billed or due.
    #[schema(value_type = i64)]
    pub this_month: Yen,
    /// Yen that earlier batches of this month have billed.
    #[schema(value_type = i64)]
    pub already_billed: Yen,
}

impl Ledger {
    /// The lines of one step of the bridge to a month, pledges first, a page at a time. They sum
    /// to the step's figure in [`preview_batch`](Self::preview_batch).
    pub fn list_bridge_lines(
        &self,
        call: &Call,
        coop: &CoopCode,
        month: CollectionMonth,
        step: BridgeStep,
        page: &PageRequest,
    ) -> Result<Page<BridgeLineView>> {
        let rows = page.rows()?;
        let after = match &page.cursor {
            Some(cursor) => cursor.keys::<3>(LIST)?.into(),
            None => (0, 0, 0),
        };
        self.read(call, Operation::ListBridgeLines, |connection| {
            let target = CoopMonth::find(connection, coop, month)?;
            let facts = facts_of_step(connection, &target, step, after, rows + 1)?;
            let lines = facts
                .iter()
                .map(|fact| view(fact, step))
                .collect::<Result<Vec<_>>>()?;
            Ok(Page::of(lines, rows, cursor))
        })
    }
}

fn facts_of_step(
    connection: &mut DbConnection,
    target: &CoopMonth,
    step: BridgeStep,
    after: (i64, i64, i64),
    rows: i64,
) -> Result<Vec<Fact>> {
    let last_month = target.month.prev().map(CollectionMonth::as_int);
    let mut shapes = Vec::new();
    for fact in bridge_facts::count(connection, target.due(), last_month)? {
        if line(&fact.shape, step)?.is_some() {
            shapes.push(fact.shape);
        }
    }
    let facts = bridge_facts::page(connection, target.due(), last_month, &shapes, after, rows)?;
    Ok(facts)
}

/// The line that a shape brings to a step, if it does.
fn line(shape: &FactShape, step: BridgeStep) -> Result<Option<BridgeLine>> {
    let fact = bridge_fact(shape);
    let mut lines = fact
        .lines()
        .map_err(|e| LedgerError::refused("amount_overflow", e.to_string()))?;
    Ok(lines.find(|line| line.step == step))
}

fn view(fact: &Fact, step: BridgeStep) -> Result<BridgeLineView> {
    let is_gift = matches!(
        fact.shape.source,
        bridge_facts::GIFT | bridge_facts::CARRIED_GIFT
    );
    let gift_month = i32::try_from(fact.gift_month).unwrap_or_default();
    let carried_from = (gift_month > 0).then(|| CollectionMonth::from_int(gift_month));
    let line = line(&fact.shape, step)?.ok_or_else(|| {
        LedgerError::Corrupt(format!("bridge line {} of no step {step}", fact.id))
    })?;
    Ok(BridgeLineView {
        step,
        amount: line.amount,
        member_number: fact.member_number.clone(),
        kind: stored("kind", OfferingKind::from_stored(&fact.kind))?,
        order_number: fact.order_number.clone(),
        fund: fact.fund.clone(),
        campaign: fact.campaign.clone(),
        pledge_id: (!is_gift).then_some(fact.id),
        donation_id: is_gift.then_some(fact.id),
        carried_from: stored("charges.month", carried_from.transpose())?,
        last_month: Yen::new(fact.shape.last),
        this_month: Yen::new(fact.shape.billed.saturating_add(fact.shape.due)),
        already_billed: Yen::new(fact.shape.billed),
    })
}

fn cursor(line: &BridgeLineView) -> Cursor {
    let source = match (line.donation_id, line.carried_from) {
        (None, None) => bridge_facts::PLEDGE,
        (Some(_), None) => bridge_facts::GIFT,
        (None, Some(_)) => bridge_facts::CARRIED_PLEDGE,
        (Some(_), Some(_)) => bridge_facts::CARRIED_GIFT,
    };
    let id = line.donation_id.or(line.pledge_id).unwrap_or_default();
    let gift_month = line.carried_from.map_or(0, CollectionMonth::as_int);
    Cursor::after(LIST, &[source, id, gift_month.into()])
}

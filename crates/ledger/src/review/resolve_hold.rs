//! `resolve_hold`: a person decides one held application.

use domain::{ApplicationState, CollectionMonth, HoldReasons, Way};
use serde::{Deserialize, Serialize};
use store::{DbConnection, lock};
use utoipa::ToSchema;

use super::case::{Case, lock_and_find, require_held};
use super::decided::{Decided, HoldResolved, put_into, record, take_over};
use super::effect::{Effect, plan_effect};
use super::line::Correction;
use super::look::Lookbook;
use crate::call::given_reason;
use crate::error::stored;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How a held application is decided, and what is corrected in it first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// The way: which ones there are depends on the main reason.
    #[schema(value_type = String, example = "add")]
    pub way: Way,
    /// Why.
    pub reason: String,
    /// The label of the cycle the order number is meant in, whatever the date of receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025年7月4回")]
    pub cycle: Option<String>,
    /// The order number as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The units (口) as they should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// The amount (yen) as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The member number as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_number: Option<String>,
}

impl Resolution {
    /// A way and why, with nothing corrected.
    pub fn new(way: Way, reason: &str) -> Self {
        Self {
            way,
            reason: reason.to_owned(),
            cycle: None,
            order_number: None,
            units: None,
            amount: None,
            member_number: None,
        }
    }

    fn correction(&self) -> Correction<'_> {
        Correction {
            order_number: self.order_number.as_deref(),
            units: self.units,
            amount: self.amount,
            member_number: self.member_number.as_deref(),
        }
    }
}

impl Ledger {
    /// Decides a held application (R3–R5). The line is corrected first where the resolution says
    /// so, then looked at afresh; the main reason says which ways there are.
    ///
    /// Refuses: an application that is not held (any more), a way that there is not, `accept` over
    /// a reason that the person has not seen, while the member is unknown or while the number
    /// names nothing, `add` at another unit price, and a month after the member left. Each refusal
    /// names the way out.
    pub fn resolve_hold(&self, call: &Call, id: i64, request: &Resolution) -> Result<HoldResolved> {
        self.write(call, Operation::ResolveHold, &(id, request), |tx| {
            lock::reference_shared(tx.connection)?;
            let lookbook = Lookbook::load(tx.connection, tx.settings)?;
            resolve(tx, &lookbook, id, request)
        })
    }
}

/// Decides one, in this transaction.
pub(super) fn resolve(
    tx: &mut Tx<'_>,
    lookbook: &Lookbook,
    id: i64,
    request: &Resolution,
) -> Result<HoldResolved> {
    let reason = given_reason(&request.reason)?;
    let cycle = request.cycle.as_deref();
    if cycle.is_some() && request.way == Way::Mistake {
        return Err(LedgerError::field(
            "cycle_not_used",
            "cycle",
            "企画回は受け付けるときにだけ指定できます（書き間違いとするときは使いません）",
        ));
    }
    let before = lock_and_find(tx, id)?;
    require_held(tx.connection, &before)?;
    let correction = request.correction();
    let case = Case::open(tx.connection, lookbook, before, &correction, cycle)?;
    let (after, effect) = match request.way {
        Way::Mistake => {
            let mut after = case.line.clone();
            take_over(&mut after, &case.fresh);
            put_into(&mut after, ApplicationState::Mistake, HoldReasons::NONE);
            (after, Effect::Nothing)
        }
        Way::NextMonth => {
            let moved = case.moved_on(tx.connection)?;
            moved.require_no_cycle_lost()?;
            moved.settle(tx.connection)?
        }
        way => {
            let effect = plan_effect(tx.connection, &case, way)?;
            (case.taken(), effect)
        }
    };
    record(
        tx,
        &Decided {
            action: "resolve_hold",
            way: request.way.as_str(),
            reason,
            shown: case.shown,
            overrode: if matches!(request.way, Way::Mistake | Way::NextMonth) {
                HoldReasons::NONE
            } else {
                case.fresh.reasons
            },
            before: case.before,
            after,
            effect,
        },
    )
}

impl<'l> Case<'l> {
    /// The same case with the line moved to the month after its own, or to the earliest open one
    /// where that is later still, and looked at afresh.
    pub(super) fn moved_on(&self, connection: &mut DbConnection) -> Result<Case<'l>> {
        let received_in = stored(
            "applications.received_on",
            CollectionMonth::from_date(self.before.received_on),
        )?;
        let month = self.fresh.month.or(self.months.first_open());
        let next = month
            .unwrap_or(received_in)
            .next()
            .ok_or_else(|| LedgerError::refused("no_next_month", "これより後の月には回せません"))?;
        let not_before = self.months.open_from(next);
        let mut line = self.line.clone();
        line.not_before = Some(not_before.as_int());
        if line.carried_pledge_id.is_some() {
            line.collection_month = line.not_before;
        }
        let fresh = self
            .lookbook
            .look(connection, &line, self.cycle.as_deref())?;
        Ok(Case {
            lookbook: self.lookbook,
            before: self.before.clone(),
            line,
            fresh,
            shown: self.shown,
            cycle: self.cycle.clone(),
            months: self.months,
        })
    }

    /// Refuses to keep a line held in a cycle that a person named: it would be forgotten. It can
    /// be moved on in that cycle only when nothing else speaks against it.
    fn require_no_cycle_lost(&self) -> Result<()> {
        if self.cycle.is_none() || self.fresh.reasons.is_empty() {
            return Ok(());
        }
        let reasons: Vec<String> = self
            .fresh
            .reasons
            .iter()
            .map(|reason| format!("{}（{reason}）", reason.label_ja()))
            .collect();
        Err(LedgerError::refused(
            "new_reason",
            format!(
                "申込 {} は翌月に回しても要確認のままです: {}。企画回を指定せずに翌月に回すか、受け付けるときに指定してください",
                self.before.id,
                reasons.join("、")
            ),
        ))
    }
}

//! `change_pledge`: other units from a month on (R8).

use domain::{CollectionMonth, TermUnits, Timeline};
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::members;
use store::tables::pledge_terms::Cause;
use utoipa::ToSchema;

use super::name::{Named, PledgeName};
use super::plan::{self, CAUSE_COMMAND};
use super::view::{PledgeView, load_view};
use crate::call::given_reason;
use crate::months::Months;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Other units a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePledge {
    /// Code of the co-op.
    #[schema(example = "04")]
    pub coop: String,
    /// Number of the member there.
    #[schema(example = "0041016")]
    pub member_number: String,
    /// Code of the fund.
    #[schema(example = "inclufund")]
    pub fund: String,
    /// The first month it holds.
    #[schema(value_type = String, example = "2026-01")]
    pub from: CollectionMonth,
    /// Units a month from then on, 1 to 999. Later planned units become the same; later pauses
    /// stay.
    pub units: i64,
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// Changes the units of a pledge from a month on (R8).
    ///
    /// Refuses a month that is closed for the co-op or after the member left, a pledge that is not
    /// open then, and units outside 1 to 999.
    pub fn change_pledge(&self, call: &Call, request: &ChangePledge) -> Result<PledgeView> {
        self.write(call, Operation::ChangePledge, request, |tx| {
            request.carry_out(tx)
        })
    }
}

impl ChangePledge {
    /// Does it, in this transaction.
    pub(super) fn carry_out(&self, tx: &mut Tx<'_>) -> Result<PledgeView> {
        let units = TermUnits::new(self.units)
            .map_err(|e| LedgerError::field("units_out_of_range", "units", e.to_string()))?;
        let change = Change {
            pledge: PledgeName::new(&self.coop, &self.member_number, &self.fund),
            action: "change_pledge",
            from: self.from,
            reason: &self.reason,
            needs_member: true,
        };
        revise(tx, &change, |timeline| {
            timeline.change(self.from, units).map_err(plan::refused)
        })
    }
}

/// What every change of a pledge by command has.
pub(super) struct Change<'a> {
    pub(super) pledge: PledgeName,
    pub(super) action: &'static str,
    pub(super) from: CollectionMonth,
    pub(super) reason: &'a str,
    /// Whether it is refused in a month after the member left, when it would collect nothing.
    pub(super) needs_member: bool,
}

/// Appends the revision that `terms` makes of the plan, and leaves an audit event.
pub(super) fn revise(
    tx: &mut Tx<'_>,
    change: &Change<'_>,
    terms: impl FnOnce(&Timeline) -> Result<Vec<domain::NewTerm>>,
) -> Result<PledgeView> {
    let reason = given_reason(change.reason)?;
    let named = lock_and_find(tx, &change.pledge)?;
    Months::of_coop(tx.connection, named.coop.id)?.require_open(change.from)?;
    if change.needs_member {
        require_member(&named.member, change.from)?;
    }
    let pledge = named.open_pledge(tx.connection, change.from)?;
    let timeline = plan::timeline(tx.connection, pledge.id)?;
    let terms = terms(&timeline)?;
    let before = load_view(tx.connection, pledge.id, tx.today)?;
    let cause = Cause {
        cause: CAUSE_COMMAND,
        application_id: None,
        decision_id: None,
        reason: Some(reason),
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(tx.recorded_at()),
    };
    plan::append(tx.connection, pledge.id, &terms, &cause)?;
    let after = load_view(tx.connection, pledge.id, tx.today)?;
    let event = Event {
        action: change.action,
        coop_id: Some(named.coop.id),
        subject: format!("pledge:{}", pledge.id),
        reason: Some(reason),
    };
    tx.audit(&event, Some(&before.plan), Some(&after.plan))?;
    Ok(after)
}

/// Takes the co-op's lock, then looks: what is found stays so until the end.
fn lock_and_find(tx: &mut Tx<'_>, name: &PledgeName) -> Result<Named> {
    let coop_id = name.find(tx.connection)?.coop.id;
    lock::coop_exclusive(tx.connection, coop_id)?;
    name.find(tx.connection)
}

fn require_member(member: &members::Member, from: CollectionMonth) -> Result<()> {
    match member.left_on {
        Some(left_on) if from.first_day() > left_on => Err(LedgerError::refused(
            "member_left",
            format!(
                "組合員 {} は {left_on} に脱退しているため、{}には請求されません。脱退日が違うときは名簿を直してください",
                member.number,
                from.label_ja()
            ),
        )),
        _ => Ok(()),
    }
}

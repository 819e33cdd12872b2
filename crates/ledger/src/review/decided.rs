//! Recording a decision: its row, what it does, the application's new state, the audit event.

use domain::{ApplicationState, CollectionMonth, HoldReason, HoldReasons};
use serde::{Deserialize, Serialize};
use store::tables::applications::{self, Application};
use store::tables::decisions::{self, NewDecision, Outcome};
use store::tables::pledge_terms::Cause;
use utoipa::ToSchema;

use super::case::Case;
use super::effect::{self, Done, Effect};
use super::line::LineValues;
use super::look::Fresh;
use crate::Result;
use crate::pledges::plan::CAUSE_DECISION;
use crate::tx::{Event, Tx, to_json};

/// What became of a held application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldResolved {
    /// The application.
    pub id: i64,
    /// The decision, to be undone by.
    pub decision_id: i64,
    /// The way it was decided: `accept`, `next-month`, `correct` …
    pub way: String,
    /// `posted`, `mistake`, or `held` still.
    #[schema(value_type = String, example = "posted")]
    pub state: ApplicationState,
    /// Why it is held still; empty otherwise.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The first of them.
    #[schema(value_type = Option<String>)]
    pub reason: Option<HoldReason>,
    /// When it is collected.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub collection_month: Option<CollectionMonth>,
    /// The first month in which the decision is felt: later than the month of collection where
    /// that one is charged already.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub from_month: Option<CollectionMonth>,
    /// The pledge it opened or changed.
    pub pledge_id: Option<i64>,
    /// The gift it made.
    pub donation_id: Option<i64>,
}

/// A decision, ready to be recorded.
pub(super) struct Decided<'a> {
    /// The use case, for the audit log.
    pub(super) action: &'static str,
    pub(super) way: &'a str,
    pub(super) reason: &'a str,
    /// The reasons that were shown.
    pub(super) shown: HoldReasons,
    /// The reasons it overrides.
    pub(super) overrode: HoldReasons,
    pub(super) before: Application,
    pub(super) after: Application,
    pub(super) effect: Effect,
}

/// Puts what the fresh look found into the line.
pub(super) fn take_over(line: &mut Application, fresh: &Fresh) {
    line.member_id = fresh.member.as_ref().map(|member| member.id);
    if let Some(units) = fresh.units {
        line.units = Some(units.get());
    }
    if let Some(amount) = fresh.amount {
        line.amount = Some(amount.get());
    }
    line.offering_id = fresh.applied.as_ref().and_then(|one| one.offering_id);
    line.collection_month = fresh.month.map(CollectionMonth::as_int);
}

/// Puts the line into a state; `reasons` only while it is held.
pub(super) fn put_into(line: &mut Application, state: ApplicationState, reasons: HoldReasons) {
    state.as_str().clone_into(&mut line.state);
    line.reasons = reasons.bits().into();
}

impl<'l> Case<'l> {
    /// The line after it was looked at afresh without a person's way to take it: posted by itself
    /// when nothing speaks against it, else held with the fresh reasons.
    pub(super) fn settle(
        &self,
        connection: &mut store::DbConnection,
    ) -> Result<(Application, Effect)> {
        let mut after = self.line.clone();
        take_over(&mut after, &self.fresh);
        if self.fresh.reasons.is_empty() {
            let effect = effect::post(connection, self, &self.complete()?)?;
            self.name_offering(&mut after);
            put_into(&mut after, ApplicationState::Posted, HoldReasons::NONE);
            return Ok((after, effect));
        }
        put_into(&mut after, ApplicationState::Held, self.fresh.reasons);
        Ok((after, Effect::Nothing))
    }

    /// The line after it was taken.
    pub(super) fn taken(&self) -> Application {
        let mut after = self.line.clone();
        take_over(&mut after, &self.fresh);
        self.name_offering(&mut after);
        put_into(&mut after, ApplicationState::Posted, HoldReasons::NONE);
        after
    }

    /// A depot form of free text gets the order number of what it turned out to be for.
    fn name_offering(&self, after: &mut Application) {
        if after.order_number.is_none() {
            let applied = self.fresh.applied.as_ref();
            after.order_number = applied.and_then(|one| one.order_number.clone());
        }
    }
}

/// Records a decision and carries it out, in this transaction.
pub(super) fn record(tx: &mut Tx<'_>, decided: &Decided<'_>) -> Result<HoldResolved> {
    let before = LineValues::of(&decided.before)?;
    let mut after = LineValues::of(&decided.after)?;
    after.overrode = decided.overrode;
    let (id, coop_id) = (decided.before.id, decided.before.coop_id);
    let decision = NewDecision {
        application_id: id,
        way: decided.way,
        reason: decided.reason,
        actor: tx.actor.as_str(),
        decided_at: tx.recorded_at(),
        reasons: decided.shown.bits().into(),
        before: &to_json(&before)?,
        after: &to_json(&after)?,
    };
    let decision_id = decisions::insert(tx.connection, &decision)?;
    let cause = Cause {
        cause: CAUSE_DECISION,
        application_id: Some(id),
        decision_id: Some(decision_id),
        reason: Some(decided.reason),
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(tx.recorded_at()),
    };
    let done = decided
        .effect
        .carry_out(tx.connection, (id, coop_id), &cause)?;
    decisions::set_outcome(tx.connection, decision_id, &done.into())?;
    applications::update(tx.connection, &decided.after)?;
    let event = Event {
        action: decided.action,
        coop_id: Some(coop_id),
        subject: format!("application:{id}"),
        reason: Some(decided.reason),
    };
    tx.audit(&event, Some(&before), Some(&after))?;
    Ok(HoldResolved {
        id,
        decision_id,
        way: decided.way.to_owned(),
        state: crate::error::stored(
            "applications.state",
            ApplicationState::from_stored(&after.state),
        )?,
        reasons: after.reasons,
        reason: after.reasons.main(),
        collection_month: after.collection_month,
        from_month: done.from_month,
        pledge_id: done.pledge_id,
        donation_id: done.donation_id,
    })
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Self {
            pledge_id: done.pledge_id,
            revision: done.revision,
            donation_id: done.donation_id,
        }
    }
}

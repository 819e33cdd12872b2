//! `undo_decision`: taking back the newest decision about an application.

use domain::{ApplicationState, CollectionMonth, HoldReason, HoldReasons};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::applications::{self, Application};
use store::tables::pledge_terms::{self, Cause, PledgeTerm};
use store::tables::{decisions, donations, pledges};
use utoipa::ToSchema;

use super::case::lock_and_find;
use super::effect::Effect;
use super::get_application::DecisionView;
use super::line::LineValues;
use super::look::Lookbook;
use super::taking_back::{changed_since, taking_back};
use crate::call::given_reason;
use crate::error::stored;
use crate::months::Months;
use crate::pledges::plan::{self, CAUSE_DECISION, CAUSE_UNDO};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Why a decision is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoDecision {
    /// Why.
    pub reason: String,
}

/// An application after its newest decision was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionUndone {
    /// The application.
    pub id: i64,
    /// The decision that stands no more.
    pub decision_id: i64,
    /// The way it had decided.
    pub way: String,
    /// `held`, or after an undone `void` what it was before.
    #[schema(value_type = String, example = "held")]
    pub state: ApplicationState,
    /// Why it is held, as of now.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The first of them.
    #[schema(value_type = Option<String>)]
    pub reason: Option<HoldReason>,
    /// When it would be collected.
    #[schema(value_type = Option<String>)]
    pub collection_month: Option<CollectionMonth>,
}

impl Ledger {
    /// Undoes the newest decision about an application: what it made of a pledge or gave is taken
    /// back, the line has its old values again and is looked at afresh. Undoing a `void` brings
    /// back what was voided.
    ///
    /// Refuses: nothing decided, a month closed since, what is charged already, a pledge changed
    /// since (naming the changes), and bringing back what has been applied for again meanwhile.
    pub fn undo_decision(
        &self,
        call: &Call,
        id: i64,
        request: &UndoDecision,
    ) -> Result<DecisionUndone> {
        self.write(call, Operation::UndoDecision, &(id, request), |tx| {
            let reason = given_reason(&request.reason)?;
            let line = lock_and_find(tx, id)?;
            let decision = newest_decision(tx.connection, &line)?;
            require_open_month(tx.connection, &line, &decision)?;
            let mut after = line.clone();
            decision.before.put_back(&mut after);
            if decision.way == "void" {
                revive(tx, &after, &decision, reason)?;
            } else if line.state == ApplicationState::Posted.as_str() {
                take_back(tx, &line, &decision, reason)?;
            }
            if after.state == ApplicationState::Held.as_str() {
                let lookbook = Lookbook::load(tx.connection, tx.settings)?;
                let fresh = lookbook.look(tx.connection, &after, None)?;
                if !fresh.reasons.is_empty() {
                    after.reasons = fresh.reasons.bits().into();
                }
            }
            applications::update(tx.connection, &after)?;
            record(tx, &line, &after, &decision, reason)
        })
    }
}

fn newest_decision(connection: &mut DbConnection, line: &Application) -> Result<DecisionView> {
    match decisions::newest_standing(connection, line.id)? {
        Some(decision) => DecisionView::of(decision),
        None => Err(LedgerError::refused(
            "nothing_to_undo",
            format!(
                "申込 {} について取り消せる決定はありません。受け付けた申込をなかったことにするには その申込を取り消してください",
                line.id
            ),
        )),
    }
}

/// A decision can be undone while its month is open; one about a month that was closed already,
/// until it is charged.
fn require_open_month(
    connection: &mut DbConnection,
    line: &Application,
    decision: &DecisionView,
) -> Result<()> {
    let reasons = decision.reasons.union(decision.after.overrode);
    if reasons.contains(HoldReason::MonthAlreadyClosed) {
        return Ok(());
    }
    let months = Months::of_coop(connection, line.coop_id)?;
    let affected = [
        decision.before.collection_month,
        decision.after.collection_month,
    ];
    for month in affected.into_iter().flatten() {
        months.require_open(month)?;
    }
    Ok(())
}

fn take_back(
    tx: &mut Tx<'_>,
    line: &Application,
    decision: &DecisionView,
    reason: &str,
) -> Result<()> {
    let effect = taking_back(tx.connection, line)?;
    let cause = cause(tx, CAUSE_UNDO, line, decision, reason);
    effect.carry_out(tx.connection, (line.id, line.coop_id), &cause)?;
    Ok(())
}

/// Brings back what a `void` took back. `after` has the values from before it.
fn revive(
    tx: &mut Tx<'_>,
    after: &Application,
    decision: &DecisionView,
    reason: &str,
) -> Result<()> {
    if after.state != ApplicationState::Posted.as_str() {
        return Ok(());
    }
    require_nothing_new(tx, after, decision)?;
    if let Some(donation_id) = decision.donation_id {
        donations::restore(tx.connection, donation_id)?;
    }
    if let Some(pledge_id) = decision.pledge_id {
        let voided = voided_terms(tx.connection, after, pledge_id, decision)?;
        let cause = cause(tx, CAUSE_DECISION, after, decision, reason);
        Effect::RevisePledge {
            pledge_id,
            terms: voided,
        }
        .carry_out(tx.connection, (after.id, after.coop_id), &cause)?;
    }
    Ok(())
}

/// The terms that a `void` took back. Refuses when the pledge was changed since, or another one
/// was opened in its place.
fn voided_terms(
    connection: &mut DbConnection,
    line: &Application,
    pledge_id: i64,
    decision: &DecisionView,
) -> Result<Vec<domain::NewTerm>> {
    let terms = pledge_terms::of_pledge(connection, pledge_id)?;
    let void_revision = decision.revision.unwrap_or_default();
    let (earlier, since): (Vec<_>, Vec<_>) = terms
        .iter()
        .filter(|term| term.revision != void_revision)
        .partition(|term| term.revision < void_revision);
    if !since.is_empty() {
        return Err(changed_since(line, &since));
    }
    let earlier: Vec<PledgeTerm> = earlier.into_iter().cloned().collect();
    let standing = plan::to_timeline(&plan::standing(&earlier))?;
    let newest = standing.newest_revision();
    let voided: Vec<_> = standing
        .terms()
        .iter()
        .filter(|term| Some(term.revision) == newest)
        .map(|term| domain::NewTerm {
            from_month: term.from_month,
            units: term.units,
            unit_price: term.unit_price,
        })
        .collect();
    let pledge = pledges::find(connection, pledge_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("pledge {pledge_id}")))?;
    let from = voided.first().map_or(0, |term| term.from_month.as_int());
    let open = pledges::find_open(connection, pledge.member_id, pledge.fund_id, from)?;
    match open.filter(|open| open.id != pledge_id) {
        None => Ok(voided),
        Some(open) => Err(LedgerError::refused(
            "pledge_open",
            format!(
                "申込 {} を取り消したあとに、同じ基金への新しいサポーター登録（番号 {}）があります。そちらを変えてください",
                line.id, open.id
            ),
        )),
    }
}

/// Refuses to bring back what something speaks against by now that did not when it was posted.
fn require_nothing_new(tx: &mut Tx<'_>, line: &Application, decision: &DecisionView) -> Result<()> {
    let lookbook = Lookbook::load(tx.connection, tx.settings)?;
    let offering = line
        .offering_id
        .and_then(|id| lookbook.catalogue().by_id(id));
    let cycle = offering.map(|offering| offering.cycle_label.clone());
    let fresh = lookbook.look(tx.connection, line, cycle.as_deref())?;
    let mut overrode = HoldReasons::NONE;
    for earlier in decisions::of_application(tx.connection, line.id)? {
        if earlier.undone_at.is_none() && earlier.id != decision.decision_id {
            overrode = DecisionView::of(earlier)?.after.overrode;
        }
    }
    let new: Vec<String> = fresh
        .reasons
        .iter()
        .filter(|reason| !overrode.contains(*reason))
        .map(|reason| format!("{}（{reason}）", reason.label_ja()))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    Err(LedgerError::refused(
        "new_reason",
        format!(
            "申込 {} は元に戻せません。取り消したあとに理由ができました: {}。必要なら新しい申込として入力してください",
            line.id,
            new.join("、")
        ),
    ))
}

fn cause<'a>(
    tx: &Tx<'a>,
    cause: &'a str,
    line: &Application,
    decision: &DecisionView,
    reason: &'a str,
) -> Cause<'a> {
    Cause {
        cause,
        application_id: Some(line.id),
        decision_id: Some(decision.decision_id),
        reason: Some(reason),
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(tx.recorded_at()),
    }
}

fn record(
    tx: &mut Tx<'_>,
    line: &Application,
    after: &Application,
    decision: &DecisionView,
    reason: &str,
) -> Result<DecisionUndone> {
    decisions::mark_undone(
        tx.connection,
        decision.decision_id,
        tx.actor.as_str(),
        reason,
        tx.recorded_at(),
    )?;
    let before = LineValues::of(line)?;
    let after = LineValues::of(after)?;
    let event = Event {
        action: "undo_decision",
        coop_id: Some(line.coop_id),
        subject: format!("application:{}", line.id),
        reason: Some(reason),
    };
    tx.audit(&event, Some(&before), Some(&after))?;
    Ok(DecisionUndone {
        id: line.id,
        decision_id: decision.decision_id,
        way: decision.way.clone(),
        state: stored(
            "applications.state",
            ApplicationState::from_stored(&after.state),
        )?,
        reasons: after.reasons,
        reason: after.reasons.main(),
        collection_month: after.collection_month,
    })
}

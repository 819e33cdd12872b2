//! `weigh_hold`: what each way to decide would do to the coming charge, before anyone decides.

use domain::{CollectionMonth, HoldReasons, Way};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::{donations, pledges};
use utoipa::ToSchema;

use super::case::{Case, find, require_held};
use super::effect::{Effect, plan_effect};
use super::line::Correction;
use super::look::Lookbook;
use crate::pledges::plan;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What one way would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeighedWay {
    /// The way.
    #[schema(value_type = String, example = "add")]
    pub way: Way,
    /// The first month in which it is felt; none where nothing changes.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub month: Option<CollectionMonth>,
    /// Yen that the member is to be charged in that month as things stand.
    pub amount_now: i64,
    /// Yen after deciding so.
    pub amount_then: i64,
    /// Why it cannot be decided so at the moment, and the way out.
    pub refused: Option<String>,
}

/// A held application, weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldWeighed {
    /// The application.
    pub id: i64,
    /// The reasons that apply now.
    #[schema(value_type = Vec<String>)]
    pub fresh_reasons: HoldReasons,
    /// Each way there is, and what it would do.
    pub ways: Vec<WeighedWay>,
}

impl Ledger {
    /// Weighs a held application as it stands: for each way there is, the first month in which it
    /// would be felt and the member's charge in that month, now and then, in yen. Changes nothing.
    ///
    /// Refuses an application that is not held.
    pub fn weigh_hold(&self, call: &Call, id: i64) -> Result<HoldWeighed> {
        self.read(call, Operation::WeighHold, |connection| {
            let lookbook = Lookbook::load(connection, self.settings())?;
            let line = find(connection, id)?;
            require_held(connection, &line)?;
            let nothing = Correction::default();
            let case = Case::open(connection, &lookbook, line, &nothing, None)?;
            let ways = case
                .ways()
                .into_iter()
                .map(|way| weigh(connection, &case, way))
                .collect::<Result<_>>()?;
            Ok(HoldWeighed {
                id,
                fresh_reasons: case.fresh.reasons,
                ways,
            })
        })
    }
}

fn weigh(connection: &mut DbConnection, case: &Case<'_>, way: Way) -> Result<WeighedWay> {
    let effect = match way {
        Way::NextMonth => case
            .moved_on(connection)
            .and_then(|moved| moved.settle(connection))
            .map(|(_, effect)| effect),
        way => plan_effect(connection, case, way),
    };
    let (effect, refused) = match effect {
        Ok(effect) => (effect, None),
        Err(error @ (LedgerError::Refused { .. } | LedgerError::Invalid { .. })) => {
            (Effect::Nothing, Some(error.to_string()))
        }
        Err(error) => return Err(error),
    };
    let month = effect.first_month();
    let (amount_now, amount_then) = match month.or(case.fresh.month) {
        Some(month) => (
            charge_in(connection, case, &Effect::Nothing, month)?,
            charge_in(connection, case, &effect, month)?,
        ),
        None => (0, 0),
    };
    Ok(WeighedWay {
        way,
        month,
        amount_now,
        amount_then,
        refused,
    })
}

/// Yen that the member is to be charged in a month, were an effect carried out.
fn charge_in(
    connection: &mut DbConnection,
    case: &Case<'_>,
    effect: &Effect,
    month: CollectionMonth,
) -> Result<i64> {
    let Some(member) = &case.fresh.member else {
        return Ok(0);
    };
    let mut yen = effect.opened_in(month);
    for pledge in pledges::of_member(connection, member.id)? {
        let mut timeline = plan::timeline(connection, pledge.id)?;
        if let Effect::RevisePledge { pledge_id, terms } = effect
            && *pledge_id == pledge.id
        {
            timeline = timeline.with_revision(terms);
        }
        if let Some(term) = timeline.in_month(month) {
            yen = yen.saturating_add(term.units.get().saturating_mul(term.unit_price.get()));
        }
    }
    let (coop_id, month) = (case.before.coop_id, month.as_int());
    for gift in donations::live_of_member(connection, coop_id, month, member.id)? {
        yen = yen.saturating_add(gift.units.saturating_mul(gift.unit_price));
    }
    Ok(yen)
}

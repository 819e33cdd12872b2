//! `weigh_hold`: what each way to decide would do to the coming charge, before anyone decides.
//!
//! Each way is decided for good in a savepoint, by the same code that decides, and what the member
//! would then be charged is read from what a close would charge. So what is shown is what happens.

use domain::{ApplicationState, CollectionMonth, HoldReason, HoldReasons, Way};
use serde::{Deserialize, Serialize};
use store::lock;
use utoipa::ToSchema;

use super::case::{Case, cycles_of, lock_and_find, require_held};
use super::decided::HoldResolved;
use super::line::Correction;
use super::look::Lookbook;
use super::resolve_hold::{Resolution, resolve};
use crate::error::stored;
use crate::trace::{Payer, Scale, WeighedMonth};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Cycles weighed at most, for a number that means something in several.
const CYCLES_MAX: usize = 3;

/// What would be corrected in a held application, and the cycle it would be taken in; what is not
/// named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldCorrection {
    /// The label of the cycle that the order number is meant in.
    pub cycle: Option<String>,
    /// The order number as it should have been.
    pub order_number: Option<String>,
    /// The units (口) as they should have been.
    pub units: Option<i64>,
    /// The amount (yen) as it should have been.
    pub amount: Option<i64>,
    /// The member number as it should have been.
    pub member_number: Option<String>,
}

impl HoldCorrection {
    pub(super) fn line(&self) -> Correction<'_> {
        Correction {
            order_number: self.order_number.as_deref(),
            units: self.units,
            amount: self.amount,
            member_number: self.member_number.as_deref(),
        }
    }

    fn decided(&self, way: Way, cycle: Option<&str>) -> Resolution {
        Resolution {
            way,
            // Never kept: what is weighed is undone.
            reason: "試算".to_owned(),
            cycle: cycle.map(str::to_owned),
            order_number: self.order_number.clone(),
            units: self.units,
            amount: self.amount,
            member_number: self.member_number.clone(),
        }
    }
}

/// What one way would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeighedWay {
    /// The way.
    #[schema(value_type = String, example = "add")]
    pub way: Way,
    /// The cycle it would be taken in, where the line alone does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2025年7月4回")]
    pub cycle: Option<String>,
    /// The first month in which it is felt; none where nothing changes.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub month: Option<CollectionMonth>,
    /// Yen that the member is to be charged in that month as things stand.
    pub amount_now: i64,
    /// Yen after deciding so.
    pub amount_then: i64,
    /// What the member pays in the month of collection and those after it, now and then; empty while
    /// the member is unknown.
    pub months: Vec<WeighedMonth>,
    /// `posted`, `mistake`, or `held` still; none where it is refused.
    #[schema(value_type = Option<String>, example = "posted")]
    pub state: Option<ApplicationState>,
    /// Why it would be held still.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The stable word for why it cannot be decided so at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_code: Option<String>,
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
    /// Weighs a held application as it stands, or as it would be corrected: for each way there is,
    /// the first month in which it would be felt, and what the member pays in the months to come, now
    /// and then, in yen. Where the date of receipt is outside the number's windows, the ways are
    /// weighed for the cycles it is in, too. Changes nothing.
    ///
    /// Refuses an application that is not held, and a correction that no order sheet could have.
    pub fn weigh_hold(
        &self,
        call: &Call,
        id: i64,
        correction: &HoldCorrection,
    ) -> Result<HoldWeighed> {
        self.try_out(call, Operation::WeighHold, |tx| {
            lock::reference_shared(tx.connection)?;
            let lookbook = Lookbook::load(tx.connection, tx.settings)?;
            let before = lock_and_find(tx, id)?;
            require_held(tx.connection, &before)?;
            let cycle = correction.cycle.as_deref();
            let line = correction.line();
            let case = Case::open(tx.connection, &lookbook, before, &line, cycle)?;
            weigh_case(tx, &case, correction)
        })
    }
}

/// Weighs each way of a case.
pub(super) fn weigh_case(
    tx: &mut Tx<'_>,
    case: &Case<'_>,
    correction: &HoldCorrection,
) -> Result<HoldWeighed> {
    let mut months = months_of(case)?;
    let elsewhere = in_other_cycles(tx, case, correction)?;
    for (_, felt) in &elsewhere {
        months.extend(felt);
    }
    months.sort_unstable();
    months.dedup();
    let scale = match &case.fresh.member {
        Some(member) => {
            let payer = Payer::of(tx.connection, member)?;
            Some(Scale::of(tx.connection, payer, &months)?)
        }
        None => None,
    };
    let mut ways = Vec::new();
    for way in case.ways() {
        // A mistake is one in whatever cycle.
        let cycle = correction.cycle.as_deref();
        let cycle = cycle.filter(|_| way != Way::Mistake);
        let resolution = correction.decided(way, cycle);
        ways.push(weigh(tx, case, scale.as_ref(), &resolution)?);
    }
    for (resolution, _) in &elsewhere {
        ways.push(weigh(tx, case, scale.as_ref(), resolution)?);
    }
    Ok(HoldWeighed {
        id: case.before.id,
        fresh_reasons: case.fresh.reasons,
        ways,
    })
}

/// The months in which a decision may be felt: that of collection, the first that is still open, and
/// the one after it.
fn months_of(case: &Case<'_>) -> Result<Vec<CollectionMonth>> {
    let received_in = stored(
        "applications.received_on",
        CollectionMonth::from_date(case.before.received_on),
    )?;
    let month = case.fresh.month.or(case.months.first_open());
    let month = month.or(received_in.next()).unwrap_or(received_in);
    let open = case.months.open_from(month);
    let mut months = vec![month, open];
    months.extend(open.next());
    months.dedup();
    Ok(months)
}

/// The ways to take a line outside its window, in each cycle that its number is in, and the months in
/// which they are felt.
fn in_other_cycles(
    tx: &mut Tx<'_>,
    case: &Case<'_>,
    correction: &HoldCorrection,
) -> Result<Vec<(Resolution, Vec<CollectionMonth>)>> {
    let is_outside = case.fresh.reasons.contains(HoldReason::OutsideWindow);
    if !is_outside || case.cycle.is_some() {
        return Ok(Vec::new());
    }
    let number = case.line.order_number.as_deref();
    let Some(number) = number.and_then(|number| number.parse().ok()) else {
        return Ok(Vec::new());
    };
    let mut cycles = cycles_of(case.lookbook, &number);
    // The latest are the likeliest.
    cycles.reverse();
    cycles.truncate(CYCLES_MAX);
    let mut resolutions = Vec::new();
    for cycle in cycles {
        let (before, line) = (case.before.clone(), correction.line());
        let named = Case::open(tx.connection, case.lookbook, before, &line, Some(&cycle))?;
        let ways = named.ways();
        let taking = |way: &&Way| !matches!(way, Way::Mistake | Way::NextMonth);
        for way in ways.iter().filter(taking) {
            let resolution = correction.decided(*way, Some(&cycle));
            resolutions.push((resolution, months_of(&named)?));
        }
    }
    Ok(resolutions)
}

fn weigh(
    tx: &mut Tx<'_>,
    case: &Case<'_>,
    scale: Option<&Scale>,
    resolution: &Resolution,
) -> Result<WeighedWay> {
    let tried = tx.try_out(|tx| {
        let resolved = resolve(tx, case.lookbook, case.before.id, resolution)?;
        let months = match scale {
            Some(scale) => scale.again(tx.connection)?,
            None => Vec::new(),
        };
        Ok((resolved, months))
    });
    let cycle = resolution.cycle.clone().filter(|_| case.cycle.is_none());
    match tried {
        Ok((resolved, months)) => Ok(weighed(case, cycle, resolution.way, &resolved, months)),
        Err(error @ (LedgerError::Refused { .. } | LedgerError::Invalid { .. })) => {
            let months = scale.map_or_else(Vec::new, Scale::unchanged);
            let (amount_now, amount_then) = amounts_in(&months, case.fresh.month);
            Ok(WeighedWay {
                way: resolution.way,
                cycle,
                month: None,
                amount_now,
                amount_then,
                months,
                state: None,
                reasons: HoldReasons::NONE,
                refused_code: Some(error.code().to_owned()),
                refused: Some(error.to_string()),
            })
        }
        Err(error) => Err(error),
    }
}

fn weighed(
    case: &Case<'_>,
    cycle: Option<String>,
    way: Way,
    resolved: &HoldResolved,
    months: Vec<WeighedMonth>,
) -> WeighedWay {
    let month = resolved.from_month;
    let (amount_now, amount_then) = amounts_in(&months, month.or(case.fresh.month));
    WeighedWay {
        way,
        cycle,
        month,
        amount_now,
        amount_then,
        months,
        state: Some(resolved.state),
        reasons: resolved.reasons,
        refused_code: None,
        refused: None,
    }
}

/// Yen of a month, now and then; 0 where it is not among those weighed.
fn amounts_in(months: &[WeighedMonth], month: Option<CollectionMonth>) -> (i64, i64) {
    months
        .iter()
        .find(|one| Some(one.month) == month)
        .map_or((0, 0), |one| (one.amount_now, one.amount_then))
}

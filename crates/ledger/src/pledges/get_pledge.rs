//! `get_pledge`: the history of one pledge: who changed what, when and why, and what it comes to
//! month by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{CollectionMonth, Term, TermUnits, Timeline, Yen};
use store::DbConnection;
use store::tables::pledge_terms::{self, PledgeTerm};
use store::tables::pledges::{self, ChargedMonth, Pledge};

use super::name::PledgeName;
use super::plan;
use super::view::{PlannedTerm, PledgeHistory, PledgeMonth, PledgeRevision, load_view};
use crate::error::stored;
use crate::ledger::Look;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How far past today and past the last planned change the months are shown.
const MONTHS_AHEAD: i32 = 12;

impl Ledger {
    /// The newest pledge of a member to a fund with its whole history; an older one is got by its
    /// number ([`get_pledge_by_id`](Self::get_pledge_by_id)). Refuses what is not there.
    pub fn get_pledge(&self, call: &Call, name: &PledgeName) -> Result<PledgeHistory> {
        let today = self.today();
        self.read_logged(call, Operation::GetPledge, |connection, _| {
            let pledge = name.find(connection)?.newest_pledge(connection)?;
            let look = Look::at_member(pledge.coop_id, pledge.member_id);
            Ok((history(connection, &pledge, today)?, look))
        })
    }

    /// The pledge with this number and its whole history. Refuses what is not there.
    pub fn get_pledge_by_id(&self, call: &Call, pledge_id: i64) -> Result<PledgeHistory> {
        let today = self.today();
        self.read_logged(call, Operation::GetPledge, |connection, _| {
            let pledge = pledges::find(connection, pledge_id)?.ok_or_else(|| {
                LedgerError::not_found(
                    "pledge_not_found",
                    format!("番号 {pledge_id} のサポーター登録はありません"),
                )
            })?;
            let look = Look::at_member(pledge.coop_id, pledge.member_id);
            Ok((history(connection, &pledge, today)?, look))
        })
    }
}

/// A pledge with every change of its plan, and month by month.
pub(crate) fn history(
    connection: &mut DbConnection,
    pledge: &Pledge,
    today: NaiveDate,
) -> Result<PledgeHistory> {
    let terms = pledge_terms::of_pledge(connection, pledge.id)?;
    let charged = pledges::charged_months(connection, pledge.id)?;
    let timeline = plan::to_timeline(&terms)?;
    Ok(PledgeHistory {
        pledge: load_view(connection, pledge.id, today)?,
        revisions: revisions(terms)?,
        months: months(&timeline, &charged, today)?,
    })
}

fn revisions(terms: Vec<PledgeTerm>) -> Result<Vec<PledgeRevision>> {
    let mut revisions: Vec<PledgeRevision> = Vec::new();
    for term in terms {
        let stated = PlannedTerm::of(&plan::to_term(&term)?)?;
        match revisions.last_mut() {
            Some(last) if last.revision == term.revision => last.terms.push(stated),
            _ => revisions.push(PledgeRevision {
                revision: term.revision,
                terms: vec![stated],
                cause: term.cause,
                application_id: term.application_id,
                decision_id: term.decision_id,
                reason: term.reason,
                actor: term.actor,
                recorded_at: term.recorded_at.map(|at| at.and_utc()),
            }),
        }
    }
    Ok(revisions)
}

fn months(
    timeline: &Timeline,
    charged: &[ChargedMonth],
    today: NaiveDate,
) -> Result<Vec<PledgeMonth>> {
    let charged: BTreeMap<i32, &ChargedMonth> =
        charged.iter().map(|month| (month.month, month)).collect();
    let starts = || timeline.terms().iter().map(|term| term.from_month);
    let (Some(first), Some(last)) = (starts().min(), starts().max()) else {
        return Ok(Vec::new());
    };
    let this_month = stored("today", CollectionMonth::from_date(today))?;
    let until = last.max(this_month);
    let until = until.plus_months(MONTHS_AHEAD).unwrap_or(until);
    let months = std::iter::successors(Some(first), |month| month.next());
    months
        .take_while(|month| *month <= until)
        .map(|month| {
            let nothing = Term {
                revision: 0,
                from_month: month,
                units: TermUnits::ZERO,
                unit_price: Yen::ZERO,
            };
            let stated = PlannedTerm::of(timeline.in_month(month).unwrap_or(&nothing))?;
            let charge = charged.get(&month.as_int());
            Ok(PledgeMonth {
                month,
                units: stated.units,
                unit_price: stated.unit_price,
                amount: stated.amount,
                charged: charge.map(|charge| charge.amount),
                batch_id: charge.map(|charge| charge.batch_id),
            })
        })
        .collect()
}

//! "Why this amount?": everything from the application to the charge, for a member and a month.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{CollectionMonth, CoopCode, MemberNumber, OfferingKind, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::due::{self, DueCharge};
use store::tables::charges::{self, Charge};
use store::tables::donations::Donation;
use store::tables::members::Member;
use store::tables::pledges;

use super::member_months::Payer;
use super::search_charges::{self, ChargeView};
use super::summary::{self, Facts};
use super::trail::{self, BatchTrail, EntryTrail};
use crate::billing::coop_month::CoopMonth;
use crate::billing::{HoldInTheWay, holds_of_member};
use crate::error::stored;
use crate::ledger::Look;
use crate::pledges::{PledgeHistory, find_member, history};
use crate::review::{ApplicationView, load_application};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A gift of so many months ago may still be tried again: as often as a policy allows (R13).
const TRIED_AGAIN_MONTHS: i32 = 24;

/// A charge and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeExplained {
    /// The charge.
    #[serde(flatten)]
    pub charge: ChargeView,
    /// The applications behind it, found in `applications`; none behind an imported pledge.
    pub application_ids: Vec<i64>,
    /// All of it in one Japanese line.
    pub summary: String,
}

/// What the next close of the month would charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlannedCharge {
    /// The kind of gift.
    #[schema(value_type = String, example = "supporter")]
    pub kind: OfferingKind,
    /// The order number; empty for an imported pledge without one.
    pub order_number: String,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    #[schema(value_type = i64)]
    pub unit_price: Yen,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// The month that the gift is for: an earlier one, where a failed collection is tried again.
    #[schema(value_type = String, example = "2025-08")]
    pub gift_month: CollectionMonth,
    /// Which try it would be, from 1.
    pub attempt: i32,
    /// The pledge, where it is one.
    pub pledge_id: Option<i64>,
    /// The gift, where it is one.
    pub donation_id: Option<i64>,
    /// The applications behind it, found in `applications`.
    pub application_ids: Vec<i64>,
    /// All of it in one Japanese line.
    pub summary: String,
}

/// Why a member is charged what in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AmountExplained {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The member's number.
    #[schema(value_type = String, example = "0010106")]
    pub member_number: MemberNumber,
    /// The day the member left, where that is so.
    pub left_on: Option<NaiveDate>,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Whether the month is closed.
    pub is_closed: bool,
    /// Yen charged, voided charges aside.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Yen that the next close would charge.
    #[schema(value_type = i64)]
    pub planned_amount: Yen,
    /// The charges of the month, all sequences, voided ones too.
    pub charges: Vec<ChargeExplained>,
    /// What the next close would charge.
    pub planned: Vec<PlannedCharge>,
    /// The member's applications that are held, of any month.
    pub holds: Vec<HoldInTheWay>,
    /// The applications behind all of it, with where they came from and what was decided.
    pub applications: Vec<ApplicationView>,
    /// The pledges behind it, with every change of their plans.
    pub pledges: Vec<PledgeHistory>,
    /// The batches of the charges, and their files.
    pub batches: Vec<BatchTrail>,
    /// The journal entries of their results.
    pub entries: Vec<EntryTrail>,
}

impl Ledger {
    /// Everything about what a member is charged in a month: charges and their batches, the
    /// pledges and gifts behind them with every change, the applications behind those with their
    /// file and line, who and when, what is planned still, and what is held.
    ///
    /// # Errors
    /// Refuses a co-op or member that there is not.
    pub fn explain_amount(
        &self,
        call: &Call,
        coop: &CoopCode,
        member_number: &MemberNumber,
        month: CollectionMonth,
    ) -> Result<AmountExplained> {
        self.read_logged(call, Operation::ExplainAmount, |connection, _| {
            let target = CoopMonth::find(connection, coop, month)?;
            let member = find_member(connection, &target.coop, member_number.as_ref())?;
            let found = Sources::find(connection, &target, &member)?;
            let facts = self.load_facts(connection, &found)?;
            let is_closed = target.state(connection)?.closing.is_some();
            let explained = explained(connection, &target, &member, &found, facts, is_closed)?;
            Ok((explained, Look::at_member(target.coop.id, member.id)))
        })
    }

    fn load_facts(&self, connection: &mut DbConnection, found: &Sources) -> Result<Facts> {
        let pledge_ids: BTreeSet<i64> = found.pledge_ids().collect();
        let mut pledges = Vec::new();
        for id in pledge_ids {
            let pledge = pledges::find(connection, id)?
                .ok_or_else(|| LedgerError::Corrupt(format!("pledge {id} is gone")))?;
            let from = summary::imported_from(connection, &pledge)?;
            pledges.push((history(connection, &pledge, self.today())?, from));
        }
        let gift_ids: BTreeSet<i64> = found.donation_ids().collect();
        let gifts = found
            .gifts
            .iter()
            .filter(|gift| gift_ids.contains(&gift.id));
        let mut ids: BTreeSet<i64> = gifts.map(|gift| gift.application_id).collect();
        for (history, _) in &pledges {
            ids.extend(summary::applications_of(history));
        }
        let mut applications = Vec::new();
        for id in ids {
            applications.push(load_application(connection, self.settings(), id)?);
        }
        Ok(Facts {
            pledges,
            gifts: found.gifts.clone(),
            applications,
        })
    }
}

/// What a member's month is made of.
struct Sources {
    gifts: Vec<Donation>,
    charges: Vec<Charge>,
    due: Vec<DueCharge>,
}

impl Sources {
    fn find(connection: &mut DbConnection, target: &CoopMonth, member: &Member) -> Result<Self> {
        let month = target.month.as_int();
        let pledges: Vec<i64> = pledges::of_member(connection, member.id)?
            .iter()
            .map(|pledge| pledge.id)
            .collect();
        let earliest = target
            .month
            .plus_months(-TRIED_AGAIN_MONTHS)
            .map_or(0, CollectionMonth::as_int);
        let payer = Payer::of(connection, member)?;
        let mut gifts = payer.gifts(connection)?;
        gifts.retain(|gift| {
            gift.coop_id == target.coop.id && (earliest..=month).contains(&gift.collection_month)
        });
        let gift_ids: Vec<i64> = gifts.iter().map(|gift| gift.id).collect();
        Ok(Self {
            charges: charges::of_sources(connection, month, &pledges, &gift_ids)?,
            due: due::of_sources(connection, target.due(), &pledges, &gift_ids)?,
            gifts,
        })
    }

    fn pledge_ids(&self) -> impl Iterator<Item = i64> {
        let charged = self.charges.iter().filter_map(|charge| charge.pledge_id);
        charged.chain(self.due.iter().filter_map(|due| due.pledge_id))
    }

    fn donation_ids(&self) -> impl Iterator<Item = i64> {
        let charged = self.charges.iter().filter_map(|charge| charge.donation_id);
        charged.chain(self.due.iter().filter_map(|due| due.donation_id))
    }
}

fn explained(
    connection: &mut DbConnection,
    target: &CoopMonth,
    member: &Member,
    found: &Sources,
    facts: Facts,
    is_closed: bool,
) -> Result<AmountExplained> {
    let mut charges = Vec::new();
    for charge in &found.charges {
        let view = search_charges::view(connection, charge.clone())?;
        charges.push(ChargeExplained {
            application_ids: facts.application_ids(charge.pledge_id, charge.donation_id),
            summary: facts.of_charge(&view, charge.revision),
            charge: view,
        });
    }
    let planned = found
        .due
        .iter()
        .map(|due| planned(&facts, due))
        .collect::<Result<Vec<_>>>()?;
    let overflow = |e: domain::YenOverflow| LedgerError::refused("amount_overflow", e.to_string());
    let counting = charges.iter().filter(|one| !one.charge.is_voided);
    Ok(AmountExplained {
        coop: stored("cooperatives.code", target.coop.code.parse::<CoopCode>())?,
        member_number: stored("members.number", member.number.parse::<MemberNumber>())?,
        left_on: member.left_on,
        month: target.month,
        is_closed,
        amount: Yen::sum(counting.map(|one| one.charge.amount)).map_err(overflow)?,
        planned_amount: Yen::sum(planned.iter().map(|one| one.amount)).map_err(overflow)?,
        batches: trail::batches_of(connection, &charges)?,
        entries: trail::entries_of(connection, &charges)?,
        charges,
        planned,
        holds: holds_of_member(connection, member.id)?,
        applications: facts.applications,
        pledges: facts
            .pledges
            .into_iter()
            .map(|(history, _)| history)
            .collect(),
    })
}

fn planned(facts: &Facts, due: &DueCharge) -> Result<PlannedCharge> {
    let kind = match due.kind {
        1 => OfferingKind::Supporter,
        2 => OfferingKind::Spot,
        _ => OfferingKind::Campaign,
    };
    let mut planned = PlannedCharge {
        kind,
        order_number: due.order_number.clone(),
        units: due.units,
        unit_price: Yen::new(due.unit_price),
        amount: Yen::new(due.amount),
        gift_month: stored("due.gift_month", CollectionMonth::from_int(due.gift_month))?,
        attempt: due.attempt,
        pledge_id: due.pledge_id,
        donation_id: due.donation_id,
        application_ids: facts.application_ids(due.pledge_id, due.donation_id),
        summary: String::new(),
    };
    planned.summary = facts.of_planned(&planned);
    Ok(planned)
}

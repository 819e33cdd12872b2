//! `look_into_hold`: everything a person needs to decide one held application, on one screen.

use domain::{ApplicationState, CollectionMonth};
use serde::{Deserialize, Serialize};
use store::application_search;
use store::tables::members::{self, Member};
use store::{DbConnection, held_search, lock};
use utoipa::ToSchema;

use super::case::{Case, find, lock_and_find};
use super::get_application::{ApplicationView, ProposalView, load};
use super::list_holds::HoldFilter;
use super::look::Lookbook;
use super::weigh_hold::{HoldCorrection, HoldWeighed, weigh_case};
use crate::ledger::Look;
use crate::reference::find_member::view as member_view;
use crate::reference::{MemberView, OfferingView};
use crate::trace::{ApplicationFound, found_view};
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Other applications of the member shown at most.
const OTHERS_MAX: usize = 10;

/// The line as it would stand, corrections and a named cycle in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LineSeen {
    /// The member number.
    pub member_number: String,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口), where they come out.
    pub units: Option<i64>,
    /// Yen, where it comes out.
    pub amount: Option<i64>,
    /// What the order number means.
    pub offering: Option<OfferingView>,
    /// When it would be collected.
    #[schema(value_type = Option<String>)]
    pub collection_month: Option<CollectionMonth>,
    /// What a depot form of free text seems to say.
    pub proposal: Option<ProposalView>,
}

/// What is to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenHold {
    /// The line as it would stand.
    pub line: LineSeen,
    /// The reasons there are, and what each way would do.
    pub weighed: HoldWeighed,
    /// Who gives, where the number is known.
    pub member: Option<MemberView>,
    /// The member's other applications, newest first, a few.
    pub others: Vec<ApplicationFound>,
}

/// Where an application stands in the queue of those held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldPlace {
    /// The one before it.
    pub previous: Option<i64>,
    /// The one after it.
    pub next: Option<i64>,
    /// How many are before it.
    pub before: i64,
    /// How many there are.
    pub total: i64,
}

/// A held application, or one that was, before the person who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldCase {
    /// The application as it is, with everything decided about it.
    pub application: ApplicationView,
    /// What is to be decided; none once it is.
    pub open: Option<OpenHold>,
    /// Where it stands among those that fit the filter.
    pub place: HoldPlace,
}

impl Ledger {
    /// One held application with all that decides it: the line as it stands and as it would be
    /// corrected, the member and their other applications, what each way would do to the charges to
    /// come, and the ones before and after it that fit the filter. Of one that is decided already,
    /// what was decided. Changes nothing; it is a look at a member.
    ///
    /// Refuses a number that is not there, and a correction that no order sheet could have.
    pub fn look_into_hold(
        &self,
        call: &Call,
        id: i64,
        correction: &HoldCorrection,
        filter: &HoldFilter,
    ) -> Result<HoldCase> {
        self.try_out_logged(call, Operation::LookIntoHold, |tx| {
            let place = place(tx.connection, filter, id)?;
            let application = load(tx.connection, tx.settings, id)?;
            let (open, look) = if application.state == ApplicationState::Held {
                let (open, look) = look_into(tx, id, correction)?;
                (Some(open), look)
            } else {
                let line = find(tx.connection, id)?;
                let member_id = line.member_id;
                (None, member_id.map(|id| Look::at_member(line.coop_id, id)))
            };
            let case = HoldCase {
                application,
                open,
                place,
            };
            Ok((case, look))
        })
    }

    /// The next held application that fits after one, in the order of their numbers, where there is one.
    pub fn next_hold(
        &self,
        call: &Call,
        filter: &HoldFilter,
        after_id: i64,
    ) -> Result<Option<i64>> {
        self.read(call, Operation::ListHolds, |connection| {
            Ok(place(connection, filter, after_id)?.next)
        })
    }
}

fn look_into(
    tx: &mut Tx<'_>,
    id: i64,
    correction: &HoldCorrection,
) -> Result<(OpenHold, Option<Look>)> {
    lock::reference_shared(tx.connection)?;
    let lookbook = Lookbook::load(tx.connection, tx.settings)?;
    let before = lock_and_find(tx, id)?;
    let cycle = correction.cycle.as_deref();
    let case = Case::open(tx.connection, &lookbook, before, &correction.line(), cycle)?;
    let weighed = weigh_case(tx, &case, correction)?;
    let member = case.fresh.member.clone();
    let look = member
        .as_ref()
        .map(|member| Look::at_member(member.coop_id, member.id));
    let (member, others) = match member {
        Some(member) => {
            let others = others(tx.connection, &member, id)?;
            (Some(seen(tx, &member)?), others)
        }
        None => (None, Vec::new()),
    };
    let open = OpenHold {
        line: line(&case),
        weighed,
        member,
        others,
    };
    Ok((open, look))
}

fn seen(tx: &mut Tx<'_>, member: &Member) -> Result<MemberView> {
    let row = members::find_by_id(tx.connection, member.id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("member {} is gone", member.id)))?;
    member_view(tx.connection, row, tx.today)
}

fn others(
    connection: &mut DbConnection,
    member: &Member,
    id: i64,
) -> Result<Vec<ApplicationFound>> {
    let rows = i64::try_from(OTHERS_MAX).unwrap_or(i64::MAX) + 1;
    let found = application_search::of_members(connection, &[member.id], i64::MAX, rows)?;
    let others = found.into_iter().filter(|one| one.id != id);
    others.take(OTHERS_MAX).map(found_view).collect()
}

fn line(case: &Case<'_>) -> LineSeen {
    let (line, fresh) = (&case.line, &case.fresh);
    let offering_id = fresh.applied.as_ref().and_then(|one| one.offering_id);
    let offering = offering_id.and_then(|id| case.lookbook.catalogue().by_id(id));
    LineSeen {
        member_number: line.member_number.clone(),
        order_number: line.order_number.clone(),
        units: fresh.units.map(domain::Units::get).or(line.units),
        amount: fresh.amount.map(domain::Yen::get).or(line.amount),
        offering: offering.map(Into::into),
        collection_month: fresh.month,
        proposal: fresh.proposal.clone(),
    }
}

fn place(connection: &mut DbConnection, filter: &HoldFilter, id: i64) -> Result<HoldPlace> {
    let filter = filter.to_stored(connection)?;
    let found = held_search::place(connection, &filter, id)?;
    Ok(HoldPlace {
        previous: found.previous_id,
        next: found.next_id,
        before: found.before_it,
        total: found.total,
    })
}

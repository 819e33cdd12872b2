//! The fresh look at a line: what it comes to as things are now.
//!
//! What holds a line is told by intake's desk and classifier, here as when it came in.

use domain::{
    Catalogue, Channel, CollectionMonth, HoldReasons, LineIn, OfferingInCycle, OfferingKind,
    OrderNumber, Units, Yen,
};
use store::DbConnection;
use store::intake::classify_one;
use store::tables::applications::Application;
use store::tables::members::{self, Member};
use store::tables::{pledge_terms, pledges};

use super::get_application::ProposalView;
use super::line::reasons_of;
use crate::error::stored;
use crate::intake::{CarriedLine, Desk, Look};
use crate::{LedgerError, Result, Settings};

/// What lines are looked at with.
pub(super) struct Lookbook(Desk);

/// What a line comes to, and what speaks against it.
#[derive(Debug, Clone)]
pub(super) struct Fresh {
    pub(super) member: Option<Member>,
    pub(super) applied: Option<Applied>,
    pub(super) units: Option<Units>,
    pub(super) amount: Option<Yen>,
    pub(super) month: Option<CollectionMonth>,
    pub(super) reasons: HoldReasons,
    pub(super) proposal: Option<ProposalView>,
}

/// What is applied for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) kind: OfferingKind,
    pub(super) fund_id: Option<i64>,
    pub(super) campaign_id: Option<i64>,
    pub(super) offering_id: Option<i64>,
    /// None only for a pledge that was imported without one.
    pub(super) order_number: Option<String>,
    pub(super) unit_price: Yen,
}

impl From<&OfferingInCycle> for Applied {
    fn from(offering: &OfferingInCycle) -> Self {
        Self {
            kind: offering.kind,
            fund_id: offering.fund_id,
            campaign_id: offering.campaign_id,
            offering_id: Some(offering.offering_id),
            order_number: Some(offering.order_number.to_string()),
            unit_price: offering.unit_price,
        }
    }
}

impl Lookbook {
    pub(super) fn load(connection: &mut DbConnection, settings: &Settings) -> Result<Self> {
        Desk::load(connection, settings.implausible_units_over).map(Self)
    }

    /// What order numbers mean.
    pub(super) fn catalogue(&self) -> &Catalogue {
        self.0.catalogue()
    }

    /// Looks at a line as it is written now, in the cycle a person names where one is named.
    pub(super) fn look(
        &self,
        connection: &mut DbConnection,
        line: &Application,
        cycle: Option<&str>,
    ) -> Result<Fresh> {
        let (look, mut fresh) = match line.carried_pledge_id {
            Some(pledge_id) => carried(connection, line, pledge_id)?,
            None => self.written(line, cycle)?,
        };
        let staged = look.staged(1, Some(line.id));
        let classified = classify_one(connection, &staged, &line.member_number)?;
        fresh.reasons = reasons_of(classified.reasons)?;
        fresh.member = match classified.member_id {
            Some(member_id) => members::find_by_id(connection, member_id)?.map(|one| one.member),
            None => None,
        };
        Ok(fresh)
    }

    fn written(&self, line: &Application, cycle: Option<&str>) -> Result<(Look, Fresh)> {
        let order_number: Option<OrderNumber> = line
            .order_number
            .as_deref()
            .map(|number| stored("applications.order_number", number.parse()))
            .transpose()?;
        let units = line
            .units
            .map(|units| stored("applications.units", Units::new(units)))
            .transpose()?;
        let written = LineIn {
            order_number,
            units,
            amount: line.amount.map(Yen::new),
            received_on: line.received_on,
            channel: stored("applications.channel", Channel::from_stored(&line.channel))?,
            note: line.note.as_deref(),
            cycle,
            not_before: month_of(line.not_before)?,
        };
        let seen = self
            .0
            .look_at(&written)
            .map_err(|lack| LedgerError::refused("line_unreadable", lack.to_string()))?;
        let fresh = Fresh {
            member: None,
            applied: seen.offering.map(Applied::from),
            units: seen.units,
            amount: seen.amount,
            month: seen.collection_month,
            reasons: HoldReasons::NONE,
            proposal: seen.proposal.as_deref().map(ProposalView::of),
        };
        Ok((Look::of(line.coop_id, &written, &seen), fresh))
    }
}

/// A pledge that met another when its giver moved: it is applied for again as it was.
fn carried(
    connection: &mut DbConnection,
    line: &Application,
    pledge_id: i64,
) -> Result<(Look, Fresh)> {
    let broken = || LedgerError::Corrupt(format!("application {}: carried pledge", line.id));
    let pledge = pledges::find(connection, pledge_id)?.ok_or_else(broken)?;
    let terms = pledge_terms::of_pledge(connection, pledge_id)?;
    let running = terms.iter().rev().find(|term| term.units > 0);
    let unit_price = Yen::new(running.ok_or_else(broken)?.unit_price);
    let units = line.units.and_then(|units| Units::new(units).ok());
    let units = units.ok_or_else(broken)?;
    let month = line.collection_month.max(line.not_before);
    let month = month_of(month)?.ok_or_else(broken)?;
    let look = Look::of_carried(&CarriedLine {
        coop_id: line.coop_id,
        fund_id: pledge.fund_id,
        units,
        received_on: line.received_on,
        month,
    });
    let fresh = Fresh {
        member: None,
        applied: Some(Applied {
            kind: OfferingKind::Supporter,
            fund_id: Some(pledge.fund_id),
            campaign_id: None,
            offering_id: pledge.offering_id,
            order_number: pledge.order_number,
            unit_price,
        }),
        units: Some(units),
        amount: units.amount(unit_price).ok(),
        month: Some(month),
        reasons: HoldReasons::NONE,
        proposal: None,
    };
    Ok((look, fresh))
}

fn month_of(month: Option<i32>) -> Result<Option<CollectionMonth>> {
    month
        .map(|month| stored("applications.month", CollectionMonth::from_int(month)))
        .transpose()
}

//! The fresh look at a line: what it comes to as things are now.

use domain::{
    CampaignNames, Catalogue, Channel, CollectionMonth, HoldReason, HoldReasons, LineIn, LineRules,
    OfferingInCycle, OfferingKind, OrderNumber, Units, Yen, look_at_line,
};
use store::DbConnection;
use store::tables::applications::Application;
use store::tables::members::{self, Member};
use store::tables::{applications, pledge_terms, pledges};

use super::get_application::ProposalView;
use crate::error::stored;
use crate::months::Months;
use crate::reference::catalogue;
use crate::{LedgerError, Result, Settings};

/// What lines are looked at with.
pub(super) struct Lookbook {
    pub(super) catalogue: Catalogue,
    campaign_names: CampaignNames,
    implausible_units_over: i64,
}

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
        Ok(Self {
            catalogue: catalogue::load(connection)?,
            campaign_names: catalogue::load_campaign_names(connection)?,
            implausible_units_over: settings.implausible_units_over,
        })
    }

    /// Looks at a line as it is written now, in the cycle a person names where one is named.
    pub(super) fn look(
        &self,
        connection: &mut DbConnection,
        line: &Application,
        cycle: Option<&str>,
    ) -> Result<Fresh> {
        let months = Months::of_coop(connection, line.coop_id)?;
        let member = members::find(connection, line.coop_id, &line.member_number)?;
        let mut fresh = match line.carried_pledge_id {
            Some(pledge_id) => carried(connection, line, pledge_id, months)?,
            None => self.written(line, cycle, months)?,
        };
        fresh.member = member;
        add_reasons_of_others(connection, line, &mut fresh)?;
        Ok(fresh)
    }

    fn written(&self, line: &Application, cycle: Option<&str>, months: Months) -> Result<Fresh> {
        let order_number: Option<OrderNumber> = line
            .order_number
            .as_deref()
            .map(|number| stored("applications.order_number", number.parse()))
            .transpose()?;
        let units = line
            .units
            .map(|units| stored("applications.units", Units::new(units)))
            .transpose()?;
        let line = LineIn {
            order_number,
            units,
            amount: line.amount.map(Yen::new),
            received_on: line.received_on,
            channel: stored("applications.channel", Channel::from_stored(&line.channel))?,
            note: line.note.as_deref(),
            cycle,
            not_before: month_of(line.not_before)?,
        };
        let rules = LineRules {
            catalogue: &self.catalogue,
            campaign_names: &self.campaign_names,
            implausible_units_over: self.implausible_units_over,
        };
        let look = look_at_line(&line, &rules, |month| months.is_closed(month))
            .map_err(|e| LedgerError::refused("line_unreadable", e.to_string()))?;
        Ok(Fresh {
            member: None,
            applied: look.offering.map(Applied::from),
            units: look.units,
            amount: look.amount,
            month: look.collection_month,
            reasons: look.reasons,
            proposal: look.proposal.as_deref().map(ProposalView::of),
        })
    }
}

/// A pledge that met another when its giver moved: it is applied for again as it was.
fn carried(
    connection: &mut DbConnection,
    line: &Application,
    pledge_id: i64,
    months: Months,
) -> Result<Fresh> {
    let gone = || LedgerError::Corrupt(format!("carried pledge {pledge_id}"));
    let pledge = pledges::find(connection, pledge_id)?.ok_or_else(gone)?;
    let terms = pledge_terms::of_pledge(connection, pledge_id)?;
    let price = terms.iter().rev().find(|term| term.units > 0);
    let unit_price = Yen::new(price.ok_or_else(gone)?.unit_price);
    let units = line.units.and_then(|units| Units::new(units).ok());
    let month = month_of(line.collection_month.max(line.not_before))?;
    let is_closed = month.is_some_and(|month| months.is_closed(month));
    Ok(Fresh {
        member: None,
        applied: Some(Applied {
            kind: OfferingKind::Supporter,
            fund_id: Some(pledge.fund_id),
            campaign_id: None,
            offering_id: pledge.offering_id,
            order_number: pledge.order_number,
            unit_price,
        }),
        units,
        amount: units.and_then(|units| units.amount(unit_price).ok()),
        month,
        reasons: is_closed
            .then_some(HoldReason::MonthAlreadyClosed)
            .into_iter()
            .collect(),
        proposal: None,
    })
}

/// The reasons that only other records can give: 1, 2, 8 and 9 of R3.
fn add_reasons_of_others(
    connection: &mut DbConnection,
    line: &Application,
    fresh: &mut Fresh,
) -> Result<()> {
    let Some(member) = &fresh.member else {
        fresh.reasons.insert(HoldReason::UnknownMember);
        return Ok(());
    };
    let is_too_late = |month: CollectionMonth| {
        member
            .left_on
            .is_some_and(|left_on| month.first_day() > left_on)
    };
    let is_received_late = member.left_on.is_some_and(|left| line.received_on > left);
    if is_received_late || fresh.month.is_some_and(is_too_late) {
        fresh.reasons.insert(HoldReason::WithdrawnMember);
    }
    let Some(applied) = &fresh.applied else {
        return Ok(());
    };
    if let Some(offering_id) = applied
        .offering_id
        .filter(|_| line.carried_pledge_id.is_none())
    {
        let found = applications::same_exists(connection, member.id, offering_id, line.id)?;
        if found {
            fresh.reasons.insert(HoldReason::DuplicateApplication);
        }
    }
    if let (OfferingKind::Supporter, Some(fund_id), Some(month)) =
        (applied.kind, applied.fund_id, fresh.month)
    {
        let open = pledges::find_open(connection, member.id, fund_id, month.as_int())?;
        let is_other = |open: &pledges::Pledge| {
            line.carried_pledge_id.is_some() || open.offering_id != applied.offering_id
        };
        if open.as_ref().is_some_and(is_other) {
            fresh.reasons.insert(HoldReason::AlreadySupporter);
        }
    }
    Ok(())
}

fn month_of(month: Option<i32>) -> Result<Option<CollectionMonth>> {
    month
        .map(|month| stored("applications.month", CollectionMonth::from_int(month)))
        .transpose()
}

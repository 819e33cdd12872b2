//! What a desk knows when it looks at a line: the catalogue, the campaigns' names, the settings.

use chrono::NaiveDate;
use domain::{
    CampaignNames, Catalogue, Channel, CollectionMonth, HoldReasons, LineIn, LineLook, LineRules,
    OfferingKind, OrderNumber, Units, UnreadableLine, look_at_line,
};
use store::DbConnection;
use store::intake::StagedLook;

use crate::Result;
use crate::reference::catalogue;

/// What lines are looked at with.
pub(crate) struct Desk {
    catalogue: Catalogue,
    campaign_names: CampaignNames,
    implausible_units_over: i64,
}

/// What one line comes to, before its member is known.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) coop_id: i64,
    order_number: Option<OrderNumber>,
    units: Option<i64>,
    amount: Option<i64>,
    received_on: NaiveDate,
    channel: Channel,
    pub(crate) offering_id: Option<i64>,
    /// The fund, where a pledge is applied for.
    pub(crate) fund_id: Option<i64>,
    collection_month: Option<CollectionMonth>,
    not_before: Option<CollectionMonth>,
    reasons: HoldReasons,
}

/// A pledge that met another when its giver moved.
pub(crate) struct CarriedLine {
    /// The co-op the giver moved to.
    pub(crate) coop_id: i64,
    /// The fund.
    pub(crate) fund_id: i64,
    /// The units.
    pub(crate) units: Units,
    /// The day of the move.
    pub(crate) received_on: NaiveDate,
    /// The first month in the new co-op.
    pub(crate) month: CollectionMonth,
}

impl Desk {
    /// The desk as of this transaction; the caller holds the lock on reference data where it
    /// writes.
    pub(crate) fn load(connection: &mut DbConnection, implausible_units_over: i64) -> Result<Self> {
        Ok(Self {
            catalogue: catalogue::load(connection)?,
            campaign_names: catalogue::load_campaign_names(connection)?,
            implausible_units_over,
        })
    }

    /// As much of the desk as it takes to look at one line.
    pub(crate) fn load_for(
        connection: &mut DbConnection,
        implausible_units_over: i64,
        order_number: Option<&OrderNumber>,
        received_on: NaiveDate,
    ) -> Result<Self> {
        let Some(order_number) = order_number else {
            return Self::load(connection, implausible_units_over);
        };
        Ok(Self {
            catalogue: catalogue::load_around(connection, order_number, received_on)?,
            campaign_names: CampaignNames::default(),
            implausible_units_over,
        })
    }

    /// A desk that knows what can be applied for on a day, and nothing else.
    pub(crate) fn load_open_on(
        connection: &mut DbConnection,
        implausible_units_over: i64,
        received_on: NaiveDate,
    ) -> Result<Self> {
        Ok(Self {
            catalogue: catalogue::load_open_on(connection, received_on)?,
            campaign_names: CampaignNames::default(),
            implausible_units_over,
        })
    }

    /// The catalogue.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Looks at a line by the rules that need no other line (R1–R3). Whether its month is closed
    /// is the database's to say, once the co-op is locked: no month counts as closed here.
    pub(crate) fn look_at(&self, line: &LineIn<'_>) -> Result<LineLook<'_>, UnreadableLine> {
        let rules = LineRules {
            catalogue: &self.catalogue,
            campaign_names: &self.campaign_names,
            implausible_units_over: self.implausible_units_over,
        };
        look_at_line(line, &rules, |_| false)
    }
}

impl Look {
    /// What a member of co-op `coop_id` gets for a line.
    pub(crate) fn of(coop_id: i64, line: &LineIn<'_>, seen: &LineLook<'_>) -> Self {
        let monthly = seen
            .offering
            .filter(|one| one.kind == OfferingKind::Supporter);
        Self {
            coop_id,
            order_number: line.order_number,
            units: seen.units.map(|units| units.get()),
            amount: seen.amount.map(|amount| amount.get()),
            received_on: line.received_on,
            channel: line.channel,
            offering_id: seen.offering.map(|one| one.offering_id),
            fund_id: monthly.and_then(|one| one.fund_id),
            collection_month: seen.collection_month,
            not_before: line.not_before,
            reasons: seen.reasons,
        }
    }

    /// What a member of co-op `coop_id` gets before it is known what is applied for.
    pub(crate) fn of_member(coop_id: i64, received_on: NaiveDate, channel: Channel) -> Self {
        Self {
            coop_id,
            order_number: None,
            units: None,
            amount: None,
            received_on,
            channel,
            offering_id: None,
            fund_id: None,
            collection_month: None,
            not_before: None,
            reasons: HoldReasons::NONE,
        }
    }

    /// What a pledge gets that met another when its giver moved: it is applied for again as it was.
    pub(crate) fn of_carried(carried: &CarriedLine) -> Self {
        Self {
            coop_id: carried.coop_id,
            order_number: None,
            units: Some(carried.units.get()),
            amount: None,
            received_on: carried.received_on,
            channel: Channel::MemberChange,
            offering_id: None,
            fund_id: Some(carried.fund_id),
            collection_month: Some(carried.month),
            not_before: None,
            reasons: HoldReasons::NONE,
        }
    }

    /// As it is staged under `id`, for application `self_id` where that is looked at afresh.
    pub(crate) fn staged(&self, id: i64, self_id: Option<i64>) -> StagedLook<'_> {
        StagedLook {
            id,
            coop_id: self.coop_id,
            order_number: self.order_number.as_ref().map(OrderNumber::as_str),
            units: self.units,
            amount: self.amount,
            received_on: self.received_on,
            channel: self.channel.as_str(),
            offering_id: self.offering_id,
            fund_id: self.fund_id,
            collection_month: self.collection_month.map(|month| month.as_int()),
            not_before: self.not_before.map(|month| month.as_int()),
            member_until: self.member_until(),
            self_id,
            reasons: i32::from(self.reasons.bits()),
        }
    }

    /// Whoever left before this day has withdrawn: the day of receipt, or the first day of the
    /// month of collection where that is later (R3). The day of leaving itself still counts, and
    /// so does its whole month.
    fn member_until(&self) -> NaiveDate {
        let month_begins = self.collection_month.map(|month| month.first_day());
        month_begins.map_or(self.received_on, |day| day.max(self.received_on))
    }
}

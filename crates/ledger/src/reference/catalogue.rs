//! The catalogue: what every order number means, and when (R1).

use chrono::NaiveDate;
use domain::{
    CampaignNames, Catalogue, CollectionMonth, OfferingInCycle, OfferingKind, OrderNumber, Yen,
};
use store::DbConnection;
use store::tables::campaigns;
use store::tables::offerings::{self, Offering};

use crate::Result;
use crate::error::stored;

/// The whole catalogue.
pub(crate) fn load(connection: &mut DbConnection) -> Result<Catalogue> {
    of(offerings::all(connection)?)
}

/// As much of the catalogue as it takes to resolve one number on one day and to explain a miss.
pub(crate) fn load_around(
    connection: &mut DbConnection,
    order_number: &OrderNumber,
    on: NaiveDate,
) -> Result<Catalogue> {
    of(offerings::around(connection, order_number.as_str(), on)?)
}

/// As much of the catalogue as it takes to tell what can be applied for on one day.
pub(crate) fn load_open_on(connection: &mut DbConnection, on: NaiveDate) -> Result<Catalogue> {
    of(offerings::open_on(connection, on)?)
}

/// The names by which the free text of a depot form may call a campaign: its title and its
/// organization's name.
pub(crate) fn load_campaign_names(connection: &mut DbConnection) -> Result<CampaignNames> {
    let campaigns = campaigns::all(connection)?;
    let names = campaigns.iter().flat_map(|one| {
        [
            (one.id, one.values.title.as_str()),
            (one.id, one.organization_name.as_str()),
        ]
    });
    Ok(CampaignNames::new(names))
}

fn of(offerings: Vec<Offering>) -> Result<Catalogue> {
    let offerings: Result<Vec<_>> = offerings.into_iter().map(in_cycle).collect();
    offerings.map(Catalogue::new)
}

/// An offering as the rules see it.
pub(super) fn in_cycle(one: Offering) -> Result<OfferingInCycle> {
    let values = one.values;
    let code = |code: Option<String>| code.map(|code| code.parse()).transpose();
    Ok(OfferingInCycle {
        offering_id: one.id,
        cycle_id: values.cycle_id,
        cycle_label: one.cycle_label,
        order_number: stored("offerings.order_number", values.order_number.parse())?,
        kind: stored("offerings.kind", OfferingKind::from_stored(&values.kind))?,
        unit_price: Yen::new(values.unit_price),
        fund_id: values.fund_id,
        fund_code: stored("funds.code", code(one.fund_code))?,
        campaign_id: values.campaign_id,
        campaign_code: stored("campaigns.code", code(one.campaign_code))?,
        title: values.title,
        opens_on: one.opens_on,
        closes_on: one.closes_on,
        web_closes_on: one.web_closes_on,
        collection_month: stored(
            "cycles.collection_month",
            CollectionMonth::from_int(one.collection_month),
        )?,
    })
}

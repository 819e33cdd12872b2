//! `get_cycle`: an ordering week with its order numbers, and what of them is settled.

use std::collections::HashMap;

use domain::{OnFailure, OrderNumber};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::cycles::{self, Cycle};
use store::tables::offerings::{self, Offering};
use store::tables::{campaigns, funds, month_closings};

use super::super::catalogue;
use super::super::lists::{CycleView, OfferingView, cycle_view, find_cycle};
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A cycle with its offerings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleDetail {
    /// What it says.
    #[serde(flatten)]
    pub cycle: CycleView,
    /// Whether somebody applied in it: then its label stays.
    pub is_applied_for: bool,
    /// Whether a co-op has closed its month: then, if somebody applied, the month stays.
    pub month_is_closed: bool,
    /// Its offerings, by number.
    pub offerings: Vec<OfferingDetail>,
    /// The label of the last cycle before it that has offerings, to copy them from.
    pub previous: Option<String>,
}

/// An offering, and what of it is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferingDetail {
    /// What it says.
    #[serde(flatten)]
    pub offering: OfferingView,
    /// The name of the fund, unless it is for a campaign.
    pub fund_name: Option<String>,
    /// The title of the campaign, if it is for one.
    pub campaign_title: Option<String>,
    /// What follows a failed collection (R13).
    pub on_failure: OnFailure,
    /// Tries at most, or failures in a row; none where it lapses.
    pub failures_max: Option<i32>,
    /// Whether somebody applied for it: then number, kind, price, fund and campaign stay.
    pub is_applied_for: bool,
}

impl Ledger {
    /// A cycle with its offerings.
    ///
    /// # Errors
    /// Refuses a label that there is not.
    pub fn get_cycle(&self, call: &Call, cycle: &str) -> Result<CycleDetail> {
        self.read(call, Operation::GetCycle, |connection| {
            let found = find_cycle(connection, cycle)?;
            let previous = cycles::last_with_offerings(connection, found.values.opens_on)?;
            let month = found.values.collection_month;
            Ok(CycleDetail {
                is_applied_for: !cycles::with_applications(connection, &[found.id])?.is_empty(),
                month_is_closed: month_closings::is_closed_anywhere(connection, month)?,
                offerings: details(connection, &found)?,
                previous: previous.map(|one| one.values.label),
                cycle: cycle_view(found)?,
            })
        })
    }
}

/// The offerings of a cycle, by number.
pub(super) fn details(connection: &mut DbConnection, cycle: &Cycle) -> Result<Vec<OfferingDetail>> {
    let mut found = offerings::page(connection, Some(cycle.id), 0, i64::MAX)?;
    found.sort_by(|a, b| a.values.order_number.cmp(&b.values.order_number));
    let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
    let applied_for = offerings::with_applications(connection, &ids)?;
    let names = Names::load(connection)?;
    found
        .into_iter()
        .map(|one| {
            let is_applied_for = applied_for.contains(&one.id);
            detail(one, is_applied_for, &names)
        })
        .collect()
}

/// One offering of a cycle. Refuses a number that the cycle has not.
pub(super) fn find_detail(
    connection: &mut DbConnection,
    cycle: &Cycle,
    order_number: &OrderNumber,
) -> Result<OfferingDetail> {
    let mut all = details(connection, cycle)?.into_iter();
    let found = all.find(|one| one.offering.order_number == *order_number);
    found.ok_or_else(|| {
        LedgerError::not_found(
            "offering_not_found",
            format!(
                "{}に注文番号 {order_number} はありません。番号を確かめてください",
                cycle.values.label
            ),
        )
    })
}

/// What codes are called.
struct Names {
    funds: HashMap<i64, String>,
    campaigns: HashMap<i64, String>,
}

impl Names {
    fn load(connection: &mut DbConnection) -> Result<Self> {
        let funds = funds::all(connection)?.into_iter();
        let campaigns = campaigns::all(connection)?.into_iter();
        Ok(Self {
            funds: funds.map(|one| (one.id, one.name)).collect(),
            campaigns: campaigns.map(|one| (one.id, one.values.title)).collect(),
        })
    }
}

fn detail(one: Offering, is_applied_for: bool, names: &Names) -> Result<OfferingDetail> {
    let on_failure = OnFailure::from_stored(&one.values.on_failure);
    let name = |id: Option<i64>, of: &HashMap<i64, String>| of.get(&id?).cloned();
    Ok(OfferingDetail {
        fund_name: name(one.values.fund_id, &names.funds),
        campaign_title: name(one.values.campaign_id, &names.campaigns),
        on_failure: stored("offerings.on_failure", on_failure)?,
        failures_max: one.values.failures_max,
        is_applied_for,
        offering: OfferingView::from(&catalogue::in_cycle(one)?),
    })
}

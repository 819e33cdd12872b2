//! `list_todays_offerings`: what members can write on the order sheet today.

use domain::Channel;
use serde::{Deserialize, Serialize};

use super::super::catalogue;
use super::super::lists::OfferingView;
use crate::{Call, Ledger, Operation, Result};

/// An order number that holds today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodaysOffering {
    /// What it means.
    #[serde(flatten)]
    pub offering: OfferingView,
    /// Whether it holds for web orders alone any more (R1).
    pub is_web_only: bool,
}

impl Ledger {
    /// The order numbers that hold today in some channel, by number (R1).
    pub fn list_todays_offerings(&self, call: &Call) -> Result<Vec<TodaysOffering>> {
        let today = self.today();
        let catalogue = self.read(call, Operation::ListTodaysOfferings, |connection| {
            catalogue::load_open_on(connection, today)
        })?;
        let mut todays: Vec<TodaysOffering> = catalogue
            .open_on(today, Channel::Web)
            .map(|one| TodaysOffering {
                offering: one.into(),
                is_web_only: !one.window().contains(today, Channel::Paper),
            })
            .collect();
        todays.sort_by_key(|one| one.offering.order_number);
        Ok(todays)
    }
}

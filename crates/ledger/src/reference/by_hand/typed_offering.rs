//! An offering as it is typed.

use formats::tables::OfferingRow;
use serde::{Deserialize, Serialize};
use store::tables::offerings::Offering;

use super::typed::Typed;

/// An offering as it is typed: what a line of the file would say (§6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedOffering {
    /// The label of its cycle.
    pub cycle: String,
    /// Its number there.
    pub order_number: String,
    /// What it asks for: `supporter`, `spot` or `campaign`.
    pub kind: String,
    /// The price of one unit, in yen.
    pub unit_price: String,
    /// Code of the fund, unless it is for a campaign.
    pub fund: String,
    /// Code of the campaign, if it is for one.
    pub campaign: String,
    /// What the order sheet calls it.
    pub title: String,
    /// What follows a failed collection: `lapse`, `carry_forward` or `end_pledge`; blank for `lapse`.
    pub on_failure: String,
    /// Tries at most, or failures in a row; blank where it lapses.
    pub failures_max: String,
}

impl TypedOffering {
    /// What somebody would type for an offering that there is.
    pub(super) fn of(one: Offering) -> Self {
        let values = one.values;
        let count = values.failures_max.map(|count| count.to_string());
        Self {
            cycle: one.cycle_label,
            order_number: values.order_number,
            kind: values.kind,
            unit_price: values.unit_price.to_string(),
            fund: one.fund_code.unwrap_or_default(),
            campaign: one.campaign_code.unwrap_or_default(),
            title: values.title,
            on_failure: values.on_failure,
            failures_max: count.unwrap_or_default(),
        }
    }
}

impl Typed for TypedOffering {
    type Row = OfferingRow;

    fn values(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("cycle", &self.cycle),
            ("order_number", &self.order_number),
            ("kind", &self.kind),
            ("unit_price", &self.unit_price),
            ("fund", &self.fund),
            ("campaign", &self.campaign),
            ("title", &self.title),
            ("on_failure", &self.on_failure),
            ("failures_max", &self.failures_max),
        ]
    }
}

//! A campaign as it is typed.

use formats::tables::CampaignRow;
use serde::{Deserialize, Serialize};

use super::typed::Typed;

/// A campaign as it is typed: what a line of the file would say (§6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TypedCampaign {
    /// Its code, which stays for ever.
    pub campaign: String,
    /// Code of the organisation.
    pub organization: String,
    /// Its title.
    pub title: String,
    /// What is wanted, in yen.
    pub target: String,
    /// The first day.
    pub opens_on: String,
    /// The last day.
    pub closes_on: String,
    /// Whose money its gifts are: `agency` or `principal`.
    pub accounting: String,
}

impl Typed for TypedCampaign {
    type Row = CampaignRow;

    fn values(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("campaign", &self.campaign),
            ("organization", &self.organization),
            ("title", &self.title),
            ("target", &self.target),
            ("opens_on", &self.opens_on),
            ("closes_on", &self.closes_on),
            ("accounting", &self.accounting),
        ]
    }
}

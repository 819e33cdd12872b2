//! `get_campaign`: a campaign with what may be changed of it.

use domain::{Accounting, Code, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::campaigns::{self, Campaign};

use super::CampaignView;
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A campaign as its office keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignSettings {
    /// What it says.
    pub campaign: CampaignView,
    /// Name of its organisation.
    pub organization_name: String,
    /// Whether everybody may see how far it is.
    pub is_public: bool,
    /// Whether anything was ever given to it: then whose money that is stays as it is.
    pub has_gifts: bool,
}

impl Ledger {
    /// A campaign of a code.
    ///
    /// # Errors
    /// Refuses a code that none has.
    pub fn get_campaign(&self, call: &Call, code: &str) -> Result<CampaignSettings> {
        self.read(call, Operation::GetCampaign, |connection| {
            let campaign = find_campaign(connection, code)?;
            settings_of(connection, campaign)
        })
    }
}

/// The campaign of a code. Refuses one that there is not.
pub(crate) fn find_campaign(connection: &mut DbConnection, code: &str) -> Result<Campaign> {
    let found = match code.parse::<Code>() {
        Ok(code) => campaigns::find_by_code(connection, code.as_str())?,
        Err(_) => None,
    };
    found.ok_or_else(|| {
        LedgerError::not_found(
            "campaign_not_found",
            format!("募集「{code}」はありません。コードを確かめてください"),
        )
    })
}

/// A campaign, with whether anything was ever given to it.
pub(super) fn settings_of(
    connection: &mut DbConnection,
    campaign: Campaign,
) -> Result<CampaignSettings> {
    let has_gifts = !campaigns::with_donations(connection, &[campaign.id])?.is_empty();
    Ok(CampaignSettings {
        organization_name: campaign.organization_name.clone(),
        is_public: campaign.is_public != 0,
        has_gifts,
        campaign: view(campaign)?,
    })
}

/// A campaign as lists show it.
pub(super) fn view(campaign: Campaign) -> Result<CampaignView> {
    let values = campaign.values;
    Ok(CampaignView {
        campaign: stored("campaigns.code", values.code.parse::<Code>())?,
        organization: stored("organizations.code", campaign.organization_code.parse())?,
        title: values.title,
        target: Yen::new(values.target),
        opens_on: values.opens_on,
        closes_on: values.closes_on,
        accounting: stored(
            "campaigns.accounting",
            Accounting::from_stored(&values.accounting),
        )?,
    })
}

//! `switch_public_page`: whether everybody may see how far a campaign is.

use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::campaigns;

use super::get_campaign::{CampaignSettings, find_campaign, settings_of};
use crate::tx::Event;
use crate::{Call, Ledger, Operation, Result};

/// Whether a campaign has a public page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchPublicPage {
    /// Code of the campaign.
    pub campaign: String,
    /// Whether everybody may see how far it is, or nobody.
    pub is_public: bool,
}

impl Ledger {
    /// Shows everybody how far a campaign is, in totals that move in steps (R16), or nobody any more.
    /// Switching to what it is already changes nothing.
    ///
    /// # Errors
    /// Refuses a campaign that there is not.
    pub fn switch_public_page(
        &self,
        call: &Call,
        request: &SwitchPublicPage,
    ) -> Result<CampaignSettings> {
        self.write(call, Operation::SwitchPublicPage, request, |tx| {
            lock::reference_exclusive(tx.connection)?;
            let before = find_campaign(tx.connection, &request.campaign)?;
            let was_public = before.is_public != 0;
            if was_public != request.is_public {
                campaigns::set_public(tx.connection, before.id, request.is_public)?;
                let event = Event {
                    action: "switch_public_page",
                    coop_id: None,
                    subject: format!("campaign:{}", before.id),
                    reason: None,
                };
                let of = |is_public| serde_json::json!({ "is_public": is_public });
                tx.audit(&event, Some(&of(was_public)), Some(&of(request.is_public)))?;
            }
            let after = find_campaign(tx.connection, &request.campaign)?;
            settings_of(tx.connection, after)
        })
    }
}

//! `add_campaign`: an organisation's appeal, as it is typed at the desk.

use formats::table::Problems;
use formats::tables::CampaignRow;
use store::tables::campaigns as table;

use super::super::campaigns::{self, CAMPAIGN};
use super::super::get_campaign::{CampaignSettings, find_campaign, settings_of};
use super::super::rows::there_already;
use super::TypedCampaign;
use super::typed::{check, read_one};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// Adds a campaign, without a public page.
    ///
    /// # Errors
    /// Refuses, by the names of the fields, what a file would be refused for, and a code that there is
    /// already.
    pub fn add_campaign(&self, call: &Call, request: &TypedCampaign) -> Result<CampaignSettings> {
        self.write(call, Operation::AddCampaign, request, |tx| add(tx, request))
    }
}

fn add(tx: &mut Tx<'_>, request: &TypedCampaign) -> Result<CampaignSettings> {
    store::lock::reference_exclusive(tx.connection)?;
    let row = read_one(request)?;
    let code = row.1.campaign.as_str().to_owned();
    if table::find_by_code(tx.connection, &code)?.is_some() {
        let there = there_already(1, CAMPAIGN, &code, "募集");
        check::<CampaignRow>(None, &Problems::from(there))?;
    }
    campaigns::take(tx, std::slice::from_ref(&row), &|problems| {
        check::<CampaignRow>(None, problems)
    })?;
    let added = find_campaign(tx.connection, &code)?;
    let event = Event {
        action: "add_campaign",
        coop_id: None,
        subject: format!("campaign:{}", added.id),
        reason: None,
    };
    let added = settings_of(tx.connection, added)?;
    tx.audit(&event, None::<&()>, Some(&added.campaign))?;
    Ok(added)
}

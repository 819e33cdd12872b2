//! `correct_campaign`: a campaign that says something else by now.

use formats::tables::CampaignRow;

use super::super::campaigns;
use super::super::get_campaign::{CampaignSettings, find_campaign, settings_of};
use super::TypedCampaign;
use super::typed::{check, read_one};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// Makes the campaign of a code say what was typed. Its code stays, and its public page.
    ///
    /// # Errors
    /// Refuses a code that none has, and by the names of the fields what a file would be refused for:
    /// another organisation or accounting once something was given.
    pub fn correct_campaign(
        &self,
        call: &Call,
        request: &TypedCampaign,
    ) -> Result<CampaignSettings> {
        self.write(call, Operation::CorrectCampaign, request, |tx| {
            correct(tx, request)
        })
    }
}

fn correct(tx: &mut Tx<'_>, request: &TypedCampaign) -> Result<CampaignSettings> {
    store::lock::reference_exclusive(tx.connection)?;
    let before = find_campaign(tx.connection, &request.campaign)?;
    let (id, before) = (before.id, settings_of(tx.connection, before)?);
    let row = read_one(request)?;
    campaigns::take(tx, std::slice::from_ref(&row), &|problems| {
        check::<CampaignRow>(None, problems)
    })?;
    let after = find_campaign(tx.connection, &request.campaign)?;
    let after = settings_of(tx.connection, after)?;
    if after != before {
        let event = Event {
            action: "correct_campaign",
            coop_id: None,
            subject: format!("campaign:{id}"),
            reason: None,
        };
        tx.audit(&event, Some(&before.campaign), Some(&after.campaign))?;
    }
    Ok(after)
}

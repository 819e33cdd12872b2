//! What everybody is shown of a campaign that has a public page: totals only, that move in steps (R16).

use chrono::NaiveDate;
use domain::{Code, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::campaign_steps::{self, Whose};
use store::tables::campaigns::{self, Campaign};

use super::campaign_news::CampaignNews;
use super::campaign_progress::PaidOutStage;
use super::own_campaigns::{OwnCampaign, ShownStage, own_campaign};
use crate::reference::find_campaign;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How far a campaign is, as everybody is shown it (R16): the figures are those that its organisation is
/// shown, and move with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicCampaign {
    /// Code of the campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// Name of the organisation.
    pub organization_name: String,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// Yen wanted.
    pub target: Yen,
    /// Applied for.
    pub applied: ShownStage,
    /// Billed.
    pub billed: ShownStage,
    /// Collected, and not given back.
    pub collected: ShownStage,
    /// Passed on to the organisation, to the day.
    pub paid_out: PaidOutStage,
}

impl Ledger {
    /// What everybody is shown of a campaign. The look itself moves the figures where it is time to.
    /// `news` says what may have happened since the caller last looked at this campaign; who has not, or
    /// is not sure, gives [`CampaignNews::ALL`]. It only saves work: what is not news is not looked for.
    ///
    /// # Errors
    /// A campaign without a public page is refused like one that there is not.
    pub fn show_public_campaign(
        &self,
        call: &Call,
        code: &str,
        news: CampaignNews,
    ) -> Result<PublicCampaign> {
        let operation = Operation::ShowPublicCampaign;
        self.look_in_steps(call, operation, news, |connection| {
            find_public(connection, code)
        })
    }

    /// What everybody would be shown of a campaign if its public page were switched on.
    ///
    /// # Errors
    /// Refuses a campaign that there is not.
    pub fn preview_public_page(&self, call: &Call, code: &str) -> Result<PublicCampaign> {
        let operation = Operation::PreviewPublicPage;
        self.look_in_steps(call, operation, CampaignNews::ALL, |connection| {
            find_campaign(connection, code)
        })
    }

    fn look_in_steps(
        &self,
        call: &Call,
        operation: Operation,
        news: CampaignNews,
        find: impl Fn(&mut DbConnection) -> Result<Campaign>,
    ) -> Result<PublicCampaign> {
        let today = self.today();
        let (whose, is_time) = self.read(call, operation, |connection| {
            let whose = Whose::One(find(connection)?.id);
            let is_time = Self::is_time_to_move(connection, whose, &news.stages(), today)?;
            Ok((whose, is_time))
        })?;
        if is_time {
            self.move_campaign_steps(whose, &news.stages(), today)?;
        }
        self.read(call, operation, |connection| {
            let campaign = find(connection)?;
            let shown = campaign_steps::shown(connection, whose)?;
            let stages = shown
                .first()
                .ok_or_else(|| LedgerError::Corrupt(format!("campaigns.id: {}", campaign.id)))?;
            Ok(public(own_campaign(&campaign, stages)?, campaign))
        })
    }
}

/// The campaign of a code, where it has a public page.
fn find_public(connection: &mut DbConnection, code: &str) -> Result<Campaign> {
    let found = match code.parse::<Code>() {
        Ok(code) => campaigns::find_by_code(connection, code.as_str())?,
        Err(_) => None,
    };
    found
        .filter(|campaign| campaign.is_public != 0)
        .ok_or_else(|| {
            LedgerError::not_found(
                "campaign_not_found",
                "この募集のページはありません。アドレスを確かめてください",
            )
        })
}

fn public(shown: OwnCampaign, campaign: Campaign) -> PublicCampaign {
    PublicCampaign {
        campaign: shown.campaign,
        title: shown.title,
        organization_name: campaign.organization_name,
        opens_on: shown.opens_on,
        closes_on: shown.closes_on,
        target: shown.target,
        applied: shown.applied,
        billed: shown.billed,
        collected: shown.collected,
        paid_out: shown.paid_out,
    }
}

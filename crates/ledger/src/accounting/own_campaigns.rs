//! What an organisation is shown of its campaigns: totals only, that move in steps (R16).

use chrono::NaiveDate;
use domain::Yen;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::campaign_steps::{self, ShownStages, Stage, Whose};
use store::tables::campaigns::{self, Campaign};
use utoipa::ToSchema;

use super::campaign_progress::{PaidOutStage, percent};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// So many givers come before what is shown moves (R16).
const GIVERS_MIN: i64 = 5;

/// One stage of a campaign, without the number of gifts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownStage {
    /// Units (口).
    pub units: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Per cent of the target, cut off after one decimal: 100.0 is said only when it is reached.
    #[schema(value_type = String, example = "9.5")]
    pub percent: Decimal,
}

/// How far a campaign is, as its organisation is shown it (R16): the figures move when five more
/// givers have come to a stage, when a cycle it is offered in has closed and, while none is open,
/// when a month has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnCampaign {
    /// Code of the campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// The first day.
    pub opens_on: NaiveDate,
    /// The last day.
    pub closes_on: NaiveDate,
    /// Yen wanted.
    #[schema(value_type = i64)]
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
    /// How far the campaigns of the caller's organisation are, as it is shown them; the operator of
    /// the machine sees what each is shown.
    ///
    /// # Errors
    /// None of its own.
    pub fn list_own_campaigns(&self, call: &Call) -> Result<Vec<OwnCampaign>> {
        let today = self.today();
        let operation = Operation::ListOwnCampaigns;
        let (whose, is_time) = self.read_as(call, operation, |connection, access| {
            let whose = match access.organization() {
                Some((id, _)) => Whose::Organizations(id),
                None if access.is_operator() => Whose::Everybodys,
                None => return Err(LedgerError::Corrupt("users.organization_id".to_owned())),
            };
            let is_time = Self::is_time_to_move(connection, whose, &Stage::ALL, today)?;
            Ok((whose, is_time))
        })?;
        if is_time {
            self.move_campaign_steps(whose, &Stage::ALL, today)?;
        }
        self.read(call, operation, |connection| {
            let known = campaigns::all(connection)?;
            campaign_steps::shown(connection, whose)?
                .iter()
                .map(|stages| {
                    let id = stages.campaign_id;
                    let campaign = known.iter().find(|one| one.id == id);
                    let campaign = campaign
                        .ok_or_else(|| LedgerError::Corrupt(format!("campaigns.id: {id}")))?;
                    own_campaign(campaign, stages)
                })
                .collect()
        })
    }

    /// Whether what is shown of campaigns has to move, as far as these stages tell.
    pub(super) fn is_time_to_move(
        connection: &mut DbConnection,
        whose: Whose,
        stages: &[Stage],
        today: NaiveDate,
    ) -> Result<bool> {
        let ended = campaign_steps::with_an_end_passed(connection, whose, today)?;
        if !ended.is_empty() {
            return Ok(true);
        }
        Ok(campaign_steps::have_givers_come(
            connection, whose, stages, GIVERS_MIN,
        )?)
    }

    /// Moves what organisations and the public are shown, where it is time to, as far as these stages
    /// tell. Most looks find nothing to move, and do not come here.
    pub(super) fn move_campaign_steps(
        &self,
        whose: Whose,
        stages: &[Stage],
        today: NaiveDate,
    ) -> Result<()> {
        self.write_unaudited(|connection| {
            store::lock::campaign_steps(connection)?;
            let ended = campaign_steps::with_an_end_passed(connection, whose, today)?;
            for id in &ended {
                campaign_steps::move_to_what_is_true(connection, *id, today)?;
            }
            for id in campaign_steps::of_whom(connection, whose)? {
                let stages = match ended.contains(&id) {
                    true => &Stage::ALL,
                    false => stages,
                };
                campaign_steps::move_by_givers(connection, id, stages, GIVERS_MIN)?;
            }
            Ok(())
        })
    }
}

/// A campaign with what is shown of it.
pub(super) fn own_campaign(campaign: &Campaign, stages: &ShownStages) -> Result<OwnCampaign> {
    let values = &campaign.values;
    let stage = |units, amount| -> Result<ShownStage> {
        Ok(ShownStage {
            units,
            amount: Yen::new(amount),
            percent: percent(amount, values.target)?,
        })
    };
    Ok(OwnCampaign {
        campaign: values.code.clone(),
        title: values.title.clone(),
        opens_on: values.opens_on,
        closes_on: values.closes_on,
        target: Yen::new(values.target),
        applied: stage(stages.applied_units, stages.applied_amount)?,
        billed: stage(stages.billed_units, stages.billed_amount)?,
        collected: stage(stages.collected_units, stages.collected_amount)?,
        paid_out: PaidOutStage {
            amount: Yen::new(stages.paid_out),
            percent: percent(stages.paid_out, values.target)?,
        },
    })
}

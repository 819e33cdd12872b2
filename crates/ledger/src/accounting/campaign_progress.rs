//! How far a campaign is: one query, the same figure on every screen, export and answer (R16).

use std::fs::File;

use domain::{Accounting, Yen};
use formats::report::ReportCsv;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::campaign_progress::{self, CampaignStages};
use store::reports::{self, CampaignSums};
use utoipa::ToSchema;

use super::books::{BookedCampaign, Books};
use super::campaign_balance::CampaignBalance;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// One stage of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProgressStage {
    /// How many gifts.
    pub gifts: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Per cent of the target, cut off after one decimal: 100.0 is said only when it is reached.
    #[schema(value_type = String, example = "9.5")]
    pub percent: Decimal,
}

/// What of a campaign was passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaidOutStage {
    /// Yen passed on, less what came back.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Per cent of the target, cut off after one decimal.
    #[schema(value_type = String, example = "9.5")]
    pub percent: Decimal,
}

/// How far a campaign is (R16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CampaignProgress {
    /// Code of the campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// Code of the organisation.
    pub organization: String,
    /// Its name.
    pub organization_name: String,
    /// Whose money it is: `agency` or `principal`.
    #[schema(value_type = String, example = "agency")]
    pub accounting: Accounting,
    /// Yen wanted.
    #[schema(value_type = i64)]
    pub target: Yen,
    /// Applied for: gifts taken.
    pub applied: ProgressStage,
    /// Billed: gifts in a batch that counts, each once by its latest attempt.
    pub billed: ProgressStage,
    /// Collected, and not given back.
    pub collected: ProgressStage,
    /// Passed on to the organisation.
    pub paid_out: PaidOutStage,
    /// Yen collected and not passed on yet.
    #[schema(value_type = i64)]
    pub payable: Yen,
    /// Yen that the organisation owes back.
    #[schema(value_type = i64)]
    pub owed_back: Yen,
}

impl Ledger {
    /// How far every campaign is, or one.
    ///
    /// # Errors
    /// Refuses a campaign that there is not.
    pub fn campaign_progress(
        &self,
        call: &Call,
        campaign: Option<&str>,
    ) -> Result<Vec<CampaignProgress>> {
        self.read(call, Operation::ListCampaignProgress, |connection| {
            let books = Books::load(connection)?;
            let only = campaign.map(|code| books.campaign(code)).transpose()?;
            let only = only.map(|campaign| campaign.id);
            progress_of(connection, &books, only)
        })
    }

    /// How far every campaign is, as CSV.
    ///
    /// # Errors
    /// Fails where no temporary file can be written.
    pub fn download_campaign_progress(&self, call: &Call) -> Result<File> {
        let list = Operation::ListCampaignProgress;
        self.take_along(call, list, "campaign-progress", |connection, file| {
            let books = Books::load(connection)?;
            file.put(progress_table(&progress_of(connection, &books, None)?))?;
            Ok(None)
        })
    }
}

/// How far every campaign is, or one, by its id.
pub(super) fn progress_of(
    connection: &mut DbConnection,
    books: &Books,
    only: Option<i64>,
) -> Result<Vec<CampaignProgress>> {
    let sums = reports::campaign_sums(connection, None, only)?;
    campaign_progress::stages(connection, only)?
        .iter()
        .map(|stages| {
            let campaign = books.campaign_of(stages.campaign_id)?;
            let sums = sums.iter().find(|sums| sums.campaign_id == campaign.id);
            progress(campaign, stages, sums)
        })
        .collect()
}

fn progress(
    campaign: &BookedCampaign,
    stages: &CampaignStages,
    sums: Option<&CampaignSums>,
) -> Result<CampaignProgress> {
    let target = campaign.target;
    let balance = match sums {
        Some(sums) => CampaignBalance::of(campaign.accounting, sums)?,
        None => CampaignBalance::NOTHING,
    };
    let stage = |gifts, units, amount| -> Result<ProgressStage> {
        Ok(ProgressStage {
            gifts,
            units,
            amount: Yen::new(amount),
            percent: percent(amount, target)?,
        })
    };
    Ok(CampaignProgress {
        campaign: campaign.code.clone(),
        title: campaign.title.clone(),
        organization: campaign.organization.code.clone(),
        organization_name: campaign.organization.name.clone(),
        accounting: campaign.accounting,
        target: Yen::new(target),
        applied: stage(
            stages.applied_gifts,
            stages.applied_units,
            stages.applied_amount,
        )?,
        billed: stage(
            stages.billed_gifts,
            stages.billed_units,
            stages.billed_amount,
        )?,
        collected: stage(
            stages.collected_gifts,
            stages.collected_units,
            stages.collected_amount,
        )?,
        paid_out: PaidOutStage {
            amount: Yen::new(stages.paid_out),
            percent: percent(stages.paid_out, target)?,
        },
        payable: balance.payable,
        owed_back: balance.owed_back,
    })
}

/// Decimals of a per cent.
const PERCENT_DECIMALS: u32 = 1;

/// Per cent of a target, cut off after one decimal.
pub(super) fn percent(amount: i64, target: i64) -> Result<Decimal> {
    Decimal::from(amount)
        .checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|hundredfold| hundredfold.checked_div(Decimal::from(target)))
        .map(|percent| percent.trunc_with_scale(PERCENT_DECIMALS))
        .map(|percent| {
            let mut shown = percent;
            shown.rescale(PERCENT_DECIMALS);
            shown
        })
        .ok_or_else(|| LedgerError::Corrupt(format!("campaigns.target: {target}")))
}

/// Campaigns as CSV for a spreadsheet.
pub fn progress_csv(campaigns: &[CampaignProgress]) -> String {
    progress_table(campaigns).into_text()
}

fn progress_table(campaigns: &[CampaignProgress]) -> ReportCsv {
    let mut csv = ReportCsv::new(&[
        "募集コード",
        "題名",
        "団体コード",
        "団体名",
        "目標額",
        "申込件数",
        "申込口数",
        "申込額",
        "申込率",
        "請求件数",
        "請求口数",
        "請求額",
        "請求率",
        "集金件数",
        "集金口数",
        "集金額",
        "集金率",
        "送金額",
        "送金率",
        "未送金額",
        "返還を受ける額",
    ]);
    for progress in campaigns {
        csv.text(&progress.campaign)
            .text(&progress.title)
            .text(&progress.organization)
            .text(&progress.organization_name)
            .yen(progress.target);
        for stage in [&progress.applied, &progress.billed, &progress.collected] {
            csv.number(stage.gifts)
                .number(stage.units)
                .yen(stage.amount)
                .text(&stage.percent.to_string());
        }
        csv.yen(progress.paid_out.amount)
            .text(&progress.paid_out.percent.to_string())
            .yen(progress.payable)
            .yen(progress.owed_back)
            .end_line();
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_per_cent_is_said_only_when_the_target_is_reached() {
        for (amount, target, said) in [
            (0, 100_000, "0.0"),
            (9_500, 100_000, "9.5"),
            (99_999, 100_000, "99.9"),
            (100_000, 100_000, "100.0"),
            (1, 3, "33.3"),
            (i64::MAX, 1, "922337203685477580700.0"),
            (123_456, 100_000, "123.4"),
        ] {
            assert_eq!(percent(amount, target).unwrap().to_string(), said);
        }
        assert!(percent(1, 0).is_err());
    }
}

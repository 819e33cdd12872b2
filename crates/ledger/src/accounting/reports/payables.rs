//! What is to be passed on to each organisation, and what it owes back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Accounting, Yen};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::reports::{self, CampaignSums};
use utoipa::ToSchema;

use crate::accounting::books::{BookedCampaign, Books};
use crate::accounting::campaign_balance::CampaignBalance;
use crate::error::stored;
use crate::{Call, Ledger, Operation, Result};

/// What is to be passed on for a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PayableRow {
    /// Code of the organisation.
    pub organization: String,
    /// Its name.
    pub organization_name: String,
    /// Code of the campaign.
    pub campaign: String,
    /// Its title.
    pub title: String,
    /// Whose money it is: `agency` or `principal`.
    #[schema(value_type = String, example = "agency")]
    pub accounting: Accounting,
    /// Yen collected and not passed on yet.
    #[schema(value_type = i64)]
    pub payable: Yen,
    /// Yen that the organisation owes back.
    #[schema(value_type = i64)]
    pub owed_back: Yen,
}

/// What is to be passed on to organisations on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Payables {
    /// The day.
    pub as_of: NaiveDate,
    /// By organisation and campaign.
    pub rows: Vec<PayableRow>,
    /// Yen to be passed on in all.
    #[schema(value_type = i64)]
    pub payable: Yen,
    /// Yen owed back in all: the balance of 未収金(団体返還).
    #[schema(value_type = i64)]
    pub owed_back: Yen,
}

impl Ledger {
    /// What is to be passed on to each organisation on a day, today where none is given: every
    /// campaign with something collected, and what organisations owe back.
    pub fn payables(&self, call: &Call, as_of: Option<NaiveDate>) -> Result<Payables> {
        let as_of = as_of.unwrap_or_else(|| self.today());
        self.read(call, Operation::ShowPayables, |connection| {
            let books = Books::load(connection)?;
            let sums: BTreeMap<i64, CampaignSums> =
                reports::campaign_sums(connection, Some(as_of), None)?
                    .into_iter()
                    .map(|sums| (sums.campaign_id, sums))
                    .collect();
            let mut rows = Vec::new();
            for campaign in books.campaigns() {
                if let Some(sums) = sums.get(&campaign.id) {
                    rows.push(row(campaign, sums)?);
                }
            }
            rows.sort_by(|a, b| {
                (&a.organization, &a.campaign).cmp(&(&b.organization, &b.campaign))
            });
            Ok(Payables {
                as_of,
                payable: stored("payable", Yen::sum(rows.iter().map(|row| row.payable)))?,
                owed_back: stored("owed_back", Yen::sum(rows.iter().map(|row| row.owed_back)))?,
                rows,
            })
        })
    }
}

fn row(campaign: &BookedCampaign, sums: &CampaignSums) -> Result<PayableRow> {
    let balance = CampaignBalance::of(campaign.accounting, sums)?;
    Ok(PayableRow {
        organization: campaign.organization.code.clone(),
        organization_name: campaign.organization.name.clone(),
        campaign: campaign.code.clone(),
        title: campaign.title.clone(),
        accounting: campaign.accounting,
        payable: balance.payable,
        owed_back: balance.owed_back,
    })
}

impl Payables {
    /// The same as CSV for a spreadsheet.
    pub fn to_csv(&self) -> String {
        let mut csv = ReportCsv::new(&[
            "団体コード",
            "団体名",
            "募集コード",
            "題名",
            "会計区分",
            "未送金額",
            "返還を受ける額",
        ]);
        for row in &self.rows {
            csv.text(&row.organization)
                .text(&row.organization_name)
                .text(&row.campaign)
                .text(&row.title)
                .text(row.accounting.label_ja())
                .yen(row.payable)
                .yen(row.owed_back)
                .end_line();
        }
        csv.into_text()
    }
}

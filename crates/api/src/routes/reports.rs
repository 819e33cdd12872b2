//! Reports over the journal, on any date and between dates; each as JSON and as CSV.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use ledger::accounting::progress_csv;
use ledger::accounting::reports::{
    FundBalances, GeneralLedger, Payables, Receivables, ReportFilter, SplitBy, TrialBalance,
};
use ledger::{Call, Ledger, Operation};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Answer;
use crate::api::Api;
use crate::extract::{Caller, Parameters};
use front::Problem;

/// What a report is about. What a report has no use for plays no part in it.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportParameters {
    /// From this day; from the beginning where none is given.
    #[param(example = "2025-04-01")]
    from: Option<NaiveDate>,
    /// Until this day; today where none is given.
    #[param(example = "2026-03-31")]
    to: Option<NaiveDate>,
    /// Only the fund with this code.
    #[param(example = "inclufund")]
    fund: Option<String>,
    /// Only the co-op with this code.
    #[param(example = "01")]
    coop: Option<String>,
    /// Only the campaign with this code.
    #[param(example = "kosumosu-2025")]
    campaign: Option<String>,
    /// Without the entries that carry a fiscal year over.
    before_year_close: Option<bool>,
    /// A line for each fund.
    by_fund: Option<bool>,
    /// A line for each co-op.
    by_coop: Option<bool>,
    /// A line for each campaign.
    by_campaign: Option<bool>,
    /// With batches of which nothing is due any more.
    with_settled: Option<bool>,
    /// Number of the account; the general ledger needs one.
    #[param(example = "1131")]
    account: Option<String>,
}

impl ReportParameters {
    fn filter(&self) -> ReportFilter {
        ReportFilter {
            from: self.from,
            to: self.to,
            fund: self.fund.clone(),
            coop: self.coop.clone(),
            campaign: self.campaign.clone(),
            before_year_close: self.before_year_close.unwrap_or_default(),
        }
    }

    fn trial_balance(&self, ledger: &Ledger, call: &Call) -> ledger::Result<TrialBalance> {
        let split = SplitBy {
            fund: self.by_fund.unwrap_or_default(),
            coop: self.by_coop.unwrap_or_default(),
            campaign: self.by_campaign.unwrap_or_default(),
        };
        ledger.trial_balance(call, &self.filter(), split)
    }

    fn general_ledger(&self, ledger: &Ledger, call: &Call) -> ledger::Result<GeneralLedger> {
        let account = self.account.as_deref().unwrap_or_default();
        ledger.general_ledger(call, account, &self.filter())
    }

    fn receivables(&self, ledger: &Ledger, call: &Call) -> ledger::Result<Receivables> {
        let with_settled = self.with_settled.unwrap_or_default();
        ledger.receivables(call, self.to, self.coop.as_deref(), with_settled)
    }
}

/// The trial balance (試算表) between two days.
#[utoipa::path(
    tag = "reports",
    operation_id = "show_trial_balance",
    params(ReportParameters),
    responses(
        (status = 200, description = "The trial balance", body = TrialBalance),
        (status = 404, description = "`fund_not_found`, `cooperative_not_found`, `campaign_not_found`: there is no such fund, co-op or campaign"),
        (status = 422, description = "`days_out_of_order`: the first day lies after the last"),
    )
)]
#[get("/api/v1/reports/trial-balance")]
pub async fn show_trial_balance(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ReportParameters>,
) -> Answer<TrialBalance> {
    api.answer(move |ledger| asked.0.trial_balance(ledger, &caller.0))
        .await
}

/// The general ledger (総勘定元帳) of an account between two days.
#[utoipa::path(
    tag = "reports",
    operation_id = "show_general_ledger",
    params(ReportParameters),
    responses(
        (status = 200, description = "The postings of the account", body = GeneralLedger),
        (status = 404, description = "`account_not_found`, `fund_not_found`, `cooperative_not_found`, `campaign_not_found`: there is no such account, fund, co-op or campaign"),
        (status = 422, description = "`account_unreadable`; `days_out_of_order`: the first day lies after the last; `too_many_lines`: narrow the days"),
    )
)]
#[get("/api/v1/reports/general-ledger")]
pub async fn show_general_ledger(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ReportParameters>,
) -> Answer<GeneralLedger> {
    api.answer(move |ledger| asked.0.general_ledger(ledger, &caller.0))
        .await
}

/// What each fund has (基金の残高) on a day, and what came and went between two.
#[utoipa::path(
    tag = "reports",
    operation_id = "show_fund_balances",
    params(ReportParameters),
    responses(
        (status = 200, description = "Every fund", body = FundBalances),
        (status = 404, description = "`fund_not_found`, `cooperative_not_found`, `campaign_not_found`: there is no such fund, co-op or campaign"),
        (status = 422, description = "`days_out_of_order`: the first day lies after the last"),
    )
)]
#[get("/api/v1/reports/fund-balances")]
pub async fn show_fund_balances(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ReportParameters>,
) -> Answer<FundBalances> {
    api.answer(move |ledger| ledger.fund_balances(&caller.0, &asked.0.filter()))
        .await
}

/// What co-ops collected and have not handed over (未収金) on the day `to`, by batch, with its age.
#[utoipa::path(
    tag = "reports",
    operation_id = "show_receivables",
    params(ReportParameters),
    responses(
        (status = 200, description = "What is due", body = Receivables),
        (status = 404, description = "`cooperative_not_found`: there is no such co-op"),
    )
)]
#[get("/api/v1/reports/receivables")]
pub async fn show_receivables(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ReportParameters>,
) -> Answer<Receivables> {
    api.answer(move |ledger| asked.0.receivables(ledger, &caller.0))
        .await
}

/// What is to be passed on to each organisation on the day `to`, and what it owes back.
#[utoipa::path(
    tag = "reports",
    operation_id = "show_payables",
    params(ReportParameters),
    responses((status = 200, description = "By organisation and campaign", body = Payables))
)]
#[get("/api/v1/reports/payables")]
pub async fn show_payables(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ReportParameters>,
) -> Answer<Payables> {
    api.answer(move |ledger| ledger.payables(&caller.0, asked.0.to))
        .await
}

/// A report that there is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportName {
    /// 試算表.
    TrialBalance,
    /// 総勘定元帳.
    GeneralLedger,
    /// 基金の残高.
    FundBalances,
    /// 未収金.
    Receivables,
    /// 団体への未払い.
    Payables,
    /// 募集の進み.
    CampaignProgress,
}

impl ReportName {
    /// As the path names it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::TrialBalance => "trial-balance",
            Self::GeneralLedger => "general-ledger",
            Self::FundBalances => "fund-balances",
            Self::Receivables => "receivables",
            Self::Payables => "payables",
            Self::CampaignProgress => "campaign-progress",
        }
    }
}

/// A report as CSV (UTF-8 with BOM) for a spreadsheet, with the parameters of the report.
#[utoipa::path(
    tag = "reports",
    operation_id = "download_report",
    params(
        ("report" = inline(ReportName), Path, description = "The report"),
        ReportParameters,
    ),
    responses(
        (status = 200, description = "The report", body = String, content_type = "text/csv"),
        (status = 404, description = "`account_not_found`, `fund_not_found`, `cooperative_not_found`, `campaign_not_found`: there is no such account, fund, co-op or campaign"),
        (status = 422, description = "`account_unreadable`; `days_out_of_order`: the first day lies after the last; `too_many_lines`: narrow the days"),
    )
)]
#[get("/api/v1/reports/{report}/csv")]
pub async fn download_report(
    api: web::Data<Api>,
    caller: Caller,
    report: web::Path<ReportName>,
    asked: Parameters<ReportParameters>,
) -> Result<HttpResponse, Problem> {
    let (report, parameters) = (*report, asked.0);
    let csv = api
        .run(move |ledger| {
            ledger.admitted(&caller.0, Operation::DownloadReport)?;
            let csv = match report {
                ReportName::TrialBalance => parameters.trial_balance(ledger, &caller.0)?.to_csv(),
                ReportName::GeneralLedger => parameters.general_ledger(ledger, &caller.0)?.to_csv(),
                ReportName::FundBalances => ledger
                    .fund_balances(&caller.0, &parameters.filter())?
                    .to_csv(),
                ReportName::Receivables => parameters.receivables(ledger, &caller.0)?.to_csv(),
                ReportName::Payables => ledger.payables(&caller.0, parameters.to)?.to_csv(),
                ReportName::CampaignProgress => progress_csv(
                    &ledger.campaign_progress(&caller.0, parameters.campaign.as_deref())?,
                ),
            };
            ledger.record_download(&caller.0, report.as_str())?;
            Ok(csv)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"report.csv\"",
        ))
        .body(csv))
}

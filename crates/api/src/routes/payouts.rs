//! Payouts: passing on what campaigns collected, and how far they are (R16).

use actix_web::{HttpResponse, get, post, web};
use ledger::Page;
use ledger::accounting::{CampaignProgress, PayoutView, RecordPayout};
use serde::Deserialize;
use utoipa::IntoParams;

use super::pending_actions::{WaitsForApproval, done_or_waiting};
use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, PageParameters, Paged, Parameters, RequiredKey};
use front::Problem;

/// Which payouts are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PayoutParameters {
    /// Only those for the campaign with this code.
    #[param(example = "kosumosu-2025")]
    campaign: Option<String>,
}

/// The payouts (団体への送金), the newest first.
#[utoipa::path(
    tag = "payouts",
    operation_id = "list_payouts",
    params(PayoutParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<PayoutView>),
        (status = 404, description = "`campaign_not_found`: there is no such campaign"),
    )
)]
#[get("/api/v1/payouts")]
pub async fn list_payouts(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<PayoutParameters>,
) -> Answer<Page<PayoutView>> {
    let Paged(asked, page) = asked;
    api.answer(move |ledger| ledger.list_payouts(&caller.0, asked.campaign.as_deref(), &page))
        .await
}

/// Records a payout to an organisation, never of more than was collected; or, `returned`, what the
/// organisation gives back of what it owes.
#[utoipa::path(
    tag = "payouts",
    operation_id = "record_payout",
    params(RequiredKey),
    request_body = RecordPayout,
    responses(
        (status = 200, description = "The payout", body = PayoutView),
        WaitsForApproval,
        (status = 404, description = "`campaign_not_found`: there is no such campaign"),
        (status = 409, description = "`pending_already`: the very same waits already; `more_than_collected`, `more_than_owed_back`: `context` says the most there can be; `no_open_period`"),
        (status = 422, description = "`amount_out_of_range`; `date_in_future`, `date_out_of_range`; `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/payouts")]
pub async fn record_payout(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<RecordPayout>,
) -> Result<HttpResponse, Problem> {
    let outcome = api
        .run(move |ledger| ledger.record_payout(&asked.0, &body.0))
        .await?;
    done_or_waiting(outcome)
}

/// A payout.
#[utoipa::path(
    tag = "payouts",
    operation_id = "get_payout",
    params(("id" = i64, Path, description = "The payout's `payout_id`")),
    responses(
        (status = 200, description = "The payout", body = PayoutView),
        (status = 404, description = "`payout_not_found`: there is no such payout"),
    )
)]
#[get("/api/v1/payouts/{id}")]
pub async fn get_payout(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
) -> Answer<PayoutView> {
    api.answer(move |ledger| ledger.get_payout(&caller.0, *id))
        .await
}

/// Which campaign is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgressParameters {
    /// Only the campaign with this code.
    #[param(example = "kosumosu-2025")]
    campaign: Option<String>,
}

/// How far campaigns are: applied, billed, collected and passed on, in gifts, units, yen and per cent
/// of the target.
#[utoipa::path(
    tag = "reports",
    operation_id = "list_campaign_progress",
    params(ProgressParameters),
    responses(
        (status = 200, description = "All of them", body = Items<CampaignProgress>),
        (status = 404, description = "`campaign_not_found`: there is no such campaign"),
    )
)]
#[get("/api/v1/reports/campaign-progress")]
pub async fn list_campaign_progress(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<ProgressParameters>,
) -> Answer<Items<CampaignProgress>> {
    api.answer(move |ledger| {
        let items = ledger.campaign_progress(&caller.0, asked.0.campaign.as_deref())?;
        Ok(Items { items })
    })
    .await
}

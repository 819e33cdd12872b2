//! Reference data to look at, and the look-up of an order number.

use actix_web::{get, web};
use chrono::NaiveDate;
use domain::Channel;
use ledger::Page;
use ledger::reference::{
    CampaignView, CooperativeView, CycleView, FundView, OfferingView, OrderNumberAnswer,
    OrganizationView,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use crate::api::Api;
use crate::extract::{Caller, PageParameters, Paged, Parameters, day};

/// The co-ops (単協), in the order of their numbers.
#[utoipa::path(
    tag = "reference",
    operation_id = "list_cooperatives",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<CooperativeView>))
)]
#[get("/api/v1/cooperatives")]
pub async fn list_cooperatives(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<CooperativeView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_cooperatives(&caller.0, &page))
        .await
}

/// The funds (基金).
#[utoipa::path(
    tag = "reference",
    operation_id = "list_funds",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<FundView>))
)]
#[get("/api/v1/funds")]
pub async fn list_funds(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<FundView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_funds(&caller.0, &page))
        .await
}

/// The organizations (団体).
#[utoipa::path(
    tag = "reference",
    operation_id = "list_organizations",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<OrganizationView>))
)]
#[get("/api/v1/organizations")]
pub async fn list_organizations(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<OrganizationView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_organizations(&caller.0, &page))
        .await
}

/// The campaigns (団体寄付の募集).
#[utoipa::path(
    tag = "reference",
    operation_id = "list_campaigns",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<CampaignView>))
)]
#[get("/api/v1/campaigns")]
pub async fn list_campaigns(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<CampaignView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_campaigns(&caller.0, &page))
        .await
}

/// The cycles (企画回).
#[utoipa::path(
    tag = "reference",
    operation_id = "list_cycles",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<CycleView>))
)]
#[get("/api/v1/cycles")]
pub async fn list_cycles(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<CycleView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_cycles(&caller.0, &page))
        .await
}

/// Which offerings are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfferingParameters {
    /// Only those of the cycle with this label.
    #[param(example = "2025年11月3回")]
    cycle: Option<String>,
}

/// The offerings (募集): what the order numbers mean in their cycles.
#[utoipa::path(
    tag = "reference",
    operation_id = "list_offerings",
    params(OfferingParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<OfferingView>),
        (status = 404, description = "`cycle_not_found`: no cycle has this label"),
    )
)]
#[get("/api/v1/offerings")]
pub async fn list_offerings(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<OfferingParameters>,
) -> Answer<Page<OfferingView>> {
    let Paged(asked, page) = asked;
    api.answer(move |ledger| ledger.list_offerings(&caller.0, asked.cycle.as_deref(), &page))
        .await
}

/// On which day and by which way in a number is looked up.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderNumberParameters {
    /// The day of receipt; today in Japan where none is given.
    #[param(value_type = Option<String>, format = Date, example = "2025-11-12")]
    #[serde(default, deserialize_with = "day::optional")]
    on: Option<NaiveDate>,
    /// `paper` (the default), `web`, `depot` or `phone`: web orders may run a day longer.
    #[param(value_type = Option<String>, example = "paper")]
    channel: Option<Channel>,
}

/// What an order number means on a day (R1). A miss is an answer, too: `found` is `false`, and
/// `message` says what would have been right.
#[utoipa::path(
    tag = "reference",
    operation_id = "look_up_order_number",
    params(
        ("number" = String, Path, description = "Six digits, of either width", example = "108413"),
        OrderNumberParameters,
    ),
    responses(
        (status = 200, description = "What it means, or why it means nothing", body = OrderNumberAnswer),
        (status = 422, description = "`order_number_unreadable`: not six digits"),
    )
)]
#[get("/api/v1/order-numbers/{number}")]
pub async fn look_up_order_number(
    api: web::Data<Api>,
    caller: Caller,
    number: web::Path<String>,
    asked: Parameters<OrderNumberParameters>,
) -> Answer<OrderNumberAnswer> {
    let OrderNumberParameters { on, channel } = asked.0;
    let channel = channel.unwrap_or(Channel::Paper);
    api.answer(move |ledger| ledger.look_up_order_number(&caller.0, &number, on, channel))
        .await
}

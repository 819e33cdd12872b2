//! Finding what people remember only in part, and explaining an amount.

use actix_web::{get, web};
use chrono::NaiveDate;
use domain::{ApplicationState, CollectionMonth, CoopCode, OrderNumber, Yen};
use ledger::Page;
use ledger::trace::{
    AmountExplained, ApplicationFilter, ApplicationFound, ChargeFilter, ChargeView,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use super::paths::{AmountPath, BatchId, NoSuchBatch, NoSuchCooperative, NoSuchMember};
use crate::api::Api;
use crate::extract::{Caller, PageParameters, Paged, Parameters, day};

/// "Why this amount?": everything behind what a member is charged in a month, from the application
/// (file, sheet, line, channel, who) over decisions and terms to charge and batch.
#[utoipa::path(
    tag = "members",
    operation_id = "explain_amount",
    params(AmountPath),
    responses(
        (status = 200, description = "The whole answer", body = AmountExplained),
        NoSuchMember,
    )
)]
#[get("/api/v1/members/{coop}/{number}/amounts/{month}")]
pub async fn explain_amount(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<AmountPath>,
) -> Answer<AmountExplained> {
    let AmountPath {
        coop,
        number,
        month,
    } = path.into_inner();
    api.answer(move |ledger| ledger.explain_amount(&caller.0, &coop, &number, month))
        .await
}

/// Which applications are searched for; all that is given has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationParameters {
    /// Of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// With this member number.
    member_number: Option<String>,
    /// With this order number.
    #[param(value_type = Option<String>, example = "108413")]
    order_number: Option<OrderNumber>,
    /// Collected in this month.
    #[param(value_type = Option<String>, example = "2025-12")]
    month: Option<CollectionMonth>,
    /// Charged in this batch.
    batch_id: Option<i64>,
    /// Of so many yen or more.
    amount_min: Option<i64>,
    /// Of so many yen or fewer.
    amount_max: Option<i64>,
    /// Received on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    received_from: Option<NaiveDate>,
    /// Received on this day or earlier.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    received_to: Option<NaiveDate>,
    /// `posted`, `held`, `mistake` or `voided`.
    #[param(value_type = Option<String>, example = "posted")]
    state: Option<ApplicationState>,
    /// Of this import, sheet or request.
    import_id: Option<i64>,
}

/// The applications (申込) that fit, the newest first.
#[utoipa::path(
    tag = "applications",
    operation_id = "search_applications",
    params(ApplicationParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<ApplicationFound>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/applications")]
pub async fn search_applications(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<ApplicationParameters>,
) -> Answer<Page<ApplicationFound>> {
    let Paged(asked, page) = asked;
    let filter = ApplicationFilter {
        coop: asked.coop,
        member_number: asked.member_number,
        order_number: asked.order_number,
        month: asked.month,
        batch_id: asked.batch_id,
        amount_min: asked.amount_min.map(Yen::new),
        amount_max: asked.amount_max.map(Yen::new),
        received_from: asked.received_from,
        received_to: asked.received_to,
        state: asked.state,
        import_id: asked.import_id,
    };
    api.answer(move |ledger| ledger.search_applications(&caller.0, &filter, &page))
        .await
}

/// Which charges are searched for; all that is given has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChargeParameters {
    /// Of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// Of the member with this number.
    member_number: Option<String>,
    /// Under this order number.
    #[param(value_type = Option<String>, example = "164151")]
    order_number: Option<OrderNumber>,
    /// Of this month.
    #[param(value_type = Option<String>, example = "2025-08")]
    month: Option<CollectionMonth>,
    /// Of this batch.
    batch_id: Option<i64>,
    /// Of so many yen or more.
    amount_min: Option<i64>,
    /// Of so many yen or fewer.
    amount_max: Option<i64>,
    /// Closed on this day in Japan or later.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    closed_from: Option<NaiveDate>,
    /// Closed on this day in Japan or earlier.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    closed_to: Option<NaiveDate>,
}

/// The charges (請求明細) that fit, in the order of their batches and files.
#[utoipa::path(
    tag = "charges",
    operation_id = "search_charges",
    params(ChargeParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<ChargeView>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/charges")]
pub async fn search_charges(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<ChargeParameters>,
) -> Answer<Page<ChargeView>> {
    let Paged(asked, page) = asked;
    let filter = ChargeFilter {
        coop: asked.coop,
        member_number: asked.member_number,
        order_number: asked.order_number,
        month: asked.month,
        batch_id: asked.batch_id,
        amount_min: asked.amount_min.map(Yen::new),
        amount_max: asked.amount_max.map(Yen::new),
        result_code: None,
        closed_from: asked.closed_from,
        closed_to: asked.closed_to,
    };
    api.answer(move |ledger| ledger.search_charges(&caller.0, &filter, &page))
        .await
}

/// The charges of a batch, in the order of its file.
#[utoipa::path(
    tag = "batches",
    operation_id = "list_charges",
    params(BatchId, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<ChargeView>),
        NoSuchBatch,
    )
)]
#[get("/api/v1/batches/{id}/charges")]
pub async fn list_charges(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<BatchId>,
    asked: Parameters<PageParameters>,
) -> Answer<Page<ChargeView>> {
    let page = asked.0.page();
    api.answer(move |ledger| {
        ledger.get_batch(&caller.0, path.id)?;
        ledger.list_charges(&caller.0, path.id, &page)
    })
    .await
}

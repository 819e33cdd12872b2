//! Remittances: money that co-ops hand over, matched against what is due (R15).

use actix_web::{get, post, web};
use domain::CoopCode;
use ledger::Page;
use ledger::accounting::{RecordRemittance, RemittanceView};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, PageParameters, Paged, RequiredKey};

/// Which remittances are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemittanceParameters {
    /// Only those of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
}

/// The remittances (送金) of co-ops, the newest first.
#[utoipa::path(
    tag = "remittances",
    operation_id = "list_remittances",
    params(RemittanceParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<RemittanceView>),
        (status = 404, description = "`cooperative_not_found`: there is no such co-op"),
    )
)]
#[get("/api/v1/remittances")]
pub async fn list_remittances(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<RemittanceParameters>,
) -> Answer<Page<RemittanceView>> {
    let Paged(asked, page) = asked;
    api.answer(move |ledger| ledger.list_remittances(&caller.0, asked.coop.as_ref(), &page))
        .await
}

/// Records a remittance: for the oldest batches first, or for those said. The answer shows what was
/// due, what came and the difference; what is too much is put aside for the next one.
#[utoipa::path(
    tag = "remittances",
    operation_id = "record_remittance",
    params(RequiredKey),
    request_body = RecordRemittance,
    responses(
        (status = 200, description = "The remittance", body = RemittanceView),
        (status = 404, description = "`cooperative_not_found`: there is no such co-op"),
        (status = 409, description = "`nothing_due`: no money came, and nothing is due that what was put aside could settle; `no_open_period`"),
        (status = 422, description = "`amount_out_of_range`; `shares_do_not_fit`: a share is not of what is due; `date_in_future`, `date_out_of_range`; `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/remittances")]
pub async fn record_remittance(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<RecordRemittance>,
) -> Answer<RemittanceView> {
    api.answer(move |ledger| ledger.record_remittance(&asked.0, &body.0))
        .await
}

/// A remittance.
#[utoipa::path(
    tag = "remittances",
    operation_id = "get_remittance",
    params(("id" = i64, Path, description = "The remittance's `remittance_id`")),
    responses(
        (status = 200, description = "The remittance", body = RemittanceView),
        (status = 404, description = "`remittance_not_found`: there is no such remittance"),
    )
)]
#[get("/api/v1/remittances/{id}")]
pub async fn get_remittance(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
) -> Answer<RemittanceView> {
    api.answer(move |ledger| ledger.get_remittance(&caller.0, *id))
        .await
}

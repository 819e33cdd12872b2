//! Applications that wait for a person's decision.

use actix_web::{get, post, web};
use domain::{CollectionMonth, HoldReason};
use ledger::Page;
use ledger::review::{
    CorrectHold, Hold, HoldCorrection, HoldFilter, HoldResolved, HoldWeighed, HoldsResolved,
    Resolution, ResolveMany,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use super::paths::{HoldId, NoSuchApplication, NoSuchCooperative};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, PageParameters, Paged, RequiredKey};

/// Which holds are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HoldParameters {
    /// Only those collected in this month.
    #[param(value_type = Option<String>, example = "2025-12")]
    month: Option<CollectionMonth>,
    /// Only those of the co-op with this code.
    #[param(example = "01")]
    coop: Option<String>,
    /// Only those whose main reason this is.
    #[param(value_type = Option<String>, example = "already_supporter")]
    reason: Option<HoldReason>,
    /// Only those of this import, sheet or request.
    import_id: Option<i64>,
}

/// The held applications (要確認), in the order of their numbers.
#[utoipa::path(
    tag = "holds",
    operation_id = "list_holds",
    params(HoldParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<Hold>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/holds")]
pub async fn list_holds(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<HoldParameters>,
) -> Answer<Page<Hold>> {
    let Paged(asked, page) = asked;
    let filter = HoldFilter {
        month: asked.month,
        coop: asked.coop,
        reason: asked.reason,
        import_id: asked.import_id,
    };
    api.answer(move |ledger| ledger.list_holds(&caller.0, &filter, &page))
        .await
}

/// Decides about a held application (R3–R5). It is looked at afresh with what is corrected in the
/// same request; the fresh main reason says which ways there are.
#[utoipa::path(
    tag = "holds",
    operation_id = "resolve_hold",
    params(HoldId, RequiredKey),
    request_body = Resolution,
    responses(
        (status = 200, description = "It was decided; `held` again where the fresh look after `next-month` finds a reason", body = HoldResolved),
        NoSuchApplication,
        (status = 409, description = "`not_held`; `way_not_available`: `detail` says which ways there are; `new_reason`: another reason has come up; `unknown_member`, `unknown_order_number`, `outside_window`, `not_in_cycle`, `units_unknown`, `free_text_unclear`, `line_unreadable`: what is missing; `member_left`, `member_moved`; `pledge_not_open`, `two_pledges`; `month_closed`, `month_before_first`, `no_next_month`"),
    )
)]
#[post("/api/v1/holds/{id}/resolve")]
pub async fn resolve_hold(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<HoldId>,
    body: Body<Resolution>,
) -> Answer<HoldResolved> {
    api.answer(move |ledger| ledger.resolve_hold(&asked.0, path.id, &body.0))
        .await
}

/// Decides about many at once: all of one import with the same main reason.
#[utoipa::path(
    tag = "holds",
    operation_id = "resolve_holds",
    params(RequiredKey),
    request_body = ResolveMany,
    responses(
        (status = 200, description = "How many were decided, and which could not be", body = HoldsResolved),
        (status = 409, description = "`nothing_held`: nothing of this kind is held; `way_not_available`: the reason does not leave this way"),
    )
)]
#[post("/api/v1/holds/resolve")]
pub async fn resolve_holds(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<ResolveMany>,
) -> Answer<HoldsResolved> {
    api.answer(move |ledger| ledger.resolve_holds(&asked.0, &body.0))
        .await
}

/// Corrects a held application, and looks at it afresh: where no reason is left, it posts.
#[utoipa::path(
    tag = "holds",
    operation_id = "correct_hold",
    params(HoldId, RequiredKey),
    request_body = CorrectHold,
    responses(
        (status = 200, description = "It was corrected; posted, or held with the reasons left", body = HoldResolved),
        NoSuchApplication,
        (status = 409, description = "`not_held`; `line_unreadable`: nothing that can be read is left; `way_not_available`, `month_closed`"),
    )
)]
#[post("/api/v1/holds/{id}/correct")]
pub async fn correct_hold(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<HoldId>,
    body: Body<CorrectHold>,
) -> Answer<HoldResolved> {
    api.answer(move |ledger| ledger.correct_hold(&asked.0, path.id, &body.0))
        .await
}

/// What each way would do to what the member is charged, in yen, were it decided now.
#[utoipa::path(
    tag = "holds",
    operation_id = "weigh_hold",
    params(HoldId),
    responses(
        (status = 200, description = "Each way there is, and what it would do", body = HoldWeighed),
        NoSuchApplication,
        (status = 409, description = "`not_held`: it is decided already"),
    )
)]
#[get("/api/v1/holds/{id}/weigh")]
pub async fn weigh_hold(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<HoldId>,
) -> Answer<HoldWeighed> {
    api.answer(move |ledger| ledger.weigh_hold(&caller.0, path.id, &HoldCorrection::default()))
        .await
}

//! Applications: one by one.

use actix_web::{get, post, web};
use ledger::intake::{ApplicationRecorded, NewApplication};
use ledger::review::{
    ApplicationView, ApplicationVoided, DecisionUndone, UndoDecision, VoidApplication,
};

use super::Answer;
use super::paths::{ApplicationId, NoSuchApplication};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, RequiredKey};

/// Takes one application: posts it, or holds it where a person has to decide (R3).
#[utoipa::path(
    tag = "applications",
    operation_id = "record_application",
    params(RequiredKey),
    request_body = NewApplication,
    responses(
        (status = 200, description = "It is posted or held; nothing is dropped", body = ApplicationRecorded),
    )
)]
#[post("/api/v1/applications")]
pub async fn record_application(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<NewApplication>,
) -> Answer<ApplicationRecorded> {
    api.answer(move |ledger| ledger.record_application(&asked.0, body.0))
        .await
}

/// An application (申込) with where it came from and everything decided about it.
#[utoipa::path(
    tag = "applications",
    operation_id = "get_application",
    params(ApplicationId),
    responses(
        (status = 200, description = "The application", body = ApplicationView),
        NoSuchApplication,
    )
)]
#[get("/api/v1/applications/{id}")]
pub async fn get_application(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<ApplicationId>,
) -> Answer<ApplicationView> {
    api.answer(move |ledger| ledger.get_application(&caller.0, path.id))
        .await
}

/// Voids an application, until its month closes: its gift is cancelled, its change of a pledge
/// taken back.
#[utoipa::path(
    tag = "applications",
    operation_id = "void_application",
    params(ApplicationId, RequiredKey),
    request_body = VoidApplication,
    responses(
        (status = 200, description = "It counts no more", body = ApplicationVoided),
        NoSuchApplication,
        (status = 409, description = "`month_closed`, `already_charged`: it is charged; `already_voided`; `changed_since`: a later change of the pledge stands on it"),
    )
)]
#[post("/api/v1/applications/{id}/void")]
pub async fn void_application(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<ApplicationId>,
    body: Body<VoidApplication>,
) -> Answer<ApplicationVoided> {
    api.answer(move |ledger| ledger.void_application(&asked.0, path.id, &body.0))
        .await
}

/// Undoes the newest decision about an application: it is again as it was before. Only while the
/// month in which the decision is felt is open.
#[utoipa::path(
    tag = "applications",
    operation_id = "undo_decision",
    params(ApplicationId, RequiredKey),
    request_body = UndoDecision,
    responses(
        (status = 200, description = "The decision stands no more", body = DecisionUndone),
        NoSuchApplication,
        (status = 409, description = "`nothing_to_undo`; `month_closed`, `already_charged`: it is charged; `changed_since`, `pledge_open`: a later change stands on it; `new_reason`"),
    )
)]
#[post("/api/v1/applications/{id}/undo")]
pub async fn undo_decision(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<ApplicationId>,
    body: Body<UndoDecision>,
) -> Answer<DecisionUndone> {
    api.answer(move |ledger| ledger.undo_decision(&asked.0, path.id, &body.0))
        .await
}

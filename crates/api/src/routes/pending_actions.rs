//! What waits for a second person (承認待ち): entries by hand, reversals, payouts and refunds (R17).

use actix_web::http::header;
use actix_web::{HttpResponse, get, post, web};
use domain::PendingState;
use ledger::Page;
use ledger::two_persons::{Outcome, PendingActionView, PendingFilter, RejectPendingAction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, IntoResponses};

use super::Answer;
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, PageParameters, Paged, RequiredKey};
use front::Problem;

/// Nothing was done yet: it waits for another person of finance, at the place that `Location` names
#[derive(IntoResponses)]
#[response(status = 202, content_type = "application/json")]
#[expect(dead_code, reason = "only the document reads it")]
pub(super) struct WaitsForApproval(#[to_schema] PendingActionView);

/// 200 with what was done, or 202 with what waits for a second person and where it is.
pub(super) fn done_or_waiting<T: Serialize>(outcome: Outcome<T>) -> Result<HttpResponse, Problem> {
    Ok(match outcome.done() {
        Ok(done) => HttpResponse::Ok().json(done),
        Err(pending) => HttpResponse::Accepted()
            .insert_header((
                header::LOCATION,
                format!("/api/v1/pending-actions/{}", pending.pending_id),
            ))
            .json(pending),
    })
}

/// `pending_not_found`: nothing was ever entered under this number
#[derive(IntoResponses)]
#[response(status = 404)]
struct NoSuchPendingAction;

/// Which are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PendingParameters {
    /// Only those in this state: `pending`, `approved`, `rejected` or `withdrawn`.
    #[param(value_type = Option<String>, example = "pending")]
    state: Option<PendingState>,
}

/// What one person entered and another has to approve, or had to, the newest first.
#[utoipa::path(
    tag = "pending-actions",
    operation_id = "list_pending_actions",
    params(PendingParameters, PageParameters),
    responses((status = 200, description = "A page of them", body = Page<PendingActionView>))
)]
#[get("/api/v1/pending-actions")]
pub async fn list_pending_actions(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<PendingParameters>,
) -> Answer<Page<PendingActionView>> {
    let Paged(asked, page) = asked;
    let filter = PendingFilter { state: asked.state };
    api.answer(move |ledger| ledger.list_pending_actions(&caller.0, &filter, &page))
        .await
}

/// One of them, and what became of it.
#[utoipa::path(
    tag = "pending-actions",
    operation_id = "get_pending_action",
    params(("id" = i64, Path, description = "Its `pending_id`")),
    responses(
        (status = 200, description = "What was entered", body = PendingActionView),
        NoSuchPendingAction,
    )
)]
#[get("/api/v1/pending-actions/{id}")]
pub async fn get_pending_action(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
) -> Answer<PendingActionView> {
    api.answer(move |ledger| ledger.get_pending_action(&caller.0, *id))
        .await
}

/// Approves what another person entered and carries it out under that person's name. Whatever the books
/// refuse by now is refused, and it goes on waiting. Of many at once exactly one wins.
#[utoipa::path(
    tag = "pending-actions",
    operation_id = "approve_pending_action",
    params(("id" = i64, Path, description = "Its `pending_id`"), RequiredKey),
    responses(
        (status = 200, description = "It is done; `entry_id` is its journal entry", body = PendingActionView),
        NoSuchPendingAction,
        (status = 409, description = "`needs_second_person`: who entered it does not approve it; `pending_already_decided`; or what the operation itself refuses by now, such as `more_than_collected`"),
    )
)]
#[post("/api/v1/pending-actions/{id}/approve")]
pub async fn approve_pending_action(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
) -> Answer<PendingActionView> {
    api.answer(move |ledger| ledger.approve_pending_action(&asked.0, *id))
        .await
}

/// Rejects what another person entered, with a reason: nothing comes of it.
#[utoipa::path(
    tag = "pending-actions",
    operation_id = "reject_pending_action",
    params(("id" = i64, Path, description = "Its `pending_id`"), RequiredKey),
    request_body = RejectPendingAction,
    responses(
        (status = 200, description = "Nothing comes of it", body = PendingActionView),
        NoSuchPendingAction,
        (status = 409, description = "`needs_second_person`: who entered it withdraws it instead; `pending_already_decided`"),
        (status = 422, description = "`reason_missing`, `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/pending-actions/{id}/reject")]
pub async fn reject_pending_action(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
    body: Body<RejectPendingAction>,
) -> Answer<PendingActionView> {
    api.answer(move |ledger| ledger.reject_pending_action(&asked.0, *id, &body.0))
        .await
}

/// Takes back what one entered oneself, while nobody has decided it.
#[utoipa::path(
    tag = "pending-actions",
    operation_id = "withdraw_pending_action",
    params(("id" = i64, Path, description = "Its `pending_id`"), RequiredKey),
    responses(
        (status = 200, description = "Nothing comes of it", body = PendingActionView),
        NoSuchPendingAction,
        (status = 409, description = "`not_submitter`: somebody else entered it; `pending_already_decided`"),
    )
)]
#[post("/api/v1/pending-actions/{id}/withdraw")]
pub async fn withdraw_pending_action(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
) -> Answer<PendingActionView> {
    api.answer(move |ledger| ledger.withdraw_pending_action(&asked.0, *id))
        .await
}

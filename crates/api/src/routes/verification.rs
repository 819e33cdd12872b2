//! What must always hold.

use actix_web::{get, post, web};
use ledger::proof::ChainHead;
use ledger::trace::Verification;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Answer;
use crate::api::Api;
use crate::extract::{Body, Caller};

/// Checks everything that must always hold in the records. What is broken is in the answer, too:
/// `ok` is `false` then. The audit log keeps who asked, and what was found (`is_recorded`).
#[utoipa::path(
    tag = "service",
    operation_id = "verify_records",
    responses((status = 200, description = "Each thing that must hold, and whether it does", body = Verification))
)]
#[get("/api/v1/verification")]
pub async fn verify_records(api: web::Data<Api>, caller: Caller) -> Answer<Verification> {
    api.answer(move |ledger| ledger.verify(&caller.0)).await
}

/// Heads that were written down earlier: those of a control sheet, or of a verification.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenHeads {
    /// The last link of each chain, as it was then.
    heads: Vec<ChainHead>,
}

/// Checks the same, and whether the chains go on from heads that were written down earlier: only so
/// does it show that an end was cut off, or all of a chain written anew. The audit log keeps it, too.
#[utoipa::path(
    tag = "service",
    operation_id = "verify_against_heads",
    request_body = WrittenHeads,
    responses((status = 200, description = "Each thing that must hold, and whether it does", body = Verification))
)]
#[post("/api/v1/verification")]
pub async fn verify_against_heads(
    api: web::Data<Api>,
    caller: Caller,
    body: Body<WrittenHeads>,
) -> Answer<Verification> {
    api.answer(move |ledger| ledger.verify_against(&caller.0, &body.0.heads))
        .await
}

//! What must always hold.

use actix_web::{get, web};
use ledger::trace::Verification;

use super::Answer;
use crate::api::Api;

/// Checks everything that must always hold in the records. What is broken is in the answer, too:
/// `ok` is `false` then.
#[utoipa::path(
    tag = "service",
    operation_id = "verify_records",
    responses((status = 200, description = "Each thing that must hold, and whether it does", body = Verification))
)]
#[get("/api/v1/verification")]
pub async fn verify_records(api: web::Data<Api>) -> Answer<Verification> {
    api.answer(ledger::Ledger::verify).await
}

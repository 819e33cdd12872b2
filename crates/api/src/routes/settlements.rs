//! Settlements (集金結果): putting right what became of a charge (R13).

use actix_web::{HttpResponse, post, web};
use ledger::settlement::{ChargeRefunded, RefundCharge, ReverseSettlement, SettlementReversed};

use super::Answer;
use super::pending_actions::{WaitsForApproval, done_or_waiting};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, RequiredKey};
use front::Problem;

/// Takes back a wrong result: the charge is outstanding again, and a true result can come. What was
/// booked as collected is booked back. Of many at once exactly one wins.
#[utoipa::path(
    tag = "settlement",
    operation_id = "reverse_settlement",
    params(RequiredKey),
    request_body = ReverseSettlement,
    responses(
        (status = 200, description = "The result is taken back", body = SettlementReversed),
        (status = 404, description = "`charge_not_found`: there is no such charge"),
        (status = 409, description = "`no_result`: it has none, or it was taken back already; `already_corrected`: the gift was given back; `tried_again`: the charge was charged again since"),
        (status = 422, description = "`date_in_future`, `date_before_result`, `date_out_of_range`; `reason_missing`, `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/settlements/reverse")]
pub async fn reverse_settlement(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<ReverseSettlement>,
) -> Answer<SettlementReversed> {
    api.answer(move |ledger| ledger.reverse_settlement(&asked.0, &body.0))
        .await
}

/// Gives a collected gift back to the member: the charge stays collected, the income is booked
/// back. Of many at once exactly one wins.
#[utoipa::path(
    tag = "settlement",
    operation_id = "refund_charge",
    params(RequiredKey),
    request_body = RefundCharge,
    responses(
        (status = 200, description = "The gift is given back", body = ChargeRefunded),
        WaitsForApproval,
        (status = 404, description = "`charge_not_found`: there is no such charge"),
        (status = 409, description = "`pending_already`: the very same waits already; `no_result`: it has none; `not_collected`: there is nothing to give back; `already_corrected`: it was given back already"),
        (status = 422, description = "`date_in_future`, `date_before_result`, `date_out_of_range`; `reason_missing`, `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/settlements/refund")]
pub async fn refund_charge(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<RefundCharge>,
) -> Result<HttpResponse, Problem> {
    let outcome = api
        .run(move |ledger| ledger.refund_charge(&asked.0, &body.0))
        .await?;
    done_or_waiting(outcome)
}

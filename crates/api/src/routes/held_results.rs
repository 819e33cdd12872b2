//! Held results (保留の結果): lines of the co-ops' answers that a person has to decide about (R13).

use actix_web::{get, post, web};
use domain::{CoopCode, HeldResultState, ResultHoldReason};
use ledger::Page;
use ledger::settlement::{
    DismissResult, HeldResultDecided, HeldResultFilter, HeldResultView, TakeResult,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, PageParameters, Paged, RequiredKey};

/// Which held results are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HeldResultParameters {
    /// Only those about charges of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// Only those held for this reason.
    #[param(value_type = Option<String>, example = "contradicts")]
    reason: Option<ResultHoldReason>,
    /// Only those in this state: `open` (the default), `taken`, `dismissed`.
    #[param(value_type = Option<String>, example = "open")]
    state: Option<HeldResultState>,
    /// Only those of the file of results with this number.
    result_file_id: Option<i64>,
}

/// The held results, in the order of their numbers; those that wait where no state is asked for.
#[utoipa::path(
    tag = "settlement",
    operation_id = "list_held_results",
    params(HeldResultParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<HeldResultView>),
        (status = 404, description = "`cooperative_not_found`: there is no such co-op"),
    )
)]
#[get("/api/v1/held-results")]
pub async fn list_held_results(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<HeldResultParameters>,
) -> Answer<Page<HeldResultView>> {
    let Paged(asked, page) = asked;
    let filter = HeldResultFilter {
        coop: asked.coop,
        result_file_id: asked.result_file_id,
        reason: asked.reason,
        state: asked.state,
    };
    api.answer(move |ledger| ledger.list_held_results(&caller.0, &filter, &page))
        .await
}

/// Takes a held result as that of a charge, overriding what it was held for. Where the charge has
/// another result, that is taken back first; where the amount differs, the charge's counts.
#[utoipa::path(
    tag = "settlement",
    operation_id = "take_held_result",
    params(
        ("id" = i64, Path, description = "The held result's `id`"),
        RequiredKey,
    ),
    request_body = TakeResult,
    responses(
        (status = 200, description = "It is the charge's result now", body = HeldResultDecided),
        (status = 404, description = "`held_result_not_found`, `charge_not_found`"),
        (status = 409, description = "`already_decided`; `charge_unknown`, `charge_ambiguous`: name the charge; `other_coop`, `charge_voided`, `batch_not_exported`: it cannot be of this charge; `result_known`: nothing would change; `already_corrected`, `tried_again`: the charge's result cannot be replaced any more; `amount_overflow`"),
    )
)]
#[post("/api/v1/held-results/{id}/take")]
pub async fn take_held_result(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
    body: Body<TakeResult>,
) -> Answer<HeldResultDecided> {
    api.answer(move |ledger| ledger.take_held_result(&asked.0, *id, &body.0))
        .await
}

/// Puts a held result aside: it counts for nothing, and the same line again is not held again.
#[utoipa::path(
    tag = "settlement",
    operation_id = "dismiss_held_result",
    params(
        ("id" = i64, Path, description = "The held result's `id`"),
        RequiredKey,
    ),
    request_body = DismissResult,
    responses(
        (status = 200, description = "It is put aside", body = HeldResultDecided),
        (status = 404, description = "`held_result_not_found`: there is no such held result"),
        (status = 409, description = "`already_decided`: somebody was first"),
    )
)]
#[post("/api/v1/held-results/{id}/dismiss")]
pub async fn dismiss_held_result(
    api: web::Data<Api>,
    asked: AskedOnce,
    id: web::Path<i64>,
    body: Body<DismissResult>,
) -> Answer<HeldResultDecided> {
    api.answer(move |ledger| ledger.dismiss_held_result(&asked.0, *id, &body.0))
        .await
}

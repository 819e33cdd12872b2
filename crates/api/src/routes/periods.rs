//! Accounting periods: months and fiscal years that take no more entries (R14).

use actix_web::{get, post, web};
use ledger::accounting::{CloseFiscalYear, ClosePeriod, PeriodClosed, PeriodView};

use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{AskedOnce, Body, Caller, RequiredKey};

/// The closed months of the books, the latest first. Every month before the earliest is closed too.
#[utoipa::path(
    tag = "journal",
    operation_id = "list_periods",
    responses((status = 200, description = "All of them", body = Items<PeriodView>))
)]
#[get("/api/v1/accounting-periods")]
pub async fn list_periods(api: web::Data<Api>, caller: Caller) -> Answer<Items<PeriodView>> {
    api.answer(move |ledger| {
        let items = ledger.list_periods(&caller.0)?;
        Ok(Items { items })
    })
    .await
}

/// Closes a month of the books for good.
#[utoipa::path(
    tag = "journal",
    operation_id = "close_period",
    params(RequiredKey),
    request_body = ClosePeriod,
    responses(
        (status = 200, description = "It is closed", body = PeriodClosed),
        (status = 409, description = "`period_not_over`; `period_out_of_order`: `detail` says which is next; `period_already_closed`; `march_closes_with_year`"),
        (status = 422, description = "`fiscal_year_unreadable`; `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/accounting-periods")]
pub async fn close_period(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<ClosePeriod>,
) -> Answer<PeriodClosed> {
    api.answer(move |ledger| ledger.close_period(&asked.0, &body.0))
        .await
}

/// Closes a fiscal year, April to March, for good: all its open months, with the entry that carries
/// revenue and expense over, dated 31 March.
#[utoipa::path(
    tag = "journal",
    operation_id = "close_fiscal_year",
    params(RequiredKey),
    request_body = CloseFiscalYear,
    responses(
        (status = 200, description = "It is closed", body = PeriodClosed),
        (status = 409, description = "`period_not_over`; `period_out_of_order`: `detail` says which is next; `period_already_closed`"),
        (status = 422, description = "`fiscal_year_unreadable`; `reason_unreadable`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/fiscal-years")]
pub async fn close_fiscal_year(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<CloseFiscalYear>,
) -> Answer<PeriodClosed> {
    api.answer(move |ledger| ledger.close_fiscal_year(&asked.0, &body.0))
        .await
}

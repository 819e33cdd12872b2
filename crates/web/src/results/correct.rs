//! The result of one charge is put right: taken back where it was wrong, or the gift given back. What that
//! comes to in yen is said before it is done.

use std::fmt::Display;

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::{ChargeKey, CorrectionKind};
use front::Problem;
use ledger::settlement::{RefundCharge, ReverseSettlement};
use ledger::trace::ChargeView;
use ledger::{Call, Operation};

use crate::page::{Fields, Form, Page};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(ask_to_reverse)
        .service(reverse)
        .service(ask_to_refund)
        .service(refund);
}

/// Whether the gift of a charge was given back: then its result is corrected for good.
pub(super) fn is_refunded(charge: &ChargeView) -> bool {
    let mut corrections = charge.corrections.iter();
    corrections.any(|one| one.kind == CorrectionKind::Refund)
}

/// Whether a charge was collected.
pub(super) fn is_collected(charge: &ChargeView) -> bool {
    let result = charge.result.as_ref();
    result.is_some_and(|result| result.result_code.is_collected())
}

#[derive(Template)]
#[template(path = "results/reverse.html")]
struct Reverse<'a> {
    page: &'a Page,
    fields: &'a Fields,
    charge: ChargeView,
}

impl Reverse<'_> {
    fn code(&self, code: impl Display) -> String {
        // messages: results-code-*
        self.page.t(&format!("results-code-{code}"))
    }
}

#[derive(Template)]
#[template(path = "results/refund.html")]
struct Refund<'a> {
    page: &'a Page,
    fields: &'a Fields,
    charge: ChargeView,
}

/// The charge of the key that an address names.
async fn charge_of(page: &Page, key: &str, to_do: Operation) -> Result<ChargeView, Problem> {
    let key: ChargeKey = Fields::of([("charge_key", key)]).read("charge_key")?;
    let call = page.call();
    page.run(move |ledger| {
        ledger.require(&call, to_do)?;
        ledger.get_charge(&call, key)
    })
    .await
}

fn back_to(charge_key: impl Display) -> String {
    format!("/results/charge?key={charge_key}")
}

#[get("/results/charge/{key}/reverse")]
async fn ask_to_reverse(page: Page, key: Path<String>) -> Result<HttpResponse, Problem> {
    show_reversal(&page, &Fields::default(), &key).await
}

async fn show_reversal(page: &Page, fields: &Fields, key: &str) -> Result<HttpResponse, Problem> {
    let charge = charge_of(page, key, Operation::ReverseSettlement).await?;
    let shown = Reverse {
        page,
        fields,
        charge,
    };
    page.show_form(fields, &shown)
}

/// Takes a result back.
#[post("/results/charge/{key}/reverse")]
async fn reverse(form: Form, key: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    match reversed(&page, call, &key, &fields).await {
        Ok(()) => Ok(page.done(&back_to(key), "results-done-reversed", None)),
        Err(problem) => show_reversal(&page, &fields.refused(problem), &key).await,
    }
}

async fn reversed(page: &Page, call: Call, key: &str, fields: &Fields) -> Result<(), Problem> {
    let request = ReverseSettlement {
        charge_key: Fields::of([("charge_key", key)]).read("charge_key")?,
        corrected_on: fields.date_if_given("corrected_on")?,
        reason: fields.required("reason")?,
    };
    page.run(move |ledger| ledger.reverse_settlement(&call, &request))
        .await?;
    Ok(())
}

#[get("/results/charge/{key}/refund")]
async fn ask_to_refund(page: Page, key: Path<String>) -> Result<HttpResponse, Problem> {
    show_refund(&page, &Fields::default(), &key).await
}

async fn show_refund(page: &Page, fields: &Fields, key: &str) -> Result<HttpResponse, Problem> {
    let charge = charge_of(page, key, Operation::RefundCharge).await?;
    let shown = Refund {
        page,
        fields,
        charge,
    };
    page.show_form(fields, &shown)
}

/// Gives a gift back. It may wait for a second person.
#[post("/results/charge/{key}/refund")]
async fn refund(form: Form, key: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    match refunded(&page, call, &key, &fields).await {
        Ok(message) => Ok(page.done(&back_to(key), message, None)),
        Err(problem) => show_refund(&page, &fields.refused(problem), &key).await,
    }
}

async fn refunded(
    page: &Page,
    call: Call,
    key: &str,
    fields: &Fields,
) -> Result<&'static str, Problem> {
    let request = RefundCharge {
        charge_key: Fields::of([("charge_key", key)]).read("charge_key")?,
        refunded_on: fields.date_if_given("refunded_on")?,
        pay_later: fields.has("pay_later", "1"),
        reason: fields.required("reason")?,
    };
    let outcome = page
        .run(move |ledger| ledger.refund_charge(&call, &request))
        .await?;
    Ok(match outcome.done() {
        Ok(_) => "results-done-refunded",
        Err(_) => "results-done-refund-waits",
    })
}

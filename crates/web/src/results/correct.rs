//! The result of one charge is put right: taken back where it was wrong, or the gift given back. What that
//! comes to in yen is said before it is done.

use std::fmt::Display;

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::{ChargeKey, CorrectionKind};
use front::Problem;
use ledger::Operation;
use ledger::settlement::{RefundCharge, ReverseSettlement};
use ledger::trace::ChargeView;

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

/// The key that an address names.
fn charge_key(key: &str) -> Result<ChargeKey, Problem> {
    Fields::of([("charge_key", key)]).read("charge_key")
}

/// The charge of the key that an address names.
async fn charge_of(page: &Page, key: &str, to_do: Operation) -> Result<ChargeView, Problem> {
    let (call, key) = (page.call(), charge_key(key)?);
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
    let reversed = async {
        let request = ReverseSettlement {
            charge_key: charge_key(&key)?,
            corrected_on: fields.date_if_given("corrected_on")?,
            reason: fields.required("reason")?,
        };
        page.run(move |ledger| ledger.reverse_settlement(&call, &request))
            .await?;
        Ok(page.done(&back_to(&key), "results-done-reversed", None))
    };
    fields
        .answer(reversed, async |fields| {
            show_reversal(&page, &fields, &key).await
        })
        .await
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
    let refunded = async {
        let request = RefundCharge {
            charge_key: charge_key(&key)?,
            refunded_on: fields.date_if_given("refunded_on")?,
            pay_later: fields.has("pay_later", "1"),
            reason: fields.required("reason")?,
        };
        let outcome = page
            .run(move |ledger| ledger.refund_charge(&call, &request))
            .await?;
        let message = match outcome.done() {
            Ok(_) => "results-done-refunded",
            Err(_) => "results-done-refund-waits",
        };
        Ok(page.done(&back_to(&key), message, None))
    };
    fields
        .answer(refunded, async |fields| {
            show_refund(&page, &fields, &key).await
        })
        .await
}

//! The result of one charge is put right: taken back where it was wrong, or the gift given back.

use std::fmt::Display;

use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::{ChargeKey, CollectionMonth};
use front::Problem;
use ledger::settlement::{RefundCharge, ReverseSettlement};
use ledger::trace::{ChargeFilter, ChargeView};
use ledger::{Call, Operation, PageRequest};
use serde::Deserialize;

use crate::page::{Fields, Form, Page};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(look).service(correct);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    key: String,
    #[serde(default)]
    coop: String,
    #[serde(default)]
    member: String,
    #[serde(default)]
    month: String,
}

#[derive(Template)]
#[template(path = "results/charge.html")]
struct Look<'a> {
    page: &'a Page,
    fields: &'a Fields,
    asked: Fields,
    is_asked: bool,
    charges: Vec<ChargeView>,
}

impl Look<'_> {
    fn correction(&self, kind: impl Display) -> String {
        // messages: results-correction-*
        self.page.t(&format!("results-correction-{kind}"))
    }

    fn code(&self, code: impl Display) -> String {
        self.page.t(&format!("results-code-{code}"))
    }
}

/// A charge is looked for by its key, or by co-op, member and month.
#[get("/results/charge")]
async fn look(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    page.require(Operation::ListHeldResults)?;
    show(&page, &asked, Fields::default()).await
}

async fn show(page: &Page, asked: &Asked, fields: Fields) -> Result<HttpResponse, Problem> {
    let said = Fields::of([
        ("key", asked.key.as_str()),
        ("coop", asked.coop.as_str()),
        ("member", asked.member.as_str()),
        ("month", asked.month.as_str()),
    ]);
    let is_asked = said.optional("key").is_some() || said.optional("member").is_some();
    let (charges, said) = if is_asked {
        match found(page, &said).await {
            Ok(charges) => (charges, said),
            Err(problem) => (Vec::new(), said.refused(problem)),
        }
    } else {
        (Vec::new(), said)
    };
    let shown = if fields.refusal().is_some() {
        fields.clone()
    } else {
        said.clone()
    };
    page.show_form(
        &shown,
        &Look {
            page,
            fields: &fields,
            asked: said,
            is_asked,
            charges,
        },
    )
}

async fn found(page: &Page, said: &Fields) -> Result<Vec<ChargeView>, Problem> {
    let key: Option<ChargeKey> = said.read_if_given("key")?;
    let month: Option<CollectionMonth> = said.read_if_given("month")?;
    let filter = ChargeFilter {
        coop: said.read_if_given("coop")?,
        member_number: said.optional("member"),
        month: key.map(ChargeKey::month).or(month),
        ..ChargeFilter::default()
    };
    let call = page.call();
    if let Some(key) = key {
        let charge = page
            .run(move |ledger| ledger.get_charge(&call, key))
            .await?;
        return Ok(vec![charge]);
    }
    let found = page
        .run(move |ledger| ledger.search_charges(&call, &filter, &PageRequest::default()))
        .await?;
    Ok(found.items)
}

/// Takes a result back, or gives a gift back. The latter may wait for a second person.
#[post("/results/charge")]
async fn correct(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let asked = Asked {
        key: fields.get("charge_key").to_owned(),
        ..Asked::default()
    };
    let to = format!("/results/charge?key={}", asked.key);
    match corrected(&page, call, &fields).await {
        Ok(message) => Ok(page.done(&to, message, None)),
        Err(problem) => show(&page, &asked, fields.refused(problem)).await,
    }
}

async fn corrected(page: &Page, call: Call, fields: &Fields) -> Result<&'static str, Problem> {
    let charge_key: ChargeKey = fields.read("charge_key")?;
    let reason = fields.required("reason")?;
    if fields.has("way", "refund") {
        let request = RefundCharge {
            charge_key,
            refunded_on: fields.date_if_given("day")?,
            pay_later: fields.has("pay_later", "1"),
            reason,
        };
        let outcome = page
            .run(move |ledger| ledger.refund_charge(&call, &request))
            .await?;
        return Ok(match outcome.done() {
            Ok(_) => "results-done-refunded",
            Err(_) => "results-done-refund-waits",
        });
    }
    let request = ReverseSettlement {
        charge_key,
        corrected_on: fields.date_if_given("day")?,
        reason,
    };
    page.run(move |ledger| ledger.reverse_settlement(&call, &request))
        .await?;
    Ok("results-done-reversed")
}

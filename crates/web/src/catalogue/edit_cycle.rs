//! The correction of a cycle.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::reference::{CycleDetail, TypedCycle};
use ledger::{Call, Operation};

use super::shown::cycle_address;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "catalogue/edit_cycle.html")]
struct EditCycle<'a> {
    page: &'a Page,
    fields: &'a Fields,
    one: &'a CycleDetail,
    address: String,
}

#[get("/catalogue/cycles/{cycle}/edit")]
pub(super) async fn edit_cycle(page: Page, cycle: Path<String>) -> Result<HttpResponse, Problem> {
    let one = found(&page, page.call(), cycle.into_inner()).await?;
    let web_closes_on = one.cycle.web_closes_on.map(|day| day.to_string());
    let fields = Fields::of([
        ("cycle", one.cycle.cycle.clone()),
        ("opens_on", one.cycle.opens_on.to_string()),
        ("closes_on", one.cycle.closes_on.to_string()),
        ("web_closes_on", web_closes_on.unwrap_or_default()),
        ("collection_month", one.cycle.collection_month.to_string()),
    ]);
    show(&page, &fields, &one)
}

#[post("/catalogue/cycles/{cycle}/edit")]
pub(super) async fn correct_cycle(
    form: Form,
    cycle: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let text = |name: &str| fields.get(name).to_owned();
    let typed = TypedCycle {
        cycle: text("cycle"),
        iso_week: String::new(),
        opens_on: text("opens_on"),
        closes_on: text("closes_on"),
        web_closes_on: text("web_closes_on"),
        collection_month: text("collection_month"),
    };
    let label = cycle.clone();
    let corrected = async {
        let corrected = page
            .run(move |ledger| ledger.correct_cycle(&call, &label, &typed))
            .await?;
        let message = if corrected.notes.is_empty() {
            "catalogue-done-corrected"
        } else {
            "catalogue-done-month-moved"
        };
        let to = cycle_address(&corrected.cycle.cycle);
        Ok(page.done(&to, message, None))
    };
    let again = async |fields| {
        let one = found(&page, page.call(), cycle.clone()).await?;
        show(&page, &fields, &one)
    };
    fields.answer(corrected, again).await
}

async fn found(page: &Page, call: Call, cycle: String) -> Result<CycleDetail, Problem> {
    page.run(move |ledger| {
        ledger.require(&call, Operation::CorrectCycle)?;
        ledger.get_cycle(&call, &cycle)
    })
    .await
}

fn show(page: &Page, fields: &Fields, one: &CycleDetail) -> Result<HttpResponse, Problem> {
    page.show_form(
        fields,
        &EditCycle {
            page,
            fields,
            one,
            address: cycle_address(&one.cycle.cycle),
        },
    )
}

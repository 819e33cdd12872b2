//! Voiding a batch that was not handed over, with a reason.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::billing::{BatchView, VoidBatch};

use super::{OfBatch, coop_name};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "batches/void.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    of: OfBatch,
    coop: String,
    batch: BatchView,
}

#[get("/batches/{coop}/{month}/{sequence:\\d+}/void")]
pub(super) async fn ask(page: Page, of: Path<OfBatch>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, ledger::Operation::VoidBatch))
        .await?;
    show(&page, &Fields::default(), of.into_inner()).await
}

async fn show(page: &Page, fields: &Fields, of: OfBatch) -> Result<HttpResponse, Problem> {
    let batch = of.find(page).await?;
    let coop = coop_name(page, &of.coop).await?;
    page.show_form(
        fields,
        &Shown {
            page,
            fields,
            of,
            coop,
            batch,
        },
    )
}

#[post("/batches/{coop}/{month}/{sequence:\\d+}/void")]
pub(super) async fn void(form: Form, of: Path<OfBatch>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let of = of.into_inner();
    let voided = async {
        let request = VoidBatch {
            coop: of.coop.clone(),
            month: of.month,
            sequence: Some(of.sequence),
            reason: fields.required("reason")?,
        };
        let voided = page
            .run(move |ledger| ledger.void_batch(&call, request))
            .await?;
        let to = of.of_month().path();
        Ok(page.done(&to, "batches-done-voided", Some(voided.charges)))
    };
    fields
        .answer(voided, async |fields| {
            show(&page, &fields, of.clone()).await
        })
        .await
}

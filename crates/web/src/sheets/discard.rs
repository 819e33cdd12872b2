//! Putting a sheet aside.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::intake::sheets::DiscardSheet;

use super::Head;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/discard.html")]
struct Discard<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
}

#[get("/sheets/{id}/discard")]
pub(super) async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let head = Head::of(&page, *id).await?;
    let fields = Fields::default();
    page.show(&Discard {
        page: &page,
        fields: &fields,
        head,
    })
}

#[post("/sheets/{id}/discard")]
pub(super) async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let outcome = match fields.required("reason") {
        Ok(reason) => {
            let request = DiscardSheet { reason };
            page.run(move |ledger| ledger.discard_sheet(&call, sheet_id, request))
                .await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(page.done("/sheets", "sheets-done-discarded", None)),
        Err(problem) => {
            let head = Head::of(&page, sheet_id).await?;
            let fields = fields.refused(problem);
            let template = Discard {
                page: &page,
                fields: &fields,
                head,
            };
            page.show_form(&fields, &template)
        }
    }
}

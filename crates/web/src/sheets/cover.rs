//! What the cover of a sheet says, corrected.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;

use super::Head;
use super::open::totals;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/cover.html")]
struct Cover<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
}

#[get("/sheets/{id}/cover")]
pub(super) async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let head = Head::of(&page, *id).await?;
    let control = &head.sheet.control;
    let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let fields = Fields::of([
        ("lines", text(control.lines)),
        ("units", text(control.units)),
        ("amount", text(control.amount)),
        ("member_sum", control.member_sum.clone().unwrap_or_default()),
    ]);
    let template = Cover {
        page: &page,
        fields: &fields,
        head,
    };
    page.show(&template)
}

#[post("/sheets/{id}/cover")]
pub(super) async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let outcome = match totals(&fields) {
        Ok(totals) => {
            page.run(move |ledger| ledger.set_control_totals(&call, sheet_id, totals))
                .await
        }
        Err(problem) => Err(problem),
    };
    match outcome {
        Ok(_) => Ok(page.done(&format!("/sheets/{sheet_id}"), "sheets-done-cover", None)),
        Err(problem) => {
            let head = Head::of(&page, sheet_id).await?;
            let fields = fields.refused(problem);
            let template = Cover {
                page: &page,
                fields: &fields,
                head,
            };
            page.show_form(&fields, &template)
        }
    }
}

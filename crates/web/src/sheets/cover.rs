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
    shown(&page, &fields, head)
}

#[post("/sheets/{id}/cover")]
pub(super) async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let set = async {
        let totals = totals(&fields)?;
        page.run(move |ledger| ledger.set_control_totals(&call, sheet_id, totals))
            .await?;
        Ok(page.done(&format!("/sheets/{sheet_id}"), "sheets-done-cover", None))
    };
    let again = async |fields| shown(&page, &fields, Head::of(&page, sheet_id).await?);
    fields.answer(set, again).await
}

fn shown(page: &Page, fields: &Fields, head: Head) -> Result<HttpResponse, Problem> {
    page.show_form(fields, &Cover { page, fields, head })
}

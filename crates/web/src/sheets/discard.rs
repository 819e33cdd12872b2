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
    shown(&page, &Fields::default(), *id).await
}

#[post("/sheets/{id}/discard")]
pub(super) async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let discarded = async {
        let reason = fields.required("reason")?;
        let request = DiscardSheet { reason };
        page.run(move |ledger| ledger.discard_sheet(&call, sheet_id, request))
            .await?;
        Ok(page.done("/sheets", "sheets-done-discarded", None))
    };
    fields
        .answer(discarded, async |fields| {
            shown(&page, &fields, sheet_id).await
        })
        .await
}

async fn shown(page: &Page, fields: &Fields, sheet_id: i64) -> Result<HttpResponse, Problem> {
    let head = Head::of(page, sheet_id).await?;
    page.show_form(fields, &Discard { page, fields, head })
}

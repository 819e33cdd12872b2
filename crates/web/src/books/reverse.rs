//! 赤黒: an entry taken back by its opposite.

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::accounting::{JournalEntryView, ReverseJournalEntry};
use ledger::two_persons::Outcome;
use ledger::{Call, Operation};

use super::entry::is_reversible;
use crate::page::{Fields, Form, Page};

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(send);
}

#[derive(Template)]
#[template(path = "books/reverse.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    entry: JournalEntryView,
    is_reversible: bool,
}

#[get("/books/entries/{id}/reverse")]
async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let today = page.front().ledger.today().to_string();
    answer(&page, *id, Fields::of([("date", today)])).await
}

async fn answer(page: &Page, id: i64, fields: Fields) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let entry = page
        .run(move |ledger| {
            ledger.require(&call, Operation::ReverseJournalEntry)?;
            ledger.get_journal_entry(&call, id)
        })
        .await?;
    let shown = Shown {
        page,
        fields: &fields,
        is_reversible: is_reversible(&entry),
        entry,
    };
    page.show_form(&fields, &shown)
}

#[post("/books/entries/{id}/reverse")]
async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let reversed = async {
        Ok(match reversed(&page, call, *id, &fields).await? {
            Outcome::Done(entry) => {
                let to = format!("/books/entries/{}", entry.entry_id);
                page.done(&to, "books-reversal-done", Some(*id))
            }
            Outcome::Pending(pending) => {
                page.done("/approvals", "books-pending-done", Some(pending.pending_id))
            }
        })
    };
    fields
        .answer(reversed, |fields| answer(&page, *id, fields))
        .await
}

async fn reversed(
    page: &Page,
    call: Call,
    entry_id: i64,
    fields: &Fields,
) -> Result<Outcome<JournalEntryView>, Problem> {
    let request = ReverseJournalEntry {
        entry_id,
        date: Some(fields.date("date")?),
        reason: fields.required("reason")?,
    };
    page.run(move |ledger| ledger.reverse_journal_entry(&call, &request))
        .await
}

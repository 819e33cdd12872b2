//! One entry, with what it was posted for.

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use domain::EntrySource;
use front::Problem;
use ledger::Operation;
use ledger::accounting::{EntryTraced, JournalEntryView, ResultsTraced, TracedGift, TracedSource};

use super::asked::{page_asked, query};
use crate::page::Page;

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show);
}

#[derive(Template)]
#[template(path = "books/entry.html")]
struct Shown<'a> {
    page: &'a Page,
    traced: EntryTraced,
}

impl Shown<'_> {
    /// Whether it may be taken back here: once, and not what was taken in from elsewhere.
    fn is_reversible(&self) -> bool {
        is_reversible(&self.traced.entry) && self.page.may(Operation::ReverseJournalEntry)
    }

    /// Where a gift was written, in words.
    fn origin(&self, gift: &TracedGift) -> String {
        let Some(origin) = &gift.origin else {
            return String::new();
        };
        // messages: books-origin-*
        let kind = self.page.t(&super::key("books-origin-", &origin.kind));
        let what = match (&origin.name, origin.sheet_id) {
            (_, Some(sheet)) => format!("{kind} {sheet}"),
            (Some(name), None) => format!("{kind} {name}"),
            (None, None) => format!("{kind} {}", origin.import_id),
        };
        match origin.line {
            Some(line) => self
                .page
                .t2("books-origin-line", "what", what, "line", line),
            None => what,
        }
    }

    /// Where "why this amount?" is answered for a gift. All of an entry's gifts are of one co-op.
    fn why(&self, gift: &TracedGift) -> Option<String> {
        let lines = &self.traced.entry.lines;
        let coop = lines.iter().find_map(|line| line.coop.as_deref())?;
        let (number, month) = (&gift.member_number, gift.charge_key.month());
        let may = self.page.may(Operation::ExplainAmount);
        may.then(|| format!("/members/{coop}/{number}/why/{month}"))
    }

    /// The keyed sheet that a gift was written on.
    fn sheet(&self, gift: &TracedGift) -> Option<String> {
        let sheet = gift.origin.as_ref()?.sheet_id?;
        let may = self.page.may(Operation::GetSheet);
        may.then(|| format!("/sheets/{sheet}"))
    }

    /// The kind of a gift, in words.
    fn gift_kind(&self, gift: &TracedGift) -> String {
        // messages: books-gift-*
        self.page.t(&super::key("books-gift-", gift.kind.as_str()))
    }

    /// A fiscal year, in words.
    fn year(&self, year: &i32) -> String {
        self.page.fiscal_year(*year)
    }

    /// Where the rest of the gifts are.
    fn next(&self, results: &ResultsTraced) -> Option<String> {
        let cursor = results.gifts.next_cursor.as_ref()?;
        let id = self.traced.entry.entry_id;
        Some(format!("/books/entries/{id}?cursor={cursor}"))
    }
}

/// Whether an entry may be taken back by another.
pub fn is_reversible(entry: &JournalEntryView) -> bool {
    let is_of_hand = matches!(
        entry.source,
        EntrySource::Manual | EntrySource::Remittance | EntrySource::Payout
    );
    is_of_hand && entry.reversed_by.is_none()
}

#[get("/books/entries/{id}")]
async fn show(page: Page, id: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (call, turned, id) = (page.call(), page_asked(&query(&request)), id.into_inner());
    let traced = page
        .run(move |ledger| ledger.trace_journal_entry(&call, id, &turned))
        .await?;
    page.show(&Shown {
        page: &page,
        traced,
    })
}

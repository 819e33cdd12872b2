//! 仕訳: the journal as a list.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use domain::{EntrySource, Yen};
use front::Problem;
use ledger::Page as Listed;
use ledger::accounting::{JournalEntryView, JournalFilter, PostingView};

use super::asked::{Codes, page_asked, query, query_of, shown_beside};
use crate::page::{Fields, Page, csv_file};

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(download);
}

#[derive(Template)]
#[template(path = "books/entries.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    codes: &'a Codes,
    sources: Vec<(String, String)>,
    list: Option<Listed<JournalEntryView>>,
}

impl Shown<'_> {
    fn first(&self) -> String {
        format!("/books/entries?{}", query_of(self.fields, &[]))
    }

    fn csv(&self) -> String {
        format!("/books/entries.csv?{}", query_of(self.fields, &[]))
    }

    fn next(&self, list: &Listed<JournalEntryView>) -> Option<String> {
        let cursor = list.next_cursor.as_ref()?.to_string();
        let query = query_of(self.fields, &[("cursor", cursor.as_str())]);
        Some(format!("/books/entries?{query}"))
    }
}

/// The accounts on one side of an entry, each once, in the order of its lines.
pub fn accounts(entry: &JournalEntryView, of: impl Fn(&PostingView) -> bool) -> String {
    let mut names: Vec<&str> = Vec::new();
    for line in entry.lines.iter().filter(|line| of(line)) {
        if !names.contains(&line.account_name.as_str()) {
            names.push(&line.account_name);
        }
    }
    names.join("、")
}

/// The accounts debited.
pub fn debited(entry: &JournalEntryView) -> String {
    accounts(entry, |line| line.debit > Yen::ZERO)
}

/// The accounts credited.
pub fn credited(entry: &JournalEntryView) -> String {
    accounts(entry, |line| line.credit > Yen::ZERO)
}

/// What an entry came from, in words.
pub fn source(page: &Page, source: &EntrySource) -> String {
    // messages: books-source-*
    page.t(&super::key("books-source-", source.as_str()))
}

fn filter(fields: &Fields) -> Result<JournalFilter, Problem> {
    Ok(JournalFilter {
        period: None,
        source: fields.read_if_given("source")?,
        posted_from: fields.date_if_given("posted_from")?,
        posted_to: fields.date_if_given("posted_to")?,
        account: fields.optional("account"),
        fund: fields.optional("fund"),
        coop: fields.optional("coop"),
        campaign: fields.optional("campaign"),
        batch_id: fields.number_if_given("batch")?,
        amount_min: fields.number_if_given("amount_min")?.map(Yen::new),
        amount_max: fields.number_if_given("amount_max")?.map(Yen::new),
    })
}

#[get("/books/entries")]
async fn show(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let call = page.call();
    let codes = page.run(move |ledger| Codes::load(ledger, &call)).await?;
    let list = match filter(&fields) {
        Err(problem) => Err(problem),
        Ok(filter) => {
            let (call, turned) = (page.call(), page_asked(&fields));
            page.run(move |ledger| ledger.list_journal_entries(&call, &filter, &turned))
                .await
        }
    };
    let (fields, list) = shown_beside(list, fields)?;
    let sources = EntrySource::ALL.iter();
    let sources = sources.map(|one| (one.as_str().to_owned(), source(&page, one)));
    let shown = Shown {
        page: &page,
        fields: &fields,
        codes: &codes,
        sources: sources.collect(),
        list,
    };
    page.show_form(&fields, &shown)
}

/// Every entry that fits, whatever page was looked at.
#[get("/books/entries.csv")]
async fn download(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (call, filter) = (page.call(), filter(&query(&request))?);
    let file = page
        .run(move |ledger| ledger.download_journal_entries(&call, &filter))
        .await?;
    Ok(csv_file("journal-entries", file))
}

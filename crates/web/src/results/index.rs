//! The batches that wait for results, the way in for an answer, and the answers that came.

use actix_web::web::{Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::billing::BatchView;
use ledger::reference::CooperativeView;
use ledger::settlement::{HeldResultFilter, ResultFileView};
use ledger::{Cursor, Operation, PAGE_MAX, Page as Rows, PageRequest};
use serde::Deserialize;

use crate::imports::received::receive;
use crate::imports::{arrive, job};
use crate::page::{Fields, Page};

/// Files on a page.
const FILES: u32 = 20;

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index).service(upload);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    coop: String,
    after: Option<String>,
    files_after: Option<String>,
}

/// What the page shows.
struct Found {
    coops: Vec<CooperativeView>,
    batches: Rows<BatchView>,
    files: Rows<ResultFileView>,
    has_held: bool,
}

#[derive(Template)]
#[template(path = "results/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    filter: Fields,
    coops: Vec<(String, String)>,
    found: Found,
    next: Option<String>,
    next_files: Option<String>,
}

impl Index<'_> {
    fn coop(&self, code: &str) -> String {
        let coops = self.found.coops.iter();
        let known = coops.into_iter().find(|coop| coop.coop.as_str() == code);
        known.map_or_else(|| code.to_owned(), |coop| format!("{code} {}", coop.name))
    }
}

#[get("/results")]
async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    show(&page, &Fields::default(), &asked).await
}

/// An answer comes in: what it would do is tried at once.
#[post("/results")]
async fn upload(request: HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    let mut received = receive(&request, payload).await?;
    match arrive(&mut received).await {
        Ok((id, table)) => Ok(received.page.go(&job::address(&table, &id))),
        Err(problem) => {
            let fields = received.fields.refused(problem);
            show(&received.page, &fields, &Asked::default()).await
        }
    }
}

async fn show(page: &Page, fields: &Fields, asked: &Asked) -> Result<HttpResponse, Problem> {
    let found = find(page, asked).await?;
    let coops = found.coops.iter();
    let coops = coops.map(|coop| {
        (
            coop.coop.to_string(),
            format!("{} {}", coop.coop, coop.name),
        )
    });
    let next = found.batches.next_cursor.as_ref().map(|cursor| {
        let query = [("coop", asked.coop.clone()), ("after", cursor.to_string())];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/results?{query}")
    });
    let next_files = found.files.next_cursor.as_ref();
    page.show_form(
        fields,
        &Index {
            page,
            fields,
            filter: Fields::of([("filter-coop", asked.coop.as_str())]),
            coops: coops.collect(),
            next,
            next_files: next_files.map(|cursor| format!("/results?files_after={cursor}")),
            found,
        },
    )
}

async fn find(page: &Page, asked: &Asked) -> Result<Found, Problem> {
    let coop = match asked.coop.as_str() {
        "" => None,
        _ => Fields::of([("coop", asked.coop.as_str())]).read_if_given("coop")?,
    };
    let batches = PageRequest {
        cursor: asked.after.clone().map(Cursor::from),
        limit: None,
    };
    let files = PageRequest {
        cursor: asked.files_after.clone().map(Cursor::from),
        limit: Some(FILES),
    };
    let call = page.call();
    page.run(move |ledger| {
        let one = PageRequest {
            cursor: None,
            limit: Some(1),
        };
        let all = PageRequest {
            cursor: None,
            limit: Some(PAGE_MAX),
        };
        let held = ledger.list_held_results(&call, &HeldResultFilter::default(), &one)?;
        Ok(Found {
            coops: ledger.list_cooperatives(&call, &all)?.items,
            batches: ledger.list_batches_awaiting_results(&call, coop.as_ref(), &batches)?,
            files: ledger.list_result_files(&call, &files)?,
            has_held: !held.items.is_empty(),
        })
    })
    .await
}

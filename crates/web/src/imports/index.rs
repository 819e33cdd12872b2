//! The files that were taken, and the way in for the next one.

use actix_web::web::{Payload, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use domain::Channel;
use front::Problem;
use ledger::intake::{ImportFilter, ImportTaken};
use ledger::{Cursor, Operation, PageRequest, ReferenceTable};
use serde::Deserialize;

use super::arriving::{BY_HEADINGS, arrive};
use super::received::receive;
use super::{job, kinds};
use crate::page::{Fields, Page};

/// Rows on a page.
const ROWS: u32 = 50;

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index).service(upload);
}

/// Which imports are looked at.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    table: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "imports/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    /// What who looks may take.
    choices: Vec<(String, String)>,
    channels: Vec<(String, String)>,
    filter: Fields,
    tables: Vec<(String, String)>,
    imports: Vec<ImportTaken>,
    is_first: bool,
    next: Option<String>,
}

impl Index<'_> {
    fn table(&self, import: &ImportTaken) -> String {
        let table = import.table.map_or("applications", ReferenceTable::as_str);
        kinds::name(self.page, table)
    }
}

#[get("/imports")]
async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let fields = Fields::of([("table", BY_HEADINGS), ("channel", Channel::Paper.as_str())]);
    show(&page, &fields, &asked).await
}

/// A file comes in: what it would do is tried at once.
#[post("/imports")]
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
    let filter = match asked.table.as_str() {
        "" => ImportFilter::All,
        "applications" => ImportFilter::Applications,
        table => ImportFilter::Reference(table.parse()?),
    };
    let request = PageRequest {
        cursor: asked.after.clone().map(Cursor::from),
        limit: Some(ROWS),
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.list_imports(&call, filter, &request))
        .await?;
    let mut tables = vec![("applications".to_owned(), kinds::name(page, "applications"))];
    tables.extend(ReferenceTable::ALL.map(|table| {
        let table = table.as_str();
        (table.to_owned(), kinds::name(page, table))
    }));
    let next = found.next_cursor.map(|cursor| {
        let query = [
            ("table", asked.table.clone()),
            ("after", cursor.to_string()),
        ];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("/imports?{query}")
    });
    page.show_form(
        fields,
        &Index {
            page,
            fields,
            choices: kinds::choices(page),
            channels: channels(page),
            filter: Fields::of([("filter-table", asked.table.as_str())]),
            tables,
            imports: found.items,
            is_first: asked.after.is_none(),
            next,
        },
    )
}

/// The ways in, as the page names them.
fn channels(page: &Page) -> Vec<(String, String)> {
    let all = [Channel::Paper, Channel::Web, Channel::Depot, Channel::Phone];
    let named = all.map(|channel| {
        // messages: imports-channel-*
        let name = page.t(&format!("imports-channel-{channel}"));
        (channel.to_string(), name)
    });
    named.into()
}

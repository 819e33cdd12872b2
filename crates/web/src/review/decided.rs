//! What was decided lately.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::review::DecisionListed;
use ledger::{Cursor, PageRequest};

use super::told;
use crate::page::{Fields, Page};

/// Rows on a page.
const ROWS: u32 = 100;

#[derive(Template)]
#[template(path = "review/decided.html")]
struct Index<'a> {
    page: &'a Page,
    decisions: Vec<DecisionListed>,
    next: Option<String>,
    is_first: bool,
}

#[get("/review/decided")]
pub(super) async fn index(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of(query.into_inner());
    let request = PageRequest {
        cursor: fields.optional("cursor").map(Cursor::from),
        limit: Some(ROWS),
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.list_decisions(&call, &request))
        .await?;
    let next = found.next_cursor;
    page.show(&Index {
        page: &page,
        decisions: found.items,
        next: next.map(|cursor| format!("/review/decided?cursor={cursor}")),
        is_first: fields.optional("cursor").is_none(),
    })
}

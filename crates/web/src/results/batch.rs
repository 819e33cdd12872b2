//! What came back of one batch: how far it is settled, why not all of it, and what follows.

use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::ResultCode;
use front::Problem;
use ledger::settlement::BatchResults;
use ledger::trace::{ChargeFilter, ChargeView};
use ledger::{Cursor, PageRequest};
use serde::Deserialize;

use crate::page::{Fields, Page, csv_file};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(batch).service(charges).service(download);
}

#[derive(Template)]
#[template(path = "results/batch.html")]
struct Batch<'a> {
    page: &'a Page,
    results: BatchResults,
}

#[get("/results/batches/{id}")]
async fn batch(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (call, id) = (page.call(), id.into_inner());
    let results = page
        .run(move |ledger| ledger.batch_results(&call, id))
        .await?;
    page.show(&Batch {
        page: &page,
        results,
    })
}

#[derive(Debug, Deserialize)]
struct Asked {
    code: String,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "results/charges.html")]
struct Charges<'a> {
    page: &'a Page,
    batch_id: i64,
    code: ResultCode,
    charges: Vec<ChargeView>,
    next: Option<String>,
}

/// The charges of a batch that have one result, as many as are on a page.
#[get("/results/batches/{id}/charges")]
async fn charges(page: Page, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let batch_id = id.into_inner();
    let code: ResultCode = Fields::of([("code", asked.code.as_str())]).read("code")?;
    let filter = ChargeFilter {
        batch_id: Some(batch_id),
        result_code: Some(code),
        ..ChargeFilter::default()
    };
    let request = PageRequest {
        cursor: asked.after.clone().map(Cursor::from),
        limit: None,
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.search_charges(&call, &filter, &request))
        .await?;
    page.show(&Charges {
        page: &page,
        batch_id,
        code,
        charges: found.items,
        next: found.next_cursor.map(|cursor| {
            format!("/results/batches/{batch_id}/charges?code={code}&after={cursor}")
        }),
    })
}

/// Every charge of a batch that has one result.
#[get("/results/batches/{id}/charges.csv")]
async fn download(page: Page, id: Path<i64>, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let code: ResultCode = Fields::of([("code", asked.code.as_str())]).read("code")?;
    let (call, batch_id) = (page.call(), id.into_inner());
    let file = page
        .run(move |ledger| ledger.download_charges(&call, batch_id, code))
        .await?;
    Ok(csv_file(&format!("charges-{batch_id}-{code}"), file))
}

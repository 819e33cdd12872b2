//! One answer that came: what it settled, what failed in it, and what followed.

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::settlement::ResultFileDetail;

use crate::page::Page;

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(file);
}

#[derive(Template)]
#[template(path = "results/file.html")]
struct ResultFile<'a> {
    page: &'a Page,
    detail: ResultFileDetail,
}

#[get("/results/files/{id}")]
async fn file(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let (call, id) = (page.call(), id.into_inner());
    let detail = page
        .run(move |ledger| ledger.get_result_file(&call, id))
        .await?;
    page.show(&ResultFile {
        page: &page,
        detail,
    })
}

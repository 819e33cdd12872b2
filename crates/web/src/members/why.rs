//! "Why this amount?": all of it on one sheet, for a telephone call.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::CollectionMonth;
use front::Problem;
use ledger::trace::{AmountExplained, ChargeView};

use super::{address, named, shown};
use crate::page::{Fields, Page};
use crate::review::told;

#[derive(Template)]
#[template(path = "members/why.html")]
struct Why<'a> {
    page: &'a Page,
    explained: &'a AmountExplained,
    here: String,
    before: Option<CollectionMonth>,
    after: Option<CollectionMonth>,
}

/// Leads to the month that was chosen.
#[get("/members/{coop}/{number}/why")]
pub(super) async fn chosen(
    page: Page,
    path: Path<(String, String)>,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of(query.into_inner());
    let month: CollectionMonth = fields.read("month")?;
    let (coop, number) = named(&path.0, &path.1)?;
    let here = address(coop.as_str(), number.as_str());
    Ok(page.go(&format!("{here}/why/{month}")))
}

#[get("/members/{coop}/{number}/why/{month}")]
pub(super) async fn index(
    page: Page,
    path: Path<(String, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (coop, number) = named(&path.0, &path.1)?;
    let month: CollectionMonth = Fields::of([("month", path.2.as_str())]).read("month")?;
    let here = address(coop.as_str(), number.as_str());
    let call = page.call();
    let explained = page
        .run(move |ledger| ledger.explain_amount(&call, &coop, &number, month))
        .await?;
    page.show(&Why {
        page: &page,
        here,
        before: month.plus_months(-1),
        after: month.next(),
        explained: &explained,
    })
}

impl Why<'_> {
    fn result(&self, charge: &ChargeView) -> String {
        shown::result(self.page, charge)
    }
}

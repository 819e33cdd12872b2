//! What members can write on the order sheet today.

use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use front::Problem;
use ledger::Operation;
use ledger::reference::TodaysOffering;

use super::shown;
use crate::page::Page;

#[derive(Template)]
#[template(path = "catalogue/today.html")]
struct Today<'a> {
    page: &'a Page,
    today: NaiveDate,
    offerings: Vec<TodaysOffering>,
}

#[get("/catalogue/today")]
pub(super) async fn todays_numbers(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (offerings, today) = page
        .run(move |ledger| Ok((ledger.list_todays_offerings(&call)?, ledger.today())))
        .await?;
    page.show(&Today {
        page: &page,
        today,
        offerings,
    })
}

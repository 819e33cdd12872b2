//! A cycle with its order numbers, in the form in which the newsletter prints them.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;
use ledger::reference::CycleDetail;

use super::shown::{self, cycle_address};
use crate::page::Page;

#[derive(Template)]
#[template(path = "catalogue/cycle.html")]
struct Cycle<'a> {
    page: &'a Page,
    one: &'a CycleDetail,
    address: String,
    is_open: bool,
    /// The message that says whether it is open.
    state: &'static str,
}

#[get("/catalogue/cycles/{cycle}")]
pub(super) async fn show_cycle(page: Page, cycle: Path<String>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (one, today) = page
        .run(move |ledger| Ok((ledger.get_cycle(&call, &cycle)?, ledger.today())))
        .await?;
    let last_day = one.cycle.web_closes_on.max(Some(one.cycle.closes_on));
    let state = if today < one.cycle.opens_on {
        "catalogue-is-coming"
    } else if Some(today) <= last_day {
        "catalogue-is-open"
    } else {
        "catalogue-is-over"
    };
    page.show(&Cycle {
        page: &page,
        address: cycle_address(&one.cycle.cycle),
        one: &one,
        is_open: state == "catalogue-is-open",
        state,
    })
}

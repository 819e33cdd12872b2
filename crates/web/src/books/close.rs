//! 会計期間: the months of a fiscal year, and closing them.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use domain::CollectionMonth;
use front::Problem;
use ledger::Call;
use ledger::accounting::{
    CloseFiscalYear, ClosePeriod, ClosePreviewed, FiscalYearShown, PeriodClosed, ToClose,
};

use super::asked::{query, shown_beside};
use super::reports::years_offered;
use crate::page::{Fields, Form, Page};

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(confirm).service(send);
}

#[derive(Template)]
#[template(path = "books/periods.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    offered: Vec<(String, String)>,
    year: Option<FiscalYearShown>,
}

#[get("/books/periods")]
async fn show(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let year = match fields.number_if_given("year") {
        Err(problem) => Err(problem),
        Ok(year) => {
            let year = year.map(|year| i32::try_from(year).unwrap_or_default());
            let call = page.call();
            page.run(move |ledger| ledger.show_fiscal_year(&call, year))
                .await
        }
    };
    let (fields, year) = shown_beside(year, fields)?;
    let shown = Shown {
        page: &page,
        fields: &fields,
        offered: years_offered(&page),
        year,
    };
    page.show_form(&fields, &shown)
}

#[derive(Template)]
#[template(path = "books/close.html")]
struct Confirm<'a> {
    page: &'a Page,
    fields: &'a Fields,
    /// What would be done; none where it would be refused.
    preview: Option<ClosePreviewed>,
}

impl Confirm<'_> {
    /// What is to be closed, as people say it.
    fn what(&self) -> String {
        what(self.page, self.fields)
    }
}

fn what(page: &Page, fields: &Fields) -> String {
    if let Ok(year) = fields.number("fiscal_year") {
        return page.fiscal_year(i32::try_from(year).unwrap_or_default());
    }
    let month = fields.read::<CollectionMonth>("month").ok();
    page.month(month)
}

/// The month or the year that a form names.
fn to_close(fields: &Fields) -> Result<ToClose, Problem> {
    let note = fields.optional("note");
    Ok(match fields.number_if_given("fiscal_year")? {
        Some(year) => ToClose::Year(CloseFiscalYear {
            fiscal_year: i32::try_from(year).unwrap_or_default(),
            note,
        }),
        None => ToClose::Month(ClosePeriod {
            month: fields.read("month")?,
            note,
        }),
    })
}

#[get("/books/periods/close")]
async fn confirm(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&page, query(&request)).await
}

async fn answer(page: &Page, fields: Fields) -> Result<HttpResponse, Problem> {
    let preview = match to_close(&fields) {
        Err(problem) => Err(problem),
        Ok(what) => {
            let call = page.call();
            page.run(move |ledger| ledger.preview_close(&call, &what))
                .await
        }
    };
    // What was refused when it was sent is told, rather than what would be refused now.
    let (fields, preview) = match fields.refusal() {
        Some(_) => (fields, preview.ok()),
        None => shown_beside(preview, fields)?,
    };
    let shown = Confirm {
        page,
        fields: &fields,
        preview,
    };
    page.show_form(&fields, &shown)
}

#[post("/books/periods/close")]
async fn send(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let closed = async {
        let closed = closed(&page, call, &fields).await?;
        let month = closed.months.last().copied();
        let to = match month.map(domain::FiscalYear::of_month) {
            Some(Ok(year)) => format!("/books/periods?year={year}"),
            _ => "/books/periods".to_owned(),
        };
        let message = if fields.optional("fiscal_year").is_some() {
            "books-year-closed-done"
        } else {
            "books-month-closed-done"
        };
        Ok(page.done(&to, message, None))
    };
    fields.answer(closed, |fields| answer(&page, fields)).await
}

async fn closed(page: &Page, call: Call, fields: &Fields) -> Result<PeriodClosed, Problem> {
    let what = to_close(fields)?;
    page.run(move |ledger| match what {
        ToClose::Month(month) => ledger.close_period(&call, &month),
        ToClose::Year(year) => ledger.close_fiscal_year(&call, &year),
    })
    .await
}

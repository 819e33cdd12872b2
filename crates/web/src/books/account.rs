//! 総勘定元帳: the postings of an account, a page at a time.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::accounting::reports::GeneralLedgerPage;

use super::asked::{Asked, Codes, Span, page_asked, shown_beside};
use super::csv;
use crate::page::{Fields, Page};

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(download);
}

#[derive(Template)]
#[template(path = "books/ledger.html")]
struct Shown<'a> {
    page: &'a Page,
    asked: &'a Asked,
    fields: &'a Fields,
    codes: &'a Codes,
    spans: Vec<(String, String)>,
    report: Option<GeneralLedgerPage>,
}

impl Shown<'_> {
    /// The address of the first page.
    fn first(&self) -> String {
        let span = self.asked.span.value();
        let query = self.asked.query_with(&[("span", span.as_str())]);
        format!("/books/ledger?{query}")
    }

    /// The address of the page after this one.
    fn next(&self, report: &GeneralLedgerPage) -> Option<String> {
        let cursor = report.lines.next_cursor.as_ref()?.to_string();
        let span = self.asked.span.value();
        let set = [("cursor", cursor.as_str()), ("span", span.as_str())];
        Some(format!("/books/ledger?{}", self.asked.query_with(&set)))
    }
}

#[get("/books/ledger")]
async fn show(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &page);
    let call = page.call();
    let codes = page.run(move |ledger| Codes::load(ledger, &call)).await?;
    let (fields, report) = match asked.fields.optional("account") {
        None => (asked.fields.clone(), None),
        Some(account) => {
            let (call, filter) = (page.call(), asked.filter());
            let turned = page_asked(&asked.fields);
            let report = page
                .run(move |ledger| ledger.general_ledger_page(&call, &account, &filter, &turned))
                .await;
            shown_beside(report, asked.fields.clone())?
        }
    };
    page.show_form(
        &fields,
        &Shown {
            page: &page,
            asked: &asked,
            fields: &fields,
            codes: &codes,
            spans: Span::offered(&page),
            report,
        },
    )
}

#[get("/books/ledger.csv")]
async fn download(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &page);
    let (call, filter) = (page.call(), asked.filter());
    let account = asked.fields.get("account").to_owned();
    let report = page
        .run(move |ledger| {
            let report = ledger.general_ledger(&call, &account, &filter)?;
            ledger.record_download(&call, "general-ledger")?;
            Ok(report)
        })
        .await?;
    Ok(csv("general-ledger", report.to_csv()))
}

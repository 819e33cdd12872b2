//! 試算表.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::accounting::reports::{SplitBy, TrialBalance, TrialBalanceRow};

use super::asked::{Asked, Codes, Span, shown_beside};
use super::csv;
use crate::page::{Fields, Page};

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(download).service(show);
}

#[derive(Template)]
#[template(path = "books/trial_balance.html")]
struct Shown<'a> {
    page: &'a Page,
    asked: &'a Asked,
    fields: &'a Fields,
    codes: &'a Codes,
    spans: Vec<(String, String)>,
    split: SplitBy,
    report: Option<TrialBalance>,
}

impl Shown<'_> {
    /// The address of the ledger behind a line.
    fn lines_of(&self, row: &TrialBalanceRow) -> String {
        let account = row.account.to_string();
        let span = self.asked.span.value();
        let mut set = vec![
            ("account", account.as_str()),
            ("span", span.as_str()),
            ("by_fund", ""),
            ("by_coop", ""),
            ("by_campaign", ""),
        ];
        let narrowed = [
            ("fund", &row.fund),
            ("coop", &row.coop),
            ("campaign", &row.campaign),
        ];
        for (name, code) in narrowed {
            set.extend(code.as_deref().map(|code| (name, code)));
        }
        format!("/books/ledger?{}", self.asked.query_with(&set))
    }
}

fn split(asked: &Asked) -> SplitBy {
    SplitBy {
        fund: asked.fields.has("by_fund", "1"),
        coop: asked.fields.has("by_coop", "1"),
        campaign: asked.fields.has("by_campaign", "1"),
    }
}

#[get("/books")]
async fn show(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &page);
    let (call, filter, split) = (page.call(), asked.filter(), split(&asked));
    let codes = page.run(move |ledger| Codes::load(ledger, &call)).await?;
    let call = page.call();
    let report = page
        .run(move |ledger| ledger.trial_balance(&call, &filter, split))
        .await;
    let (fields, report) = shown_beside(report, asked.fields.clone())?;
    page.show_form(
        &fields,
        &Shown {
            page: &page,
            asked: &asked,
            fields: &fields,
            codes: &codes,
            spans: Span::offered(&page),
            split,
            report,
        },
    )
}

#[get("/books/trial-balance.csv")]
async fn download(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &page);
    let (call, filter, split) = (page.call(), asked.filter(), split(&asked));
    let report = page
        .run(move |ledger| {
            let report = ledger.trial_balance(&call, &filter, split)?;
            ledger.record_download(&call, "trial-balance")?;
            Ok(report)
        })
        .await?;
    Ok(csv("trial-balance", report.to_csv()))
}

//! 基金の残高, 未収金, 団体への未払い, 年度の比較.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use domain::{AccountKind, FiscalYear};
use front::Problem;
use ledger::accounting::reports::{FiscalYears, FundBalances, Payables, Receivables};
use ledger::{Call, Ledger};

use super::asked::{Asked, Codes, Span, query, query_of, shown_beside};
use super::csv;
use crate::page::{Fields, Page};

/// Fiscal years offered to compare.
const YEARS_OFFERED: i32 = 6;

pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(funds)
        .service(funds_csv)
        .service(receivables)
        .service(receivables_csv)
        .service(payables)
        .service(payables_csv)
        .service(years)
        .service(years_csv);
}

#[derive(Template)]
#[template(path = "books/funds.html")]
struct Funds<'a> {
    page: &'a Page,
    asked: &'a Asked,
    fields: &'a Fields,
    spans: Vec<(String, String)>,
    report: Option<FundBalances>,
}

#[get("/books/funds")]
async fn funds(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &page);
    let (call, filter) = (page.call(), asked.filter());
    let report = page
        .run(move |ledger| ledger.fund_balances(&call, &filter))
        .await;
    let (fields, report) = shown_beside(report, asked.fields.clone())?;
    let spans = Span::offered(&page);
    let shown = Funds {
        page: &page,
        asked: &asked,
        fields: &fields,
        spans,
        report,
    };
    page.show_form(&fields, &shown)
}

#[get("/books/funds.csv")]
async fn funds_csv(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let filter = Asked::of(&request, &page).filter();
    let text = taken_along(&page, "fund-balances", move |ledger, call| {
        Ok(ledger.fund_balances(call, &filter)?.to_csv())
    });
    Ok(csv("fund-balances", text.await?))
}

/// A report as CSV; that it is taken along is on record before it is handed over.
async fn taken_along<F>(page: &Page, name: &'static str, report: F) -> Result<String, Problem>
where
    F: FnOnce(&Ledger, &Call) -> ledger::Result<String> + Send + 'static,
{
    let call = page.call();
    page.run(move |ledger| {
        let text = report(ledger, &call)?;
        ledger.record_download(&call, name)?;
        Ok(text)
    })
    .await
}

#[derive(Template)]
#[template(path = "books/receivables.html")]
struct Due<'a> {
    page: &'a Page,
    fields: &'a Fields,
    codes: &'a Codes,
    query: String,
    report: Option<Receivables>,
}

/// What of the receivables is asked for: day, co-op, settled ones too.
type DueAsked = (Option<NaiveDate>, Option<String>, bool);

fn due_asked(fields: &Fields) -> Result<DueAsked, Problem> {
    Ok((
        fields.date_if_given("as_of")?,
        fields.optional("coop"),
        fields.has("with_settled", "1"),
    ))
}

#[get("/books/receivables")]
async fn receivables(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let call = page.call();
    let codes = page.run(move |ledger| Codes::load(ledger, &call)).await?;
    let report = match due_asked(&fields) {
        Err(problem) => Err(problem),
        Ok((as_of, coop, with_settled)) => {
            let call = page.call();
            page.run(move |ledger| ledger.receivables(&call, as_of, coop.as_deref(), with_settled))
                .await
        }
    };
    let (fields, report) = shown_beside(report, fields)?;
    let shown = Due {
        page: &page,
        fields: &fields,
        codes: &codes,
        query: query_of(&fields, &[("as_of", fields.get("as_of"))]),
        report,
    };
    page.show_form(&fields, &shown)
}

#[get("/books/receivables.csv")]
async fn receivables_csv(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let (as_of, coop, with_settled) = due_asked(&query(&request))?;
    let text = taken_along(&page, "receivables", move |ledger, call| {
        let report = ledger.receivables(call, as_of, coop.as_deref(), with_settled)?;
        Ok(report.to_csv())
    });
    Ok(csv("receivables", text.await?))
}

#[derive(Template)]
#[template(path = "books/payables.html")]
struct Owed<'a> {
    page: &'a Page,
    fields: &'a Fields,
    query: String,
    report: Option<Payables>,
}

#[get("/books/payables")]
async fn payables(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let report = match fields.date_if_given("as_of") {
        Err(problem) => Err(problem),
        Ok(as_of) => {
            let call = page.call();
            page.run(move |ledger| ledger.payables(&call, as_of)).await
        }
    };
    let (fields, report) = shown_beside(report, fields)?;
    let shown = Owed {
        page: &page,
        fields: &fields,
        query: query_of(&fields, &[("as_of", fields.get("as_of"))]),
        report,
    };
    page.show_form(&fields, &shown)
}

#[get("/books/payables.csv")]
async fn payables_csv(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let as_of = query(&request).date_if_given("as_of")?;
    let text = taken_along(&page, "payables", move |ledger, call| {
        Ok(ledger.payables(call, as_of)?.to_csv())
    });
    Ok(csv("payables", text.await?))
}

#[derive(Template)]
#[template(path = "books/years.html")]
struct Years<'a> {
    page: &'a Page,
    fields: &'a Fields,
    offered: Vec<(String, String)>,
    report: Option<FiscalYears>,
}

impl Years<'_> {
    /// The parts of the report, in the order that papers have: what came and went, then what there is.
    fn kinds(&self) -> [AccountKind; 4] {
        [
            AccountKind::Revenue,
            AccountKind::Expense,
            AccountKind::Asset,
            AccountKind::Liability,
        ]
    }

    fn kind_name(&self, kind: &AccountKind) -> String {
        // messages: books-kind-*
        self.page.t(&super::key("books-kind-", kind.as_str()))
    }

    /// The year before, in words.
    fn last(&self, report: &FiscalYears) -> String {
        self.page.fiscal_year(report.year.year() - 1)
    }
}

fn year_asked(fields: &Fields, page: &Page) -> Result<i32, Problem> {
    let year = fields.number_if_given("year")?;
    let today = FiscalYear::of_date(page.front().ledger.today());
    let year = year.map_or(today.map_or(0, FiscalYear::year), |year| {
        i32::try_from(year).unwrap_or_default()
    });
    Ok(year)
}

#[get("/books/years")]
async fn years(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let fields = query(&request);
    let report = match year_asked(&fields, &page) {
        Err(problem) => Err(problem),
        Ok(year) => {
            let call = page.call();
            page.run(move |ledger| ledger.compare_fiscal_years(&call, year))
                .await
        }
    };
    let (fields, report) = shown_beside(report, fields)?;
    let shown = Years {
        page: &page,
        fields: &fields,
        offered: years_offered(&page),
        report,
    };
    page.show_form(&fields, &shown)
}

/// The fiscal years to choose from, the latest first.
pub fn years_offered(page: &Page) -> Vec<(String, String)> {
    let today = FiscalYear::of_date(page.front().ledger.today());
    let latest = today.map_or(0, FiscalYear::year);
    (0..YEARS_OFFERED)
        .map(|back| ((latest - back).to_string(), page.fiscal_year(latest - back)))
        .collect()
}

#[get("/books/years.csv")]
async fn years_csv(page: Page, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let year = year_asked(&query(&request), &page)?;
    let text = taken_along(&page, "fiscal-years", move |ledger, call| {
        Ok(ledger.compare_fiscal_years(call, year)?.to_csv())
    });
    Ok(csv("fiscal-years", text.await?))
}

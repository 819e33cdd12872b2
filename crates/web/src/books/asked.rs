//! What of the books the address of a page asks for.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use chrono::NaiveDate;
use domain::{CollectionMonth, FiscalYear};
use front::Problem;
use ledger::accounting::reports::ReportFilter;
use ledger::{Call, Cursor, Ledger, PAGE_MAX, PageRequest};

use crate::page::{Fields, Page};
use crate::words;

/// Months offered to choose from.
const MONTHS_OFFERED: usize = 18;
/// Fiscal years offered to choose from.
const YEARS_OFFERED: i32 = 4;

/// What a report is about: the fields of the address, as a form would send them.
pub struct Asked {
    /// As they were sent.
    pub fields: Fields,
    /// The time that the report is about.
    pub span: Span,
}

/// A time that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A month.
    Month(CollectionMonth),
    /// A fiscal year.
    Year(FiscalYear),
    /// From the beginning until today.
    All,
}

/// The fields of a request's query.
pub fn query(request: &HttpRequest) -> Fields {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    Fields::of(pairs)
}

/// Which page of a list is asked for.
pub fn page_asked(fields: &Fields) -> PageRequest {
    PageRequest {
        cursor: fields.optional("cursor").map(Cursor::from),
        limit: None,
    }
}

impl Asked {
    /// What a request asks for; the fiscal year of today where it names no time.
    pub fn of(request: &HttpRequest, page: &Page) -> Self {
        let fields = query(request);
        let span = Span::read(fields.get("span"));
        let span = span.unwrap_or_else(|| Span::year_of(page.front().ledger.today()));
        Self { fields, span }
    }

    /// The same for the use cases.
    pub fn filter(&self) -> ReportFilter {
        let (from, to) = self.span.days();
        ReportFilter {
            from,
            to,
            fund: self.fields.optional("fund"),
            coop: self.fields.optional("coop"),
            campaign: self.fields.optional("campaign"),
            before_year_close: self.fields.has("before_close", "1"),
        }
    }

    /// The query that asks for the same, with some fields set anew.
    pub fn query_with(&self, set: &[(&str, &str)]) -> String {
        query_of(&self.fields, set)
    }

    /// The query that asks for the same.
    pub fn query(&self) -> String {
        self.query_with(&[])
    }
}

/// The query of a list's address, with some fields set anew; those set to nothing fall away, and with
/// them the place in the list.
pub fn query_of(fields: &Fields, set: &[(&str, &str)]) -> String {
    let names = [
        "span",
        "account",
        "fund",
        "coop",
        "campaign",
        "by_fund",
        "by_coop",
        "by_campaign",
        "before_close",
        "with_settled",
        "source",
        "posted_from",
        "posted_to",
        "amount_min",
        "amount_max",
        "batch",
        "year",
    ];
    let mut kept: BTreeMap<&str, &str> = names
        .into_iter()
        .map(|name| (name, fields.get(name)))
        .collect();
    kept.extend(set.iter().copied());
    kept.retain(|_, value| !value.is_empty());
    serde_urlencoded::to_string(kept).unwrap_or_default()
}

impl Span {
    fn read(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self::All),
            text if text.len() == 4 => text.parse().ok().map(Self::Year),
            text => text.parse().ok().map(Self::Month),
        }
    }

    fn year_of(day: NaiveDate) -> Self {
        FiscalYear::of_date(day).map_or(Self::All, Self::Year)
    }

    /// As an address names it.
    pub fn value(self) -> String {
        match self {
            Self::Month(month) => month.to_string(),
            Self::Year(year) => year.to_string(),
            Self::All => "all".to_owned(),
        }
    }

    /// Its first and last day, where it has them.
    pub fn days(self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        match self {
            Self::Month(month) => (Some(month.first_day()), Some(month.last_day())),
            Self::Year(year) => {
                let first = year.first_month().ok().map(CollectionMonth::first_day);
                (first, year.last_month().ok().map(CollectionMonth::last_day))
            }
            Self::All => (None, None),
        }
    }

    /// As people say it, with the year of the era.
    pub fn label(self, page: &Page) -> String {
        match self {
            Self::Month(month) => {
                let era = words::era_year(month.first_day());
                match era.filter(|_| page.is_japanese()) {
                    Some(era) => format!("{}（{era}）", page.month(month)),
                    None => page.month(month),
                }
            }
            Self::Year(year) => page.fiscal_year(year.year()),
            Self::All => page.t("books-span-all"),
        }
    }

    /// What there is to choose from, the latest first, each with its label.
    pub fn offered(page: &Page) -> Vec<(String, String)> {
        let today = page.front().ledger.today();
        let mut spans = Vec::new();
        if let Ok(year) = FiscalYear::of_date(today) {
            let years = (0..YEARS_OFFERED).map(|back| FiscalYear::new(year.year() - back));
            spans.extend(years.filter_map(Result::ok).map(Self::Year));
        }
        let mut month = CollectionMonth::from_date(today).ok();
        for _ in 0..MONTHS_OFFERED {
            spans.extend(month.map(Self::Month));
            month = month.and_then(|month| {
                let before = month.first_day().pred_opt()?;
                CollectionMonth::from_date(before).ok()
            });
        }
        spans.push(Self::All);
        let labels = spans.into_iter();
        labels
            .map(|span| (span.value(), span.label(page)))
            .collect()
    }
}

/// What reports can be narrowed to: codes with their names.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    /// Accounts of the chart; those never moved by hand are marked.
    pub accounts: Vec<(String, String, bool)>,
    /// Funds.
    pub funds: Vec<(String, String)>,
    /// Co-ops.
    pub coops: Vec<(String, String)>,
    /// Campaigns.
    pub campaigns: Vec<(String, String)>,
}

impl Codes {
    /// All of them.
    pub fn load(ledger: &Ledger, call: &Call) -> ledger::Result<Self> {
        let page = PageRequest {
            cursor: None,
            limit: Some(PAGE_MAX),
        };
        let accounts = ledger.list_accounts(call)?.into_iter();
        let funds = ledger.list_funds(call, &page)?.items.into_iter();
        let campaigns = ledger.list_campaigns(call, &page)?.items.into_iter();
        Ok(Self {
            accounts: accounts
                .map(|one| {
                    let code = one.account.to_string();
                    let label = format!("{code} {}", one.name);
                    (code, label, one.is_control)
                })
                .collect(),
            funds: funds.map(|one| (one.fund.to_string(), one.name)).collect(),
            coops: Self::coops(ledger, call)?,
            campaigns: campaigns
                .map(|one| (one.campaign.to_string(), one.title))
                .collect(),
        })
    }

    /// The co-ops alone, for whoever may not look into the books.
    pub fn coops(ledger: &Ledger, call: &Call) -> ledger::Result<Vec<(String, String)>> {
        let page = PageRequest {
            cursor: None,
            limit: Some(PAGE_MAX),
        };
        let coops = ledger.list_cooperatives(call, &page)?.items.into_iter();
        Ok(coops
            .map(|one| {
                let code = one.coop.to_string();
                let label = format!("{code} {}", one.name);
                (code, label)
            })
            .collect())
    }

    /// Every account with its label.
    pub fn all_accounts(&self) -> Vec<(&str, &str)> {
        let accounts = self.accounts.iter();
        accounts
            .map(|(code, label, _)| (code.as_str(), label.as_str()))
            .collect()
    }

    /// The accounts that a person may write entries for.
    pub fn free_accounts(&self) -> Vec<(&str, &str)> {
        let accounts = self
            .accounts
            .iter()
            .filter(|(_, _, is_control)| !is_control);
        accounts
            .map(|(code, label, _)| (code.as_str(), label.as_str()))
            .collect()
    }
}

/// The refusal of what an address says, where a page shows it beside its field; a page of its own for
/// whoever may not look at all.
pub fn shown_beside<T>(
    outcome: Result<T, Problem>,
    fields: Fields,
) -> Result<(Fields, Option<T>), Problem> {
    match outcome {
        Ok(value) => Ok((fields, Some(value))),
        Err(problem) if problem.status.as_u16() == 403 || problem.status.as_u16() == 401 => {
            Err(problem)
        }
        Err(problem) => Ok((fields.refused(problem), None)),
    }
}

//! What is held: counted, filtered, a page at a time.

use std::collections::BTreeMap;

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{CollectionMonth, HoldReason};
use front::Problem;
use ledger::review::{HeldTogether, Hold, HoldsCounted};
use ledger::{Cursor, PageRequest};

use super::{asked, told};
use crate::page::{Fields, Page, csv_file};

/// Rows on a page.
const ROWS: u32 = 100;

#[derive(Template)]
#[template(path = "review/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    coops: Vec<(String, String)>,
    months: Vec<(String, String)>,
    reasons: Vec<(String, String)>,
    holds: Vec<Hold>,
    /// How many fit, and how many there are.
    fitting: i64,
    all: i64,
    by_reason: Vec<(HoldReason, i64)>,
    together: Vec<HeldTogether>,
    next_page: Option<String>,
    is_first: bool,
    start: String,
    csv: String,
}

impl Index<'_> {
    fn only(&self, reason: &HoldReason) -> String {
        asked::address(
            "/review",
            &Fields::default(),
            &[("only", reason.to_string())],
        )
    }

    fn case(&self, id: &i64) -> String {
        asked::address(&format!("/review/{id}"), self.fields, &[])
    }

    fn import(&self, group: &HeldTogether) -> String {
        match &group.import_name {
            Some(name) => name.clone(),
            None => self.page.t1("review-import", "import", group.import_id),
        }
    }
}

#[get("/review")]
pub(super) async fn index(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of(query.into_inner());
    let filter = asked::filter(&fields)?;
    let request = PageRequest {
        cursor: fields.optional("cursor").map(Cursor::from),
        limit: Some(ROWS),
    };
    let call = page.call();
    let wanted = filter.clone();
    let (counted, holds) = page
        .run(move |ledger| {
            let counted = ledger.count_holds(&call)?;
            Ok((counted, ledger.list_holds(&call, &wanted, &request)?))
        })
        .await?;
    let fitting = counted.counts.iter().filter(|one| {
        filter.coop.as_ref().is_none_or(|coop| *coop == one.coop)
            && filter.month.is_none_or(|month| one.month == Some(month))
            && filter.reason.is_none_or(|reason| one.reason == reason)
    });
    let fitting = match filter.import_id {
        Some(_) => i64::try_from(holds.items.len()).unwrap_or_default(),
        None => fitting.map(|one| one.holds).sum(),
    };
    let next_page = holds
        .next_cursor
        .map(|cursor| asked::address("/review", &fields, &[("cursor", cursor.to_string())]));
    let coops = asked::coops(&page).await?;
    page.show(&Index {
        page: &page,
        coops,
        months: months(&page, &counted),
        reasons: reasons(&page),
        holds: holds.items,
        fitting,
        all: counted.counts.iter().map(|one| one.holds).sum(),
        by_reason: by_reason(&counted),
        together: counted.together,
        next_page,
        is_first: fields.optional("cursor").is_none(),
        start: asked::address("/review/next", &fields, &[]),
        csv: asked::address("/review.csv", &fields, &[]),
        fields: &fields,
    })
}

/// Every held application that fits, whatever page was looked at.
#[get("/review.csv")]
pub(super) async fn download(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let filter = asked::filter(&Fields::of(query.into_inner()))?;
    let call = page.call();
    let file = page
        .run(move |ledger| ledger.download_holds(&call, &filter))
        .await?;
    Ok(csv_file("holds", file))
}

/// Leads to the first held application that fits; to the list where there is none.
#[get("/review/next")]
pub(super) async fn first(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of(query.into_inner());
    let filter = asked::filter(&fields)?;
    let call = page.call();
    let first = page
        .run(move |ledger| ledger.next_hold(&call, &filter, 0))
        .await?;
    let to = match first {
        Some(id) => asked::address(&format!("/review/{id}"), &fields, &[]),
        None => asked::address("/review", &fields, &[]),
    };
    Ok(page.go(&to))
}

fn by_reason(counted: &HoldsCounted) -> Vec<(HoldReason, i64)> {
    let mut sums: BTreeMap<HoldReason, i64> = BTreeMap::new();
    for one in &counted.counts {
        *sums.entry(one.reason).or_default() += one.holds;
    }
    sums.into_iter().collect()
}

fn months(page: &Page, counted: &HoldsCounted) -> Vec<(String, String)> {
    let mut months: Vec<CollectionMonth> =
        counted.counts.iter().filter_map(|one| one.month).collect();
    months.sort_unstable();
    months.dedup();
    let months = months.into_iter();
    months
        .map(|month| (month.to_string(), page.month(month)))
        .collect()
}

fn reasons(page: &Page) -> Vec<(String, String)> {
    let all = HoldReason::ALL.into_iter();
    all.map(|reason| (reason.to_string(), told::reason(page, &reason)))
        .collect()
}

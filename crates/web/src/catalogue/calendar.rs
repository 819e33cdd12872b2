//! The calendar of ordering weeks.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{Datelike, NaiveDate, Weekday};
use domain::CollectionMonth;
use front::Problem;
use ledger::Operation;
use ledger::reference::{CycleCalendar, TypedCycle};
use serde::Deserialize;

use super::shown::cycle_address;
use crate::page::{Fields, Page};

/// Days of a week.
const WEEK_DAYS: usize = 7;

#[derive(Template)]
#[template(path = "catalogue/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    month: CollectionMonth,
    before: Option<CollectionMonth>,
    after: Option<CollectionMonth>,
    weeks: Vec<Vec<Day>>,
    cycles: Vec<Line>,
}

/// A day of the calendar.
struct Day {
    date: NaiveDate,
    is_today: bool,
    is_of_month: bool,
    marks: Vec<Mark>,
}

/// What a cycle is on a day.
struct Mark {
    label: String,
    address: String,
    is_proposed: bool,
    /// Whether the label shows: on its first day, and where a week begins.
    is_labelled: bool,
    /// The message that says what the day is to it.
    message: &'static str,
}

/// A cycle, saved or proposed.
struct Line {
    label: String,
    address: String,
    is_proposed: bool,
    opens_on: NaiveDate,
    closes_on: NaiveDate,
    web_closes_on: Option<NaiveDate>,
    collection_month: CollectionMonth,
    offerings: i64,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
}

#[get("/catalogue")]
pub(super) async fn show_calendar(
    page: Page,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of([("month", asked.month.as_str())]);
    let month: Option<CollectionMonth> = fields.read_if_given("month").unwrap_or_default();
    let call = page.call();
    let (calendar, today) = page
        .run(move |ledger| Ok((ledger.show_calendar(&call, month)?, ledger.today())))
        .await?;
    let cycles = lines(&calendar);
    let fields = Fields::of([("month", calendar.month.to_string())]);
    page.show(&Index {
        page: &page,
        fields: &fields,
        month: calendar.month,
        before: calendar.month.prev(),
        after: calendar.month.next(),
        weeks: weeks(&calendar, &cycles, today),
        cycles,
    })
}

fn lines(calendar: &CycleCalendar) -> Vec<Line> {
    let saved = calendar.cycles.iter().map(|one| Line {
        label: one.cycle.cycle.clone(),
        address: cycle_address(&one.cycle.cycle),
        is_proposed: false,
        opens_on: one.cycle.opens_on,
        closes_on: one.cycle.closes_on,
        web_closes_on: one.cycle.web_closes_on,
        collection_month: one.cycle.collection_month,
        offerings: one.offerings,
    });
    let proposed = calendar.proposed.iter().filter_map(proposed);
    let mut lines: Vec<Line> = saved.chain(proposed).collect();
    lines.sort_by_key(|one| one.opens_on);
    lines
}

fn proposed(one: &TypedCycle) -> Option<Line> {
    Some(Line {
        label: one.cycle.clone(),
        address: format!("/catalogue/cycles/new?from={}&weeks=1", one.opens_on),
        is_proposed: true,
        opens_on: one.opens_on.parse().ok()?,
        closes_on: one.closes_on.parse().ok()?,
        web_closes_on: one.web_closes_on.parse().ok(),
        collection_month: one.collection_month.parse().ok()?,
        offerings: 0,
    })
}

fn weeks(calendar: &CycleCalendar, cycles: &[Line], today: NaiveDate) -> Vec<Vec<Day>> {
    let days: Vec<NaiveDate> = calendar
        .from
        .iter_days()
        .take_while(|date| *date <= calendar.to)
        .collect();
    let weeks = days.chunks(WEEK_DAYS);
    let day = |date: &NaiveDate| Day {
        date: *date,
        is_today: *date == today,
        is_of_month: CollectionMonth::from_date(*date) == Ok(calendar.month),
        marks: cycles.iter().filter_map(|one| mark(one, *date)).collect(),
    };
    weeks.map(|week| week.iter().map(day).collect()).collect()
}

fn mark(one: &Line, date: NaiveDate) -> Option<Mark> {
    let last_day = one
        .web_closes_on
        .map_or(one.closes_on, |web| web.max(one.closes_on));
    if date < one.opens_on || last_day < date {
        return None;
    }
    let message = if date == one.closes_on {
        "catalogue-day-closes"
    } else if date == last_day {
        "catalogue-day-web-closes"
    } else if date > one.closes_on {
        "catalogue-day-web"
    } else if one.is_proposed {
        "catalogue-proposed"
    } else {
        "catalogue-day-open"
    };
    Some(Mark {
        label: one.label.clone(),
        address: one.address.clone(),
        is_proposed: one.is_proposed,
        is_labelled: date == one.opens_on || date.weekday() == Weekday::Mon,
        message,
    })
}

//! `show_calendar`: the ordering weeks of a month, those saved and those proposed.

use std::collections::HashMap;

use chrono::{Datelike, Days, NaiveDate};
use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use store::tables::{cycles, offerings};

use super::super::lists::{CycleView, cycle_view};
use super::TypedCycle;
use super::propose_cycles::proposed;
use crate::{Call, Ledger, Operation, Result};

/// The most weeks that a month has a day in.
const WEEKS_MAX: usize = 6;
/// From Monday to Sunday.
const SUNDAY_DAYS: u64 = 6;

/// A month of the calendar, in whole weeks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleCalendar {
    /// The month.
    pub month: CollectionMonth,
    /// The Monday of its first week.
    pub from: NaiveDate,
    /// The Sunday of its last week.
    pub to: NaiveDate,
    /// The cycles that are open on one of these days, the earliest first.
    pub cycles: Vec<CalendarCycle>,
    /// What is proposed for the weeks to come, among these, that have none.
    pub proposed: Vec<TypedCycle>,
}

/// A cycle of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarCycle {
    /// What it says.
    #[serde(flatten)]
    pub cycle: CycleView,
    /// How many order numbers it has.
    pub offerings: i64,
}

impl Ledger {
    /// The cycles that are open in a month, this one where none is given, and proposals for its weeks to
    /// come that have none.
    pub fn show_calendar(
        &self,
        call: &Call,
        month: Option<CollectionMonth>,
    ) -> Result<CycleCalendar> {
        let today = self.today();
        let this_month = CollectionMonth::from_date(today).unwrap_or(CollectionMonth::MIN);
        let month = month.unwrap_or(this_month);
        let (from, to) = whole_weeks(month);
        self.read(call, Operation::ShowCalendar, |connection| {
            let found = cycles::open_between(connection, from, to)?;
            let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
            let counts: HashMap<i64, i64> = offerings::count_by_cycle(connection, &ids)?
                .into_iter()
                .collect();
            let cycles = found.into_iter().map(|one| {
                Ok(CalendarCycle {
                    offerings: counts.get(&one.id).copied().unwrap_or_default(),
                    cycle: cycle_view(one)?,
                })
            });
            let proposed = proposed(connection, from.max(today), WEEKS_MAX)?.into_iter();
            Ok(CycleCalendar {
                month,
                from,
                to,
                cycles: cycles.collect::<Result<_>>()?,
                proposed: proposed
                    .filter(|one| one.opens_on <= to)
                    .map(TypedCycle::from)
                    .collect(),
            })
        })
    }
}

/// From the Monday on or before the first day of a month to the Sunday on or after its last.
fn whole_weeks(month: CollectionMonth) -> (NaiveDate, NaiveDate) {
    let monday = |day: NaiveDate| {
        let since = u64::from(day.weekday().num_days_from_monday());
        day.checked_sub_days(Days::new(since)).unwrap_or(day)
    };
    let last = monday(month.last_day());
    let to = last.checked_add_days(Days::new(SUNDAY_DAYS));
    (monday(month.first_day()), to.unwrap_or(last))
}

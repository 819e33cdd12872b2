//! The label that a new cycle is proposed (企画回).

use chrono::{Datelike, Days, NaiveDate};

/// From the Monday of the ordering week to the Thursday of the delivery week, one week later.
const DELIVERY_THURSDAY_DAYS: u64 = 10;

/// Proposes the label of the cycle that opens on a day: `2025年7月4回` for 14 July 2025.
///
/// The number is that of the delivery week in its month, one week after ordering: the Thursdays
/// are counted. It is a default for whoever enters a cycle, and data from then on; nothing else
/// ever reckons with it.
pub fn propose_label(opens_on: NaiveDate) -> String {
    let thursday = delivery_thursday(opens_on);
    let number = thursday.day0() / 7 + 1;
    format!("{}年{}月{number}回", thursday.year(), thursday.month())
}

/// The Thursday of the delivery week of the cycle that opens on a day.
pub(crate) fn delivery_thursday(opens_on: NaiveDate) -> NaiveDate {
    let since_monday = u64::from(opens_on.weekday().num_days_from_monday());
    opens_on
        .checked_sub_days(Days::new(since_monday))
        .and_then(|monday| monday.checked_add_days(Days::new(DELIVERY_THURSDAY_DAYS)))
        .unwrap_or(opens_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::day;

    #[test]
    fn the_newsletters_cycles_get_the_labels_they_had() {
        assert_eq!(propose_label(day(2025, 7, 14)), "2025年7月4回");
        assert_eq!(propose_label(day(2025, 11, 10)), "2025年11月3回");
    }

    #[test]
    fn a_week_delivered_in_the_next_month_or_year_is_named_for_that() {
        assert_eq!(propose_label(day(2025, 7, 28)), "2025年8月1回");
        assert_eq!(propose_label(day(2025, 12, 22)), "2026年1月1回");
    }

    #[test]
    fn a_holiday_on_monday_changes_nothing() {
        for opens_on in [day(2025, 11, 10), day(2025, 11, 11), day(2025, 11, 14)] {
            assert_eq!(propose_label(opens_on), "2025年11月3回");
        }
    }
}

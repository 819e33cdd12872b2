//! The cycles that are proposed for the weeks to come (企画回).

use chrono::{Days, NaiveDate};

use crate::catalogue::Window;
use crate::cycle_label::{delivery_thursday, propose_label};
use crate::date::IsoWeek;
use crate::month::CollectionMonth;

/// From Monday to Wednesday, the middle of the days of ordering.
const WEDNESDAY_DAYS: u64 = 2;
/// From Monday to Friday, the last day for paper.
const FRIDAY_DAYS: u64 = 4;
/// From Monday to Saturday: web orders close a day later.
const SATURDAY_DAYS: u64 = 5;
/// From one week to the next.
const WEEK_DAYS: u64 = 7;

/// A cycle as it is proposed: a default for whoever enters it, and data from then on. Nothing else ever
/// reckons with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedCycle {
    /// Its label, from the week of delivery: `2025年7月4回`.
    pub label: String,
    /// The week that it opens in.
    pub iso_week: IsoWeek,
    /// The first day: a Monday.
    pub opens_on: NaiveDate,
    /// The last day for paper: a Friday.
    pub closes_on: NaiveDate,
    /// The last day for web orders: the day after.
    pub web_closes_on: NaiveDate,
    /// The month it is collected in: the one after that of its label.
    pub collection_month: CollectionMonth,
}

impl ProposedCycle {
    /// The cycle that is proposed for a week. None at the end of 2099, where its days or its month are
    /// no more.
    pub fn of_week(iso_week: IsoWeek) -> Option<Self> {
        let opens_on = iso_week.monday();
        let delivered_in = CollectionMonth::from_date(delivery_thursday(opens_on)).ok()?;
        Some(Self {
            label: propose_label(opens_on),
            iso_week,
            opens_on,
            closes_on: opens_on.checked_add_days(Days::new(FRIDAY_DAYS))?,
            web_closes_on: opens_on.checked_add_days(Days::new(SATURDAY_DAYS))?,
            collection_month: delivered_in.next()?,
        })
    }
}

/// Proposes cycles for the first `count` weeks, from that of a day on, that have none yet: none opens
/// in such a week, and none is open in the middle of it (a merged holiday week). On a Sunday that week
/// is over.
///
/// From the convention of the delivery week: a week is ordered in from Monday to Friday, on the web to
/// Saturday; its number is that of the delivery week, one week later; it is collected in the month after.
pub fn propose_cycles(from: NaiveDate, taken: &[Window], count: usize) -> Vec<ProposedCycle> {
    weeks_from(from)
        .filter(|week| !taken.iter().any(|window| takes(window, *week)))
        .map_while(ProposedCycle::of_week)
        .skip_while(|one| one.web_closes_on < from)
        .take(count)
        .collect()
}

/// The weeks from that of a day on, to the last there is.
fn weeks_from(from: NaiveDate) -> impl Iterator<Item = IsoWeek> {
    let first = IsoWeek::from_date(from).ok();
    std::iter::successors(first, |week| {
        let monday = week.monday().checked_add_days(Days::new(WEEK_DAYS))?;
        IsoWeek::from_date(monday).ok()
    })
}

fn takes(window: &Window, week: IsoWeek) -> bool {
    let wednesday = week.monday() + Days::new(WEDNESDAY_DAYS);
    week.contains(window.opens_on)
        || (window.opens_on <= wednesday && wednesday <= window.closes_on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::{day, month};

    fn window(opens_on: NaiveDate, closes_on: NaiveDate) -> Window {
        Window {
            opens_on,
            closes_on,
            web_closes_on: None,
        }
    }

    #[test]
    fn the_newsletters_cycles_are_proposed_as_they_were() {
        let july = &propose_cycles(day(2025, 7, 16), &[], 1)[0];
        assert_eq!(july.label, "2025年7月4回");
        assert_eq!(july.iso_week.to_string(), "2025-W29");
        assert_eq!(
            (july.opens_on, july.closes_on),
            (day(2025, 7, 14), day(2025, 7, 18))
        );
        assert_eq!(july.collection_month, month("2025-08"));

        let november = &propose_cycles(day(2025, 11, 10), &[], 1)[0];
        assert_eq!(november.label, "2025年11月3回");
        assert_eq!(november.iso_week.to_string(), "2025-W46");
        assert_eq!(
            (
                november.opens_on,
                november.closes_on,
                november.web_closes_on
            ),
            (day(2025, 11, 10), day(2025, 11, 14), day(2025, 11, 15))
        );
        assert_eq!(november.collection_month, month("2025-12"));
    }

    #[test]
    fn a_week_that_has_its_cycle_is_passed_over() {
        let taken = [window(day(2025, 7, 21), day(2025, 7, 25))];
        let labels: Vec<_> = propose_cycles(day(2025, 7, 14), &taken, 3)
            .into_iter()
            .map(|one| one.label)
            .collect();
        assert_eq!(labels, ["2025年7月4回", "2025年8月1回", "2025年8月2回"]);
    }

    #[test]
    fn a_merged_holiday_week_needs_no_cycle_of_its_own() {
        let taken = [window(day(2025, 12, 22), day(2026, 1, 2))];
        let next = &propose_cycles(day(2025, 12, 22), &taken, 1)[0];
        assert_eq!(next.opens_on, day(2026, 1, 5));
    }

    #[test]
    fn the_end_of_the_calendar_is_the_end_of_the_proposals() {
        assert!(propose_cycles(day(2099, 12, 1), &[], 20).len() < 5);
    }

    proptest! {
        /// Whatever the day and whatever is there already.
        #[test]
        fn each_proposal_is_a_week_that_had_none(
            days in 0_u64..36_000,
            taken in prop::collection::vec((0_u64..30, 0_u64..12), 0..8),
            count in 0_usize..9,
        ) {
            let from = day(2000, 1, 3) + Days::new(days);
            let taken: Vec<Window> = taken
                .into_iter()
                .map(|(start, length)| {
                    let opens_on = from + Days::new(start);
                    window(opens_on, opens_on + Days::new(length))
                })
                .collect();
            let proposed = propose_cycles(from, &taken, count);
            prop_assert_eq!(proposed.len(), count);
            let mut labels = std::collections::BTreeSet::new();
            for one in &proposed {
                prop_assert!(one.iso_week.contains(one.opens_on));
                prop_assert_eq!(one.opens_on, one.iso_week.monday());
                prop_assert_eq!((one.closes_on - one.opens_on).num_days(), 4);
                prop_assert_eq!((one.web_closes_on - one.closes_on).num_days(), 1);
                prop_assert!(one.web_closes_on >= from);
                for other in &taken {
                    prop_assert!(!one.iso_week.contains(other.opens_on));
                }
                let label_month = one.collection_month.prev().unwrap();
                prop_assert!(one.label.starts_with(&label_month.label_ja()));
                prop_assert!(labels.insert(one.label.clone()), "{} twice", one.label);
            }
            for pair in proposed.windows(2) {
                prop_assert!(pair[0].iso_week < pair[1].iso_week);
            }
            // What was saved as proposed is not proposed again.
            let saved: Vec<Window> = proposed
                .iter()
                .map(|one| window(one.opens_on, one.closes_on))
                .chain(taken)
                .collect();
            for again in propose_cycles(from, &saved, count) {
                prop_assert!(!proposed.contains(&again));
            }
        }

        /// The number of a week in its month counts the Thursdays: 1, 2, … without a gap.
        #[test]
        fn the_numbers_of_a_month_have_no_gap(days in 0_u64..36_000) {
            let from = day(2000, 1, 3) + Days::new(days);
            let weeks = propose_cycles(from, &[], 2);
            let number = |one: &ProposedCycle| {
                let (_, number) = one.label.split_once('月').unwrap();
                number.trim_end_matches('回').parse::<u32>().unwrap()
            };
            let is_new_month = weeks[0].collection_month != weeks[1].collection_month;
            let expected = if is_new_month { 1 } else { number(&weeks[0]) + 1 };
            prop_assert_eq!(number(&weeks[1]), expected);
            prop_assert!((1..=5).contains(&number(&weeks[0])));
        }
    }
}

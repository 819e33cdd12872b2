//! What holds for every change of every pledge (R8).

use proptest::prelude::*;

use crate::month::CollectionMonth;
use crate::sample::month;
use crate::timeline::tests::any_terms;
use crate::timeline::{NewTerm, Timeline};
use crate::units::{TermUnits, Units};
use crate::yen::Yen;

const PRICE: Yen = Yen::new(300);

fn units(units: i64) -> Units {
    Units::new(units).unwrap()
}

fn term_units(units: i64) -> TermUnits {
    TermUnits::new(units).unwrap()
}

fn units_by_month(timeline: &Timeline) -> Vec<i64> {
    (0..40)
        .map(|months| month("2025-06").plus_months(months).unwrap())
        .map(|month| timeline.in_month(month).map_or(0, |term| term.units.get()))
        .collect()
}

/// A change somebody may ask for: so many units, or months of pause.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Add(i64),
    Replace(i64),
    Change(i64),
    Pause(i32),
    End,
}

fn any_change() -> impl Strategy<Value = (i32, Asked)> {
    let change = prop_oneof![
        (1..9_i64).prop_map(Asked::Add),
        (1..9_i64).prop_map(Asked::Replace),
        (1..9_i64).prop_map(Asked::Change),
        (1..9_i32).prop_map(Asked::Pause),
        Just(Asked::End),
    ];
    (0..36, change)
}

fn make(timeline: &Timeline, from: CollectionMonth, change: Asked) -> Option<Vec<NewTerm>> {
    let price = timeline
        .running_in_or_after(from)
        .map_or(PRICE, |term| term.unit_price);
    match change {
        Asked::Add(n) => timeline.add(from, units(n), price),
        Asked::Replace(n) => timeline.replace(from, term_units(n), price),
        Asked::Change(n) => timeline.change(from, term_units(n)),
        Asked::Pause(months) => timeline.pause(from, from.plus_months(months).unwrap()),
        Asked::End => timeline.end(from),
    }
    .ok()
}

proptest! {
    #[test]
    fn no_change_touches_a_month_before_it_and_each_does_what_it_says(
        terms in any_terms(), (months, change) in any_change(),
    ) {
        let before = Timeline::from_terms(terms);
        let from = month("2025-06").plus_months(months).unwrap();
        if let Some(new_terms) = make(&before, from, change) {
            prop_assert_eq!(new_terms.first().map(|term| term.from_month), Some(from));
            prop_assert!(new_terms.is_sorted_by(|a, b| a.from_month < b.from_month));
            let after = before.with_revision(&new_terms);
            let started = before.in_month(from).is_some();
            let both = units_by_month(&before).into_iter().zip(units_by_month(&after));
            for (place, (old, new)) in both.enumerate() {
                let since = i32::try_from(place).unwrap() - months;
                let expected = match change {
                    _ if since < 0 => old,
                    Asked::Add(n) if old > 0 => old + n,
                    Asked::Add(n) if !started && since == 0 => n,
                    Asked::Add(_) if started => 0,
                    Asked::Replace(n) => n,
                    Asked::Change(n) if old > 0 || since == 0 => n,
                    Asked::Pause(length) if since < length => 0,
                    Asked::Pause(_) if old > 0 => old,
                    Asked::End => 0,
                    Asked::Add(_) | Asked::Change(_) | Asked::Pause(_) => continue,
                };
                prop_assert_eq!(new, expected, "{:?} {} months on", change, since);
            }
        }
    }

    #[test]
    fn what_is_done_and_undone_leaves_the_plan_as_it_was(
        terms in any_terms(), (months, change) in any_change(),
    ) {
        let before = Timeline::from_terms(terms);
        let from = month("2025-06").plus_months(months).unwrap();
        if let Some(new_terms) = make(&before, from, change) {
            let done = before.with_revision(&new_terms);
            let undone = done.with_revision(&done.undo(done.newest_revision().unwrap()).unwrap());
            prop_assert_eq!(units_by_month(&undone), units_by_month(&before));
        }
    }
}

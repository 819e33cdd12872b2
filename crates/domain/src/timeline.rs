//! The timeline of a pledge: which units at which price in which month (R8).
//!
//! A pledge's history is append-only. Each change is a *revision*: a few terms that restate the
//! plan from their first month on. So **the term in force in a month M is, among the terms with
//! `from_month` ≤ M, the one with the greatest (`revision`, `from_month`)**. The database asks
//! the same question in SQL; the rule is this sentence.
//!
//! How each change makes the next revision is in the module beside this one, `revise`.

use crate::month::CollectionMonth;
use crate::units::TermUnits;
use crate::yen::Yen;

/// From a month on, so many units at a unit price, as a revision of the pledge put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// The revision that put it, counting from 1.
    pub revision: i64,
    /// The first month it holds.
    pub from_month: CollectionMonth,
    /// The units of each month; 0 is a pause or an end.
    pub units: TermUnits,
    /// The price of one unit; kept while there are none.
    pub unit_price: Yen,
}

/// A term that the next revision will put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NewTerm {
    /// The first month it holds.
    pub from_month: CollectionMonth,
    /// The units of each month; 0 is a pause or an end.
    pub units: TermUnits,
    /// The price of one unit; kept while there are none.
    pub unit_price: Yen,
}

impl Term {
    /// Whether the pledge is charged under it.
    pub fn is_running(&self) -> bool {
        !self.units.is_zero()
    }

    pub(crate) fn restated(&self) -> NewTerm {
        NewTerm {
            from_month: self.from_month,
            units: self.units,
            unit_price: self.unit_price,
        }
    }
}

/// Every term a pledge has ever had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// In the order of (revision, month).
    terms: Vec<Term>,
}

impl Timeline {
    /// The timeline of these terms, in any order.
    pub fn from_terms(mut terms: Vec<Term>) -> Self {
        terms.sort_by_key(|term| (term.revision, term.from_month));
        Timeline { terms }
    }

    /// The timeline with one more revision of these terms.
    #[must_use]
    pub fn with_revision(&self, new_terms: &[NewTerm]) -> Self {
        let revision = self.next_revision();
        let added = new_terms.iter().map(|new| Term {
            revision,
            from_month: new.from_month,
            units: new.units,
            unit_price: new.unit_price,
        });
        Timeline::from_terms(self.terms.iter().copied().chain(added).collect())
    }

    /// Every term ever put, in the order of (revision, month).
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The newest revision; none before the first.
    pub fn newest_revision(&self) -> Option<i64> {
        self.terms.last().map(|term| term.revision)
    }

    /// The number that the next revision gets.
    pub fn next_revision(&self) -> i64 {
        self.newest_revision().unwrap_or(0).saturating_add(1)
    }

    /// The term in force in a month: among those that start in or before it, the one with the
    /// greatest (revision, month). None before the pledge's first month.
    pub fn in_month(&self, month: CollectionMonth) -> Option<&Term> {
        self.terms
            .iter()
            .rev()
            .find(|term| term.from_month <= month)
    }

    /// The plan as it now stands: the terms in force, in the order of months, neighbours that say
    /// the same put together.
    pub fn effective(&self) -> Vec<Term> {
        let mut months: Vec<_> = self.terms.iter().map(|term| term.from_month).collect();
        months.sort_unstable();
        months.dedup();
        let mut plan: Vec<Term> = Vec::with_capacity(months.len());
        for month in months {
            let Some(&term) = self.in_month(month) else {
                continue;
            };
            let says_the_same = plan.last().is_some_and(|last| {
                last.units == term.units
                    && (last.unit_price == term.unit_price || term.units.is_zero())
            });
            if !says_the_same {
                plan.push(Term {
                    from_month: month,
                    ..term
                });
            }
        }
        plan
    }

    /// Whether the pledge has units above 0 in a month or any later one, so that who applies
    /// again is a supporter already, paused or not (R4).
    pub fn is_open_in_or_after(&self, month: CollectionMonth) -> bool {
        self.running_in_or_after(month).is_some()
    }

    /// The term that runs in a month or, when none does, the next that will.
    pub fn running_in_or_after(&self, month: CollectionMonth) -> Option<Term> {
        let now = self
            .in_month(month)
            .filter(|term| term.is_running())
            .copied();
        now.or_else(|| self.planned_after(month).into_iter().find(Term::is_running))
    }

    /// The terms of the plan that start after a month.
    pub fn planned_after(&self, month: CollectionMonth) -> Vec<Term> {
        let mut plan = self.effective();
        plan.retain(|term| term.from_month > month);
        plan
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::month;

    /// A term such as `(1, "2025-08", 3)`: revision, month, units at 300 yen.
    pub(crate) fn term((revision, from, units): (i64, &str, i64)) -> Term {
        Term {
            revision,
            from_month: month(from),
            units: TermUnits::new(units).unwrap(),
            unit_price: Yen::new(300),
        }
    }

    pub(crate) fn timeline<const N: usize>(terms: [(i64, &str, i64); N]) -> Timeline {
        Timeline::from_terms(terms.map(term).to_vec())
    }

    pub(crate) fn plan(timeline: &Timeline) -> Vec<(String, i64)> {
        let shown = |term: Term| (term.from_month.to_string(), term.units.get());
        timeline.effective().into_iter().map(shown).collect()
    }

    pub(crate) fn shown<const N: usize>(terms: [(&str, i64); N]) -> Vec<(String, i64)> {
        terms.map(|(from, units)| (from.to_owned(), units)).to_vec()
    }

    #[test]
    fn r8_the_units_of_a_month_are_those_of_the_latest_term_starting_in_or_before_it() {
        let timeline = timeline([(1, "2025-08", 3), (1, "2026-01", 0), (1, "2026-04", 3)]);
        for (in_month, units) in [
            ("2025-07", None),
            ("2025-08", Some(3)),
            ("2025-12", Some(3)),
            ("2026-01", Some(0)),
            ("2026-03", Some(0)),
            ("2026-04", Some(3)),
            ("2099-12", Some(3)),
        ] {
            let found = timeline
                .in_month(month(in_month))
                .map(|term| term.units.get());
            assert_eq!(found, units, "{in_month}");
        }
    }

    #[test]
    fn r8_a_later_revision_restates_everything_from_its_first_month_on() {
        let timeline = timeline([
            (1, "2025-08", 3),
            (2, "2026-01", 0),
            (2, "2026-04", 3),
            (3, "2025-12", 5),
        ]);
        assert_eq!(plan(&timeline), shown([("2025-08", 3), ("2025-12", 5)]));
        assert_eq!(timeline.newest_revision(), Some(3));
        assert_eq!(timeline.next_revision(), 4);
    }

    #[test]
    fn r4_a_paused_supporter_is_a_supporter_and_an_ended_one_is_not() {
        let paused = timeline([(1, "2025-08", 3), (2, "2025-12", 0), (2, "2026-03", 3)]);
        assert!(paused.is_open_in_or_after(month("2025-12")));
        let ended = timeline([(1, "2025-08", 3), (2, "2025-12", 0)]);
        assert!(ended.is_open_in_or_after(month("2025-11")));
        assert!(!ended.is_open_in_or_after(month("2025-12")));
        let planned = timeline([(1, "2025-12", 3)]);
        assert!(planned.is_open_in_or_after(month("2025-08")));
        assert!(!Timeline::default().is_open_in_or_after(month("2025-08")));
    }

    pub(crate) fn any_terms() -> impl Strategy<Value = Vec<Term>> {
        let term =
            (1..6_i64, 0..24, 0..6_i64, 1..3_i64).prop_map(|(revision, months, units, price)| {
                Term {
                    revision,
                    from_month: month("2025-08").plus_months(months).unwrap(),
                    units: TermUnits::new(units).unwrap(),
                    unit_price: Yen::new(price * 100),
                }
            });
        prop::collection::vec(term, 0..12).prop_map(|mut terms| {
            terms.sort_by_key(|term| (term.revision, term.from_month));
            terms.dedup_by_key(|term| (term.revision, term.from_month));
            terms
        })
    }

    proptest! {
        #[test]
        fn the_plan_says_the_same_as_the_history_in_every_month(terms in any_terms()) {
            let timeline = Timeline::from_terms(terms.clone());
            let plan = Timeline::from_terms(
                timeline.effective().into_iter().map(|term| Term { revision: 1, ..term }).collect(),
            );
            for months in 0..36 {
                let month = month("2025-06").plus_months(months).unwrap();
                let by_the_sentence = terms
                    .iter()
                    .filter(|term| term.from_month <= month)
                    .max_by_key(|term| (term.revision, term.from_month));
                prop_assert_eq!(timeline.in_month(month), by_the_sentence);
                let units = |timeline: &Timeline| timeline.in_month(month).map(|term| term.units);
                prop_assert_eq!(units(&timeline), units(&plan));
                let is_open = (months..120).any(|later| {
                    let later = self::month("2025-06").plus_months(later).unwrap();
                    timeline.in_month(later).is_some_and(Term::is_running)
                });
                prop_assert_eq!(timeline.is_open_in_or_after(month), is_open);
            }
        }
    }
}

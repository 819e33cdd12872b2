//! The changes of a pledge: each makes the terms of the next revision (R4, R5, R8).
//!
//! Every function here restates the plan from its first month on, so that nothing planned is lost
//! by being covered. None of them knows which months are closed: whoever calls passes a month
//! that is still open for the co-op.

use crate::month::CollectionMonth;
use crate::timeline::{NewTerm, Term, Timeline};
use crate::units::{TermUnits, Units, UnitsSumError};
use crate::yen::Yen;

/// Why a pledge cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimelineError {
    /// There already is an open pledge for the fund.
    #[error("{}にはすでにサポーター登録があります。口数を足すか（add）、置き換えるか（replace）を選んでください", .0.label_ja())]
    AlreadyOpen(CollectionMonth),
    /// In that month and later there is nothing to change.
    #[error("{}以降に続いているサポーター登録がありません。月を確かめるか、新しく申し込んでもらってください", .0.label_ja())]
    NotOpen(CollectionMonth),
    /// The pledge starts only later.
    #[error("このサポーター登録は{}から始まります。{}以降の月を書いてください", .0.label_ja(), .0.label_ja())]
    NotStarted(CollectionMonth),
    /// Units of two prices cannot be added up.
    #[error("登録の単価は {}円、申込の単価は {}円 で、口数を足せません。置き換え（replace）を選んでください", running.grouped(), applied.grouped())]
    OtherUnitPrice {
        /// The unit price of the running or next term.
        running: Yen,
        /// The unit price of the application.
        applied: Yen,
    },
    /// More units than a pledge may have.
    #[error(transparent)]
    Units(#[from] UnitsSumError),
    /// A change to no units.
    #[error("口数を 0 にはできません。休止（pause）か終了（end）を使ってください")]
    NoUnits,
    /// A pause that resumes before it begins.
    #[error(
        "再開月 {until} が休止の最初の月 {from} より後ではありません。再開月を確かめてください"
    )]
    ResumeNotLater {
        /// The first month of the pause.
        from: CollectionMonth,
        /// The month of resuming.
        until: CollectionMonth,
    },
    /// Only the newest revision can be undone.
    #[error(
        "第 {revision} 版は最新の変更ではないので取り消せません。取り消せるのは第 {newest} 版だけです"
    )]
    NotNewest {
        /// The revision to undo.
        revision: i64,
        /// The newest one.
        newest: i64,
    },
}

impl Timeline {
    /// Opens the pledge: so many units from a month on. Refused while it is open (R8).
    pub fn open(
        &self,
        from: CollectionMonth,
        units: TermUnits,
        unit_price: Yen,
    ) -> Result<Vec<NewTerm>, TimelineError> {
        if self.is_open_in_or_after(from) {
            return Err(TimelineError::AlreadyOpen(from));
        }
        if units.is_zero() {
            return Err(TimelineError::NoUnits);
        }
        Ok(vec![NewTerm {
            from_month: from,
            units,
            unit_price,
        }])
    }

    /// Adds an application's units from a month on (R4): every later term above 0 rises too, at
    /// its own price; a pause stays a pause. A pledge that starts only later starts in this month
    /// with the added units.
    ///
    /// Refused when nothing is open in or after the month, when the running (or else the next
    /// running) term has another unit price (R8), and past 999 units.
    pub fn add(
        &self,
        from: CollectionMonth,
        units: Units,
        unit_price: Yen,
    ) -> Result<Vec<NewTerm>, TimelineError> {
        let running = self
            .running_in_or_after(from)
            .ok_or(TimelineError::NotOpen(from))?;
        if running.unit_price != unit_price {
            let (running, applied) = (running.unit_price, unit_price);
            return Err(TimelineError::OtherUnitPrice { running, applied });
        }
        let raised = |new: NewTerm| {
            let units = if new.units.is_zero() {
                new.units
            } else {
                new.units.plus(units)?
            };
            Ok(NewTerm { units, ..new })
        };
        match self.in_month(from) {
            Some(_) => self
                .plan_from(from, unit_price)
                .into_iter()
                .map(raised)
                .collect(),
            None => {
                let first = NewTerm {
                    from_month: from,
                    units: units.into(),
                    unit_price,
                };
                let later = self
                    .planned_after(from)
                    .into_iter()
                    .map(|term| raised(term.restated()));
                std::iter::once(Ok(first)).chain(later).collect()
            }
        }
    }

    /// Puts these units in the place of whatever was planned from a month on, at any price; later
    /// planned terms fall away (R4).
    pub fn replace(
        &self,
        from: CollectionMonth,
        units: TermUnits,
        unit_price: Yen,
    ) -> Result<Vec<NewTerm>, TimelineError> {
        if units.is_zero() {
            return Err(TimelineError::NoUnits);
        }
        Ok(vec![NewTerm {
            from_month: from,
            units,
            unit_price,
        }])
    }

    /// Changes to so many units from a month on; later terms above 0 get them too, each at its
    /// own price, and later pauses stay. A pledge paused in that month resumes with it.
    ///
    /// Refused when nothing is open in or after the month, before the pledge's first month, and
    /// for no units.
    pub fn change(
        &self,
        from: CollectionMonth,
        units: TermUnits,
    ) -> Result<Vec<NewTerm>, TimelineError> {
        if units.is_zero() {
            return Err(TimelineError::NoUnits);
        }
        let running = self
            .running_in_or_after(from)
            .ok_or(TimelineError::NotOpen(from))?;
        if self.in_month(from).is_none() {
            return Err(TimelineError::NotStarted(running.from_month));
        }
        let first = NewTerm {
            from_month: from,
            units,
            unit_price: running.unit_price,
        };
        let later = self.planned_after(from).into_iter().map(|term| NewTerm {
            units: if term.is_running() { units } else { term.units },
            ..term.restated()
        });
        Ok(std::iter::once(first).chain(later).collect())
    }

    /// Pauses from a month on and resumes in another, with what was planned for it (or, should it
    /// lie in an earlier pause, with what that one was to resume with). What is planned later
    /// stays.
    ///
    /// Refused when the month of resuming is not after the first one, when nothing is open in or
    /// after either, and before the pledge's first month.
    pub fn pause(
        &self,
        from: CollectionMonth,
        until: CollectionMonth,
    ) -> Result<Vec<NewTerm>, TimelineError> {
        if until <= from {
            return Err(TimelineError::ResumeNotLater { from, until });
        }
        let running = self
            .running_in_or_after(from)
            .ok_or(TimelineError::NotOpen(from))?;
        if self.in_month(from).is_none() {
            return Err(TimelineError::NotStarted(running.from_month));
        }
        let resumed = self
            .running_in_or_after(until)
            .ok_or(TimelineError::NotOpen(until))?;
        let paused = nothing(from, running.unit_price);
        let resumed = NewTerm {
            from_month: until,
            ..resumed.restated()
        };
        let later = self
            .planned_after(until)
            .into_iter()
            .map(|term| term.restated());
        Ok(merged([paused, resumed].into_iter().chain(later)))
    }

    /// Ends the pledge: nothing from a month on. Refused when nothing is open in or after it.
    pub fn end(&self, from: CollectionMonth) -> Result<Vec<NewTerm>, TimelineError> {
        let running = self
            .running_in_or_after(from)
            .ok_or(TimelineError::NotOpen(from))?;
        Ok(vec![nothing(from, running.unit_price)])
    }

    /// Restates the plan as if a revision were not there. Only the newest can be undone; undoing
    /// the first leaves nothing from its first month on.
    pub fn undo(&self, revision: i64) -> Result<Vec<NewTerm>, TimelineError> {
        let newest = self.newest_revision().unwrap_or(0);
        let undone = self.terms().iter().find(|term| term.revision == revision);
        let Some(first) = undone.filter(|_| revision == newest) else {
            return Err(TimelineError::NotNewest { revision, newest });
        };
        let others = self.terms().iter().filter(|term| term.revision != revision);
        let before = Timeline::from_terms(others.copied().collect());
        Ok(before.plan_from(first.from_month, first.unit_price))
    }

    /// The plan from a month on, restated: what is in force in the month (nothing, at a price, when
    /// the pledge starts later), and every later term.
    fn plan_from(&self, from: CollectionMonth, unit_price: Yen) -> Vec<NewTerm> {
        let first = self.in_month(from).map(Term::restated);
        let first = first.map(|term| NewTerm {
            from_month: from,
            ..term
        });
        let later = self
            .planned_after(from)
            .into_iter()
            .map(|term| term.restated());
        std::iter::once(first.unwrap_or(nothing(from, unit_price)))
            .chain(later)
            .collect()
    }
}

fn nothing(from_month: CollectionMonth, unit_price: Yen) -> NewTerm {
    NewTerm {
        from_month,
        units: TermUnits::ZERO,
        unit_price,
    }
}

/// The terms without those that say what the one before them says already.
fn merged(terms: impl Iterator<Item = NewTerm>) -> Vec<NewTerm> {
    let mut kept: Vec<NewTerm> = terms.collect();
    kept.dedup_by(|later, earlier| {
        (later.units, later.unit_price) == (earlier.units, earlier.unit_price)
    });
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::month;
    use crate::timeline::tests::{plan, shown, timeline};

    fn units(units: i64) -> Units {
        Units::new(units).unwrap()
    }

    fn term_units(units: i64) -> TermUnits {
        TermUnits::new(units).unwrap()
    }

    const PRICE: Yen = Yen::new(300);

    /// Three units from August; paused January to March; two units from June.
    fn supporter() -> Timeline {
        timeline([
            (1, "2025-08", 3),
            (2, "2026-01", 0),
            (2, "2026-04", 3),
            (3, "2026-06", 2),
        ])
    }

    /// The plan after a change, which must have been granted.
    fn after(
        timeline: &Timeline,
        change: Result<Vec<NewTerm>, TimelineError>,
    ) -> Vec<(String, i64)> {
        plan(&timeline.with_revision(&change.unwrap()))
    }

    #[test]
    fn r8_a_pledge_opens_once() {
        let new = Timeline::default();
        let opened = new.open(month("2025-08"), term_units(3), PRICE);
        assert_eq!(after(&new, opened), shown([("2025-08", 3)]));
        let again = supporter().open(month("2026-02"), term_units(3), PRICE);
        assert_eq!(again, Err(TimelineError::AlreadyOpen(month("2026-02"))));
        let ended = timeline([(1, "2025-08", 3), (2, "2025-12", 0)]);
        let reopened = ended.open(month("2026-02"), term_units(1), PRICE);
        assert_eq!(
            after(&ended, reopened),
            shown([("2025-08", 3), ("2025-12", 0), ("2026-02", 1)])
        );
    }

    #[test]
    fn r4_added_units_raise_every_later_term_and_a_pause_stays_a_pause() {
        let timeline = supporter();
        let added = timeline.add(month("2025-12"), units(2), PRICE);
        assert_eq!(
            after(&timeline, added),
            shown([
                ("2025-08", 3),
                ("2025-12", 5),
                ("2026-01", 0),
                ("2026-04", 5),
                ("2026-06", 4)
            ])
        );
    }

    #[test]
    fn r4_units_added_during_a_pause_count_from_when_it_resumes() {
        let timeline = supporter();
        let added = timeline.add(month("2026-02"), units(2), PRICE);
        assert_eq!(
            after(&timeline, added),
            shown([
                ("2025-08", 3),
                ("2026-01", 0),
                ("2026-04", 5),
                ("2026-06", 4)
            ])
        );
    }

    #[test]
    fn r4_units_added_before_the_pledge_starts_start_it_earlier() {
        let timeline = timeline([(1, "2025-12", 3)]);
        let added = timeline.add(month("2025-10"), units(2), PRICE);
        assert_eq!(
            after(&timeline, added),
            shown([("2025-10", 2), ("2025-12", 5)])
        );
    }

    #[test]
    fn r8_units_at_another_price_cannot_be_added_but_can_replace() {
        let timeline = supporter();
        for from in ["2025-12", "2026-02"] {
            let refused = timeline
                .add(month(from), units(2), Yen::new(500))
                .unwrap_err();
            let said = refused.to_string();
            assert!(said.contains("300円") && said.contains("500円") && said.contains("replace"));
        }
        let replaced = timeline.replace(month("2025-12"), term_units(2), Yen::new(500));
        assert_eq!(
            after(&timeline, replaced),
            shown([("2025-08", 3), ("2025-12", 2)])
        );
    }

    #[test]
    fn r4_units_that_replace_make_later_plans_fall_away() {
        let timeline = supporter();
        let replaced = timeline.replace(month("2026-02"), term_units(1), PRICE);
        assert_eq!(
            after(&timeline, replaced),
            shown([("2025-08", 3), ("2026-01", 0), ("2026-02", 1)])
        );
        assert_eq!(
            timeline.replace(month("2026-02"), TermUnits::ZERO, PRICE),
            Err(TimelineError::NoUnits)
        );
    }

    #[test]
    fn r8_a_change_holds_in_later_terms_and_leaves_pauses() {
        let timeline = supporter();
        let changed = timeline.change(month("2025-11"), term_units(1));
        assert_eq!(
            after(&timeline, changed),
            shown([
                ("2025-08", 3),
                ("2025-11", 1),
                ("2026-01", 0),
                ("2026-04", 1)
            ])
        );
        let resumed = timeline.change(month("2026-02"), term_units(4));
        assert_eq!(
            after(&timeline, resumed),
            shown([("2025-08", 3), ("2026-01", 0), ("2026-02", 4)])
        );
        assert_eq!(
            timeline.change(month("2025-07"), term_units(4)),
            Err(TimelineError::NotStarted(month("2025-08")))
        );
        assert_eq!(
            timeline.change(month("2025-12"), TermUnits::ZERO),
            Err(TimelineError::NoUnits)
        );
    }

    #[test]
    fn r8_a_pause_resumes_with_what_was_planned() {
        let timeline = supporter();
        let pause = |from, until| timeline.pause(month(from), month(until));
        assert_eq!(
            after(&timeline, pause("2026-05", "2026-08")),
            shown([
                ("2025-08", 3),
                ("2026-01", 0),
                ("2026-04", 3),
                ("2026-05", 0),
                ("2026-08", 2)
            ])
        );
        assert_eq!(
            after(&timeline, pause("2025-10", "2025-11")),
            shown([
                ("2025-08", 3),
                ("2025-10", 0),
                ("2025-11", 3),
                ("2026-01", 0),
                ("2026-04", 3),
                ("2026-06", 2)
            ])
        );
    }

    #[test]
    fn r8_a_pause_can_be_made_longer_or_shorter() {
        let timeline = supporter();
        let pause = |from, until| timeline.pause(month(from), month(until));
        assert_eq!(
            after(&timeline, pause("2026-01", "2026-05")),
            shown([
                ("2025-08", 3),
                ("2026-01", 0),
                ("2026-05", 3),
                ("2026-06", 2)
            ])
        );
        assert_eq!(
            after(&timeline, pause("2026-01", "2026-02")),
            shown([
                ("2025-08", 3),
                ("2026-01", 0),
                ("2026-02", 3),
                ("2026-06", 2)
            ])
        );
        assert!(matches!(
            pause("2026-01", "2026-01"),
            Err(TimelineError::ResumeNotLater { .. })
        ));
    }

    #[test]
    fn r8_what_has_ended_can_be_neither_changed_nor_paused_nor_ended_again() {
        let timeline = timeline([(1, "2025-08", 3), (2, "2025-12", 0)]);
        let december = month("2025-12");
        let not_open = TimelineError::NotOpen(december);
        assert_eq!(
            timeline.add(december, units(1), PRICE),
            Err(not_open.clone())
        );
        assert_eq!(
            timeline.change(december, term_units(1)),
            Err(not_open.clone())
        );
        assert_eq!(
            timeline.pause(december, month("2026-02")),
            Err(not_open.clone())
        );
        assert_eq!(
            timeline.pause(month("2025-11"), december),
            Err(not_open.clone())
        );
        assert_eq!(timeline.end(december), Err(not_open));
        let sooner = timeline.end(month("2025-10"));
        assert_eq!(
            after(&timeline, sooner),
            shown([("2025-08", 3), ("2025-10", 0)])
        );
    }

    #[test]
    fn a_pledge_can_be_ended_before_it_begins() {
        let timeline = timeline([(1, "2025-12", 3)]);
        let ended = timeline.end(month("2025-11"));
        assert_eq!(after(&timeline, ended), shown([("2025-11", 0)]));
    }

    #[test]
    fn the_newest_change_can_be_undone_and_only_that() {
        let timeline = supporter();
        let undone = timeline.undo(3);
        assert_eq!(
            after(&timeline, undone),
            shown([("2025-08", 3), ("2026-01", 0), ("2026-04", 3)])
        );
        for revision in [1, 2, 4] {
            let refused = TimelineError::NotNewest {
                revision,
                newest: 3,
            };
            assert_eq!(timeline.undo(revision), Err(refused));
        }
        assert!(Timeline::default().undo(0).is_err());
    }

    #[test]
    fn undoing_the_first_revision_leaves_nothing_from_its_first_month_on() {
        let first = timeline([(1, "2025-08", 3)]);
        assert_eq!(after(&first, first.undo(1)), shown([("2025-08", 0)]));
        let earlier = timeline([(1, "2025-12", 3), (2, "2025-10", 2), (2, "2025-12", 5)]);
        assert_eq!(
            after(&earlier, earlier.undo(2)),
            shown([("2025-10", 0), ("2025-12", 3)])
        );
    }

    #[test]
    fn a_pledge_never_exceeds_999_units() {
        let timeline = timeline([(1, "2025-08", 1), (1, "2026-01", 950)]);
        let refused = timeline.add(month("2025-12"), units(50), PRICE);
        assert_eq!(refused, Err(TimelineError::Units(UnitsSumError(1_000))));
    }
}

//! The bridge from last month's amount to this month's (R12).
//!
//! Every pledge and every gift says which steps it takes; the bridge only adds them up. So the
//! lines a figure opens to and the figure itself come from one function, [`BridgeFact::lines`].

use crate::bridge_step::BridgeStep;
use crate::yen::{Yen, YenOverflow};

/// Why a pledge that was charged last month is not charged this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absence {
    /// No units this month, and some later.
    Paused,
    /// No units this month nor later.
    Ended,
    /// The member has left.
    Withdrawn,
}

/// What one pledge brings to the bridge. No amount of it is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PledgeFacts {
    /// What was charged last month, its deltas included.
    pub last_month: Yen,
    /// What the whole of this month comes to, already billed or not.
    pub this_month: Yen,
    /// What earlier batches of this month have billed.
    pub already_billed: Yen,
    /// Whether it was charged in any earlier month.
    pub was_charged_before: bool,
    /// Why it is not charged this month; looked at only when it was charged last month and comes
    /// to nothing in this one.
    pub absence: Absence,
}

/// What one pledge or gift brings to the bridge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BridgeFact {
    /// A pledge, charged last month or this.
    Pledge(PledgeFacts),
    /// A one-time gift of this month.
    OneTime {
        /// Its amount.
        amount: Yen,
        /// What earlier batches of this month have billed of it: nothing or all.
        already_billed: Yen,
    },
    /// A one-time gift of last month.
    LastOneTime {
        /// Its amount.
        amount: Yen,
    },
    /// A charge that could not be collected and is tried again.
    Carried {
        /// What last month tried again.
        last_month: Yen,
        /// What this month tries again, already billed or not.
        this_month: Yen,
        /// What earlier batches of this month have billed of it: nothing or all.
        already_billed: Yen,
    },
}

/// One line of a step: the signed amount that one pledge or gift brings to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BridgeLine {
    /// The step.
    pub step: BridgeStep,
    /// The signed amount.
    pub amount: Yen,
}

impl BridgeFact {
    /// What it was charged last month.
    pub fn last_month(&self) -> Yen {
        match *self {
            BridgeFact::Pledge(PledgeFacts { last_month, .. })
            | BridgeFact::LastOneTime { amount: last_month }
            | BridgeFact::Carried { last_month, .. } => last_month,
            BridgeFact::OneTime { .. } => Yen::ZERO,
        }
    }

    /// What it brings to the coming batch: this month's amount less what is billed already.
    pub fn coming(&self) -> Result<Yen, YenOverflow> {
        let (this_month, billed) = match *self {
            BridgeFact::Pledge(facts) => (facts.this_month, facts.already_billed),
            BridgeFact::OneTime {
                amount,
                already_billed,
            } => (amount, already_billed),
            BridgeFact::LastOneTime { .. } => (Yen::ZERO, Yen::ZERO),
            BridgeFact::Carried {
                this_month,
                already_billed,
                ..
            } => (this_month, already_billed),
        };
        this_month.checked_sub(billed).ok_or(YenOverflow)
    }

    /// The steps it takes from last month to the coming batch: at most one of the month's
    /// movements, and at most one for what is billed already. Their sum is always
    /// [`coming`](Self::coming) − [`last_month`](Self::last_month).
    pub fn lines(&self) -> Result<impl Iterator<Item = BridgeLine>, YenOverflow> {
        let (movement, billed) = match *self {
            BridgeFact::Pledge(facts) => (facts.movement()?, facts.already_billed),
            BridgeFact::OneTime {
                amount,
                already_billed,
            } => (
                BridgeLine {
                    step: BridgeStep::OneTime,
                    amount,
                },
                already_billed,
            ),
            BridgeFact::LastOneTime { amount } => {
                let amount = amount.checked_neg().ok_or(YenOverflow)?;
                (
                    BridgeLine {
                        step: BridgeStep::LastOneTime,
                        amount,
                    },
                    Yen::ZERO,
                )
            }
            BridgeFact::Carried {
                last_month,
                this_month,
                already_billed,
            } => {
                let amount = this_month.checked_sub(last_month).ok_or(YenOverflow)?;
                (
                    BridgeLine {
                        step: BridgeStep::Carried,
                        amount,
                    },
                    already_billed,
                )
            }
        };
        let amount = billed.checked_neg().ok_or(YenOverflow)?;
        let billed = BridgeLine {
            step: BridgeStep::AlreadyBilled,
            amount,
        };
        Ok([movement, billed]
            .into_iter()
            .filter(|line| line.amount != Yen::ZERO))
    }
}

impl PledgeFacts {
    fn movement(&self) -> Result<BridgeLine, YenOverflow> {
        let amount = self
            .this_month
            .checked_sub(self.last_month)
            .ok_or(YenOverflow)?;
        let step = match (self.last_month > Yen::ZERO, self.this_month > Yen::ZERO) {
            (false, _) if self.was_charged_before => BridgeStep::Resumed,
            (false, _) => BridgeStep::New,
            (true, true) if amount > Yen::ZERO => BridgeStep::Raised,
            (true, true) => BridgeStep::Lowered,
            (true, false) => match self.absence {
                Absence::Paused => BridgeStep::Paused,
                Absence::Ended => BridgeStep::Ended,
                Absence::Withdrawn => BridgeStep::Withdrawn,
            },
        };
        Ok(BridgeLine { step, amount })
    }
}

/// A step's figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BridgeTotal {
    /// The step.
    pub step: BridgeStep,
    /// The signed sum of its lines.
    pub amount: Yen,
    /// How many lines it opens to.
    pub charges: i64,
}

/// The bridge of a co-op's month: `last_month + Σ steps = amount`, to the yen (R12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    last_month: Yen,
    amount: Yen,
    charges: i64,
    totals: Vec<BridgeTotal>,
}

impl Default for Bridge {
    fn default() -> Self {
        let empty = |step| BridgeTotal {
            step,
            amount: Yen::ZERO,
            charges: 0,
        };
        Bridge {
            last_month: Yen::ZERO,
            amount: Yen::ZERO,
            charges: 0,
            totals: BridgeStep::ALL.iter().copied().map(empty).collect(),
        }
    }
}

impl Bridge {
    /// The bridge of these pledges and gifts. Refuses sums that do not fit.
    pub fn new(facts: impl IntoIterator<Item = BridgeFact>) -> Result<Self, YenOverflow> {
        let mut bridge = Bridge::default();
        for fact in facts {
            bridge.include(&fact)?;
        }
        Ok(bridge)
    }

    /// Adds what one pledge or gift brings. Refuses sums that do not fit; what is half included
    /// then is of no use.
    pub fn include(&mut self, fact: &BridgeFact) -> Result<(), YenOverflow> {
        self.include_many(fact, 1)
    }

    /// Adds what so many pledges or gifts alike bring, each the same. Refuses sums that do not
    /// fit; what is half included then is of no use.
    pub fn include_many(&mut self, fact: &BridgeFact, count: i64) -> Result<(), YenOverflow> {
        let times = |amount: Yen| amount.checked_mul(count).ok_or(YenOverflow);
        let coming = fact.coming()?;
        self.last_month = sum(self.last_month, times(fact.last_month())?)?;
        self.amount = sum(self.amount, times(coming)?)?;
        if coming != Yen::ZERO {
            self.charges = self.charges.checked_add(count).ok_or(YenOverflow)?;
        }
        for line in fact.lines()? {
            for total in self
                .totals
                .iter_mut()
                .filter(|total| total.step == line.step)
            {
                total.amount = sum(total.amount, times(line.amount)?)?;
                total.charges = total.charges.checked_add(count).ok_or(YenOverflow)?;
            }
        }
        Ok(())
    }

    /// Last month's amount, its deltas included.
    pub fn last_month(&self) -> Yen {
        self.last_month
    }

    /// The amount of the coming batch.
    pub fn amount(&self) -> Yen {
        self.amount
    }

    /// How many charges the coming batch has.
    pub fn charges(&self) -> i64 {
        self.charges
    }

    /// Every step in order, those of nothing included.
    pub fn steps(&self) -> &[BridgeTotal] {
        &self.totals
    }

    /// Whether last month and the steps come to the coming batch, to the yen. Always true; for
    /// whoever checks.
    pub fn adds_up(&self) -> bool {
        let steps = self.totals.iter().map(|total| total.amount);
        Yen::sum(std::iter::once(self.last_month).chain(steps)) == Ok(self.amount)
    }
}

fn sum(a: Yen, b: Yen) -> Result<Yen, YenOverflow> {
    a.checked_add(b).ok_or(YenOverflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pledge(last_month: i64, this_month: i64) -> PledgeFacts {
        PledgeFacts {
            last_month: Yen::new(last_month),
            this_month: Yen::new(this_month),
            already_billed: Yen::ZERO,
            was_charged_before: last_month > 0,
            absence: Absence::Ended,
        }
    }

    fn steps(bridge: &Bridge) -> Vec<(&'static str, i64, i64)> {
        let is_there = |total: &&BridgeTotal| total.charges > 0;
        let shown = |total: &BridgeTotal| (total.step.as_str(), total.amount.get(), total.charges);
        bridge.steps().iter().filter(is_there).map(shown).collect()
    }

    #[test]
    fn r12_december_is_explained_from_november_to_the_yen() {
        let absent = |absence| PledgeFacts {
            absence,
            ..pledge(900, 0)
        };
        let resumed = PledgeFacts {
            was_charged_before: true,
            ..pledge(0, 600)
        };
        let mut facts: Vec<_> = [
            pledge(300, 300),
            pledge(0, 900),
            pledge(300, 900),
            pledge(1_500, 300),
            absent(Absence::Paused),
            absent(Absence::Ended),
            absent(Absence::Withdrawn),
            resumed,
        ]
        .map(BridgeFact::Pledge)
        .to_vec();
        facts.push(BridgeFact::OneTime {
            amount: Yen::new(1_000),
            already_billed: Yen::ZERO,
        });
        facts.push(BridgeFact::LastOneTime {
            amount: Yen::new(2_500),
        });
        facts.push(BridgeFact::Carried {
            last_month: Yen::new(500),
            this_month: Yen::new(300),
            already_billed: Yen::ZERO,
        });
        let bridge = Bridge::new(facts).unwrap();
        assert_eq!(
            steps(&bridge),
            [
                ("new", 900, 1),
                ("raised", 600, 1),
                ("lowered", -1_200, 1),
                ("paused", -900, 1),
                ("ended", -900, 1),
                ("withdrawn", -900, 1),
                ("resumed", 600, 1),
                ("one_time", 1_000, 1),
                ("last_one_time", -2_500, 1),
                ("carried", -200, 1),
            ]
        );
        assert_eq!(
            (bridge.last_month(), bridge.amount()),
            (Yen::new(7_800), Yen::new(4_300))
        );
        assert_eq!(bridge.charges(), 7);
        assert!(bridge.adds_up());
    }

    #[test]
    fn r12_what_comes_after_the_close_is_explained_as_a_delta() {
        let billed = PledgeFacts {
            already_billed: Yen::new(900),
            ..pledge(900, 900)
        };
        let late = BridgeFact::OneTime {
            amount: Yen::new(500),
            already_billed: Yen::ZERO,
        };
        let bridge = Bridge::new([BridgeFact::Pledge(billed), late]).unwrap();
        assert_eq!(
            steps(&bridge),
            [("one_time", 500, 1), ("already_billed", -900, 1)]
        );
        assert_eq!((bridge.amount(), bridge.charges()), (Yen::new(500), 1));
        assert!(bridge.adds_up());
    }

    #[test]
    fn a_sum_past_the_largest_number_is_refused() {
        let huge = BridgeFact::OneTime {
            amount: Yen::new(i64::MAX),
            already_billed: Yen::ZERO,
        };
        assert_eq!(Bridge::new([huge, huge]), Err(YenOverflow));
    }

    #[test]
    fn every_step_reads_back_from_its_name() {
        for &step in BridgeStep::ALL {
            assert_eq!(step.as_str().parse(), Ok(step));
        }
        assert!("nothing".parse::<BridgeStep>().is_err());
    }

    fn any_fact() -> impl Strategy<Value = BridgeFact> {
        let yen = || prop_oneof![Just(0), 1..100_000_i64].prop_map(Yen::new);
        let absence = prop_oneof![
            Just(Absence::Paused),
            Just(Absence::Ended),
            Just(Absence::Withdrawn)
        ];
        prop_oneof![
            (yen(), yen(), any::<bool>(), any::<bool>(), absence).prop_map(
                |(last_month, this_month, is_billed, was_charged_before, absence)| {
                    let already_billed = if is_billed { this_month } else { Yen::ZERO };
                    BridgeFact::Pledge(PledgeFacts {
                        last_month,
                        this_month,
                        already_billed,
                        was_charged_before,
                        absence,
                    })
                }
            ),
            (yen(), any::<bool>()).prop_map(|(amount, is_billed)| {
                let already_billed = if is_billed { amount } else { Yen::ZERO };
                BridgeFact::OneTime {
                    amount,
                    already_billed,
                }
            }),
            yen().prop_map(|amount| BridgeFact::LastOneTime { amount }),
            (yen(), yen(), any::<bool>()).prop_map(|(last_month, this_month, is_billed)| {
                BridgeFact::Carried {
                    last_month,
                    this_month,
                    already_billed: if is_billed { this_month } else { Yen::ZERO },
                }
            }),
        ]
    }

    proptest! {
        #[test]
        fn r12_the_bridge_always_adds_up_to_the_yen(facts in prop::collection::vec(any_fact(), 0..60)) {
            let bridge = Bridge::new(facts.iter().copied()).unwrap();
            let coming = Yen::sum(facts.iter().map(|fact| fact.coming().unwrap())).unwrap();
            prop_assert_eq!(bridge.amount(), coming);
            prop_assert!(bridge.adds_up());
        }

        #[test]
        fn r12_facts_alike_may_be_added_at_once(fact in any_fact(), count in 0..50_i64) {
            let mut at_once = Bridge::default();
            at_once.include_many(&fact, count).unwrap();
            let one_by_one = (0..count).map(|_| fact);
            prop_assert_eq!(at_once, Bridge::new(one_by_one).unwrap());
        }

        #[test]
        fn r12_every_figure_opens_to_lines_that_add_up_to_it(
            facts in prop::collection::vec(any_fact(), 0..60),
        ) {
            let bridge = Bridge::new(facts.iter().copied()).unwrap();
            let lines: Vec<_> = facts.iter().flat_map(|fact| fact.lines().unwrap()).collect();
            for total in bridge.steps() {
                let own = || lines.iter().filter(|line| line.step == total.step);
                prop_assert_eq!(Yen::sum(own().map(|line| line.amount)), Ok(total.amount));
                prop_assert_eq!(i64::try_from(own().count()), Ok(total.charges));
            }
        }

        #[test]
        fn r12_a_step_only_ever_moves_the_month_its_own_way(fact in any_fact()) {
            for line in fact.lines().unwrap() {
                let is_up = line.amount > Yen::ZERO;
                match line.step {
                    BridgeStep::New | BridgeStep::Raised | BridgeStep::Resumed
                    | BridgeStep::OneTime => prop_assert!(is_up),
                    BridgeStep::Lowered | BridgeStep::Paused | BridgeStep::Ended
                    | BridgeStep::Withdrawn | BridgeStep::LastOneTime
                    | BridgeStep::AlreadyBilled => prop_assert!(!is_up),
                    BridgeStep::Carried => {}
                }
            }
        }
    }
}

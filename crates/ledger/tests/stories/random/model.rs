//! The office on paper: pledges as arrays of months, gifts, charges and what became of them.
//!
//! Written from the rules alone: nothing here asks the program anything but the numbers by which it
//! calls things.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::books::Books;
use super::catalogue::{OFFERS, Offer, Policy};
use crate::pledge_model::{MONTHS, Model as Plan, month};

pub struct Pledge {
    pub id: i64,
    pub member: usize,
    pub offer: usize,
    /// The week whose order opened it.
    pub week: usize,
    pub plan: Plan,
    /// Where its failures ended it and nothing was said since: the plan before, and the first month
    /// without it.
    pub ended: Option<(Plan, usize)>,
}

pub struct Gift {
    pub id: i64,
    pub application: i64,
    pub member: usize,
    pub offer: usize,
    pub month: usize,
    pub units: i64,
    pub is_live: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Pledge(usize),
    Gift(usize),
}

/// What would be charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub source: Source,
    pub gift_month: usize,
    pub attempt: i32,
    pub units: i64,
    pub repeats: Option<usize>,
}

pub struct Charge {
    pub batch: usize,
    pub due: Due,
    pub key: String,
    pub result: Option<(u8, NaiveDate)>,
    pub is_refunded: bool,
    /// The month in which it is tried again.
    pub carry: Option<usize>,
    pub corrections: usize,
}

pub struct Batch {
    pub month: usize,
    pub sequence: i32,
    pub is_exported: bool,
    pub is_voided: bool,
}

pub struct Held {
    pub id: i64,
    pub charge: usize,
    pub reason: &'static str,
    pub code: u8,
    pub day: NaiveDate,
    pub amount: i64,
    pub is_open: bool,
}

#[derive(Default)]
pub struct Model {
    pub left: Vec<Option<NaiveDate>>,
    /// Who has ordered what: a second time is a duplicate.
    /// By member, order number and application.
    pub ordered: Vec<(usize, String, i64)>,
    pub pledges: Vec<Pledge>,
    pub gifts: Vec<Gift>,
    pub batches: Vec<Batch>,
    pub charges: Vec<Charge>,
    /// Month by month what closed it: a batch, or nothing to charge.
    pub closings: Vec<Option<usize>>,
    pub held: Vec<Held>,
    pub books: Books,
    /// What has happened at least once.
    pub seen: BTreeSet<&'static str>,
}

impl Model {
    /// The earliest month that is open.
    pub fn first_open(&self) -> usize {
        self.closings.len()
    }

    pub fn offer_of(&self, source: Source) -> &'static Offer {
        match source {
            Source::Pledge(place) => &OFFERS[self.pledges[place].offer],
            Source::Gift(place) => &OFFERS[self.gifts[place].offer],
        }
    }

    fn member_of(&self, source: Source) -> usize {
        match source {
            Source::Pledge(place) => self.pledges[place].member,
            Source::Gift(place) => self.gifts[place].member,
        }
    }

    pub fn amount(&self, charge: usize) -> i64 {
        let due = &self.charges[charge].due;
        due.units * self.offer_of(due.source).price
    }

    pub fn is_voided(&self, charge: usize) -> bool {
        self.batches[self.charges[charge].batch].is_voided
    }

    /// Pledges of a member to the fund of an offer that are open in a month or later (R4).
    pub fn open_pledges(&self, member: usize, offer: usize, at: usize) -> Vec<usize> {
        let of = |pledge: &Pledge| pledge.member == member && pledge.offer == offer;
        let all = self.pledges.iter().enumerate();
        all.filter(|(_, pledge)| of(pledge) && pledge.plan.is_open(at))
            .map(|(place, _)| place)
            .collect()
    }

    /// Whether somebody had left before a month began (R8).
    pub fn is_gone(&self, member: usize, at: usize) -> bool {
        self.left[member].is_some_and(|day| day < month(at).first_day())
    }

    /// The live charge of a gift or a pledge's month by a try (R9).
    fn charge_of(&self, source: Source, gift_month: usize, attempt: i32) -> Option<usize> {
        (0..self.charges.len()).find(|place| {
            let due = &self.charges[*place].due;
            !self.is_voided(*place)
                && due.source == source
                && due.gift_month == gift_month
                && due.attempt == attempt
        })
    }

    /// What a month is due: pledges with units, gifts of the month, and what is tried again.
    pub fn due(&self, at: usize) -> Vec<Due> {
        let mut dues = Vec::new();
        for (place, pledge) in self.pledges.iter().enumerate() {
            dues.push(self.first_try(Source::Pledge(place), at, pledge.plan.units[at]));
        }
        for (place, gift) in self.gifts.iter().enumerate() {
            if gift.is_live && gift.month == at {
                dues.push(self.first_try(Source::Gift(place), at, gift.units));
            }
        }
        for (place, charge) in self.charges.iter().enumerate() {
            if charge.carry == Some(at) && !self.is_voided(place) {
                dues.push(Due {
                    attempt: charge.due.attempt + 1,
                    repeats: Some(place),
                    ..charge.due
                });
            }
        }
        dues.retain(|due| {
            let charged = self.charge_of(due.source, due.gift_month, due.attempt);
            due.units > 0 && charged.is_none() && !self.is_gone(self.member_of(due.source), at)
        });
        dues
    }

    fn first_try(&self, source: Source, at: usize, units: i64) -> Due {
        Due {
            source,
            gift_month: at,
            attempt: 1,
            units,
            repeats: None,
        }
    }

    /// Whether a charge was charged again.
    pub fn is_tried_again(&self, charge: usize) -> bool {
        (0..self.charges.len())
            .any(|later| !self.is_voided(later) && self.charges[later].due.repeats == Some(charge))
    }

    /// Where what a charge collected is booked, and the campaign it is for.
    pub fn income(&self, charge: usize) -> (i32, Option<usize>) {
        let source = self.charges[charge].due.source;
        let offer = self.offer_of(source);
        match (source, offer.campaign) {
            (Source::Pledge(_), _) => (4211, None),
            (_, None) => (4212, None),
            (_, Some(0)) => (2131, Some(0)),
            (_, Some(which)) => (4213, Some(which)),
        }
    }

    /// Results come in (R13): what is collected is booked, what failed is followed up.
    pub fn settle(&mut self, results: &[(usize, u8, NaiveDate)]) {
        for &(charge, code, day) in results {
            self.charges[charge].result = Some((code, day));
            if code == 0 {
                self.book(charge, day, 1131, 1);
            } else if let Policy::Carry(tries) =
                self.offer_of(self.charges[charge].due.source).policy
                && self.charges[charge].due.attempt < tries
            {
                self.charges[charge].carry = Some(self.open_after(charge));
            }
        }
        for place in 0..self.pledges.len() {
            let failed = results.iter().filter(|(charge, code, _)| {
                *code != 0 && self.charges[*charge].due.source == Source::Pledge(place)
            });
            let from = failed.map(|(charge, _, _)| self.open_after(*charge)).max();
            if let Some(from) = from {
                self.end_if_failed_too_often(place, from);
            }
        }
    }

    /// The first open month after that of a charge.
    fn open_after(&self, charge: usize) -> usize {
        let batch = &self.batches[self.charges[charge].batch];
        (batch.month + 1).max(self.first_open())
    }

    fn end_if_failed_too_often(&mut self, place: usize, from: usize) {
        let has_failed = self.has_failed_too_often(place);
        let pledge = &mut self.pledges[place];
        if has_failed && pledge.plan.is_open(from) {
            self.seen.insert("a pledge ended for its failures");
            pledge.ended = Some((pledge.plan.clone(), from));
            pledge.plan.units[from..].fill(0);
        }
    }

    /// Failures since the last month that was collected.
    fn has_failed_too_often(&self, place: usize) -> bool {
        let Policy::End(most) = OFFERS[self.pledges[place].offer].policy else {
            return false;
        };
        let mut outcomes: Vec<(usize, bool)> = Vec::new();
        for (number, charge) in self.charges.iter().enumerate() {
            if let (Source::Pledge(of), Some((code, _)), false) =
                (charge.due.source, charge.result, self.is_voided(number))
                && of == place
            {
                outcomes.push((charge.due.gift_month, code == 0));
            }
        }
        outcomes.sort_unstable();
        let in_a_row = outcomes
            .iter()
            .rev()
            .take_while(|(_, collected)| !collected);
        in_a_row.count() >= most
    }

    /// A result is taken back: the charge is outstanding again.
    pub fn take_back(&mut self, charge: usize, today: NaiveDate) {
        let result = self.charges[charge].result.take();
        self.charges[charge].carry = None;
        self.charges[charge].corrections += 1;
        if result.is_some_and(|(code, _)| code == 0) {
            self.book(charge, today, 1131, -1);
        } else if let Source::Pledge(place) = self.charges[charge].due.source {
            self.go_on(place);
        }
    }

    /// A pledge that its failures ended goes on, where they are not that many.
    fn go_on(&mut self, place: usize) {
        let Some((plan, from)) = self.pledges[place].ended.clone() else {
            return;
        };
        let (member, offer) = (self.pledges[place].member, self.pledges[place].offer);
        let has_another = !self.open_pledges(member, offer, from).is_empty();
        if from < self.first_open() {
            return;
        }
        if has_another {
            self.seen.insert("an ended pledge was begun anew");
        } else if self.has_failed_too_often(place) {
            self.seen.insert("failures enough were left");
        } else {
            self.seen.insert("an ended pledge went on");
            self.pledges[place].plan = plan;
            self.pledges[place].ended = None;
        }
    }

    /// Books what a charge collected, or, with the sign -1, books it back.
    pub fn book(&mut self, charge: usize, day: NaiveDate, account: i32, sign: i64) {
        let yen = sign * self.amount(charge);
        let (income, campaign) = self.income(charge);
        let moved = campaign.map(|which| (which, yen));
        self.books
            .post_of(day, &[(account, yen), (income, -yen)], moved);
    }

    pub fn has_ordered(&self, member: usize, number: &str) -> bool {
        let same = |(who, what, _): &(usize, String, i64)| *who == member && what == number;
        self.ordered.iter().any(same)
    }

    /// Any pledge's units in any month.
    pub fn units(&self, place: usize) -> [i64; MONTHS] {
        self.pledges[place].plan.units
    }
}

//! The co-op says what became of charges; people decide and put right.

use chrono::{Days, NaiveDate};
use ledger::settlement::{DismissResult, RefundCharge, ReverseSettlement, TakeResult};
use testkit::world::AtOnce;

use super::Walk;
use super::model::{Held, Source};

/// A line of a file of results.
#[derive(Clone, Copy)]
struct Told {
    charge: usize,
    code: u8,
    day: NaiveDate,
    amount: i64,
}

/// What becomes of a line.
enum Fate {
    Settles,
    Unchanged,
    Held(&'static str),
}

const CODES: [u8; 6] = [1, 2, 3, 4, 8, 9];

impl Walk {
    /// A file about a few charges: most of them outstanding, some known, some wrong.
    pub fn import_results(&mut self) {
        let mut charges: Vec<usize> = (0..self.model.charges.len()).collect();
        let is_new = |one: &usize| {
            let charge = &self.model.charges[*one];
            charge.result.is_none() && self.model.batches[charge.batch].is_exported
        };
        if self.chance.below(4) > 0 {
            charges.retain(is_new);
        }
        let day = self.today() - Days::new(self.chance.below(20) as u64);
        let mut lines = Vec::new();
        while !charges.is_empty() && lines.len() < 8 {
            let charge = charges.swap_remove(self.chance.below(charges.len()));
            let line = self.told(charge, day);
            lines.push(line);
        }
        if !lines.is_empty() {
            self.send(&lines);
        }
    }

    fn told(&mut self, charge: usize, day: NaiveDate) -> Told {
        let amount = self.model.amount(charge);
        let code = match self.chance.below(100) {
            0..60 => 0,
            _ => self.pick(&CODES).expect("a code"),
        };
        let known = self.model.charges[charge].result;
        match (self.chance.below(10), known) {
            (0, _) => Told {
                charge,
                code,
                day,
                amount: amount + 100,
            },
            (1..6, Some((code, day))) => Told {
                charge,
                code,
                day,
                amount,
            },
            _ => Told {
                charge,
                code,
                day,
                amount,
            },
        }
    }

    fn send(&mut self, lines: &[Told]) {
        let rows: Vec<String> = lines
            .iter()
            .map(|line| {
                let key = &self.model.charges[line.charge].key;
                format!("{key},{},{},{}", line.code, line.day, line.amount)
            })
            .collect();
        let file = format!(
            "charge_key,result_code,collected_on,amount\n{}\n",
            rows.join("\n")
        );
        if self.sent.contains(&file) {
            return;
        }
        self.say(format!("results:\n    {}", rows.join("\n    ")));
        let imported = self.office.try_results(&file);
        let Some(imported) = self.agree(true, imported) else {
            return;
        };
        self.sent.push(file);
        let mut counts = [0_u64; 4];
        let mut results = Vec::new();
        for line in lines {
            match self.fate(line) {
                Fate::Settles => {
                    counts[usize::from(line.code != 0)] += 1;
                    results.push((line.charge, line.code, line.day));
                }
                Fate::Unchanged => counts[2] += 1,
                Fate::Held(reason) => {
                    counts[3] += 1;
                    self.hold(line, reason);
                }
            }
        }
        self.model.settle(&results);
        let found = [
            imported.collected,
            imported.failed,
            imported.unchanged,
            imported.held,
        ];
        assert_eq!(found, counts, "{:?}", self.steps.last());
    }

    fn fate(&self, line: &Told) -> Fate {
        let charge = &self.model.charges[line.charge];
        let reason = if self.model.is_voided(line.charge) {
            "voided"
        } else if !self.model.batches[charge.batch].is_exported {
            "not_exported"
        } else if line.amount != self.model.amount(line.charge) {
            "amount_differs"
        } else {
            match charge.result {
                None => return Fate::Settles,
                Some(known) if known == (line.code, line.day) => return Fate::Unchanged,
                Some(_) => "contradicts",
            }
        };
        let is_held = self.model.held.iter().any(|held| {
            (held.charge, held.reason, held.code) == (line.charge, reason, line.code)
                && (held.day, held.amount) == (line.day, line.amount)
        });
        if is_held {
            Fate::Unchanged
        } else {
            Fate::Held(reason)
        }
    }

    fn hold(&mut self, line: &Told, reason: &'static str) {
        self.model.held.push(Held {
            id: 0,
            charge: line.charge,
            reason,
            code: line.code,
            day: line.day,
            amount: line.amount,
            is_open: true,
        });
    }

    /// The very same file comes again: nothing changes (R6).
    pub fn send_again(&mut self) {
        if self.sent.is_empty() {
            return;
        }
        let which = self.chance.below(self.sent.len());
        let file = self.sent[which].clone();
        self.say(format!("file {which} of results again"));
        let imported = self.office.try_results(&file);
        if let Some(imported) = self.agree(true, imported) {
            let lines = file.lines().count() as u64 - 1;
            assert!(imported.already_imported);
            assert_eq!(imported.unchanged, lines);
        }
    }

    /// A line that waits is taken or put aside.
    pub fn decide_held(&mut self) {
        let open: Vec<usize> = (0..self.model.held.len())
            .filter(|place| self.model.held[*place].is_open)
            .collect();
        let Some(place) = self.pick(&open) else {
            return;
        };
        let is_taken = self.chance.below(3) > 0;
        let held = &self.model.held[place];
        let (id, charge, result) = (held.id, held.charge, (held.code, held.day));
        let what = if is_taken { "taken" } else { "put aside" };
        self.say(format!("held result {id} is {what}"));
        let (call, reason) = (self.office.office(), "試し".to_owned());
        if !is_taken {
            let request = DismissResult { reason };
            let did = self.office.ledger.dismiss_held_result(&call, id, &request);
            self.agree(true, did);
            self.model.held[place].is_open = false;
            return;
        }
        let known = self.model.charges[charge].result;
        let batch = &self.model.batches[self.model.charges[charge].batch];
        let may = batch.is_exported
            && !batch.is_voided
            && (known.is_none() || self.may_take_back(charge) && known != Some(result));
        let request = TakeResult {
            charge_key: None,
            reason,
        };
        let did = self.office.ledger.take_held_result(&call, id, &request);
        if self.agree(may, did).is_some() {
            if known.is_some() {
                self.model.take_back(charge, self.office.ledger.today());
            }
            self.model.settle(&[(charge, result.0, result.1)]);
            self.model.held[place].is_open = false;
        }
    }

    /// A result may be taken back unless its gift was given back, or it was charged again.
    fn may_take_back(&self, charge: usize) -> bool {
        let known = &self.model.charges[charge];
        known.result.is_some() && !known.is_refunded && !self.model.is_tried_again(charge)
    }

    /// A charge, mostly one with a result.
    fn any_charge(&mut self) -> Option<usize> {
        let mut charges: Vec<usize> = (0..self.model.charges.len()).collect();
        if self.chance.below(4) > 0 {
            charges.retain(|one| self.model.charges[*one].result.is_some());
        }
        self.pick(&charges)
    }

    /// A charge of a pledge that its failures ended.
    fn charge_of_ended(&mut self) -> Option<usize> {
        let mut charges: Vec<usize> = (0..self.model.charges.len()).collect();
        charges.retain(|one| match self.model.charges[*one].due.source {
            Source::Pledge(place) => self.model.pledges[place].ended.is_some(),
            Source::Gift(_) => false,
        });
        self.pick(&charges)
    }

    pub fn reverse_result(&mut self) {
        let charge = match self.chance.below(3) {
            0 => self.charge_of_ended(),
            _ => self.any_charge(),
        };
        let Some(charge) = charge else {
            return;
        };
        let key = self.model.charges[charge].key.clone();
        self.say(format!("the result of {key} is taken back"));
        let request = ReverseSettlement {
            charge_key: key.parse().expect("a key"),
            corrected_on: None,
            reason: "試し".to_owned(),
        };
        let call = self.office.office();
        let did = self.office.ledger.reverse_settlement(&call, &request);
        if self.agree(self.may_take_back(charge), did).is_some() {
            self.model.take_back(charge, self.office.ledger.today());
        }
    }

    pub fn refund(&mut self) {
        let Some(charge) = self.any_charge() else {
            return;
        };
        let known = &self.model.charges[charge];
        let key = known.key.clone();
        let may = known.result.is_some_and(|(code, _)| code == 0) && !known.is_refunded;
        let pay_later = self.chance.below(2) == 0;
        self.say(format!("{key} is given back"));
        let request = RefundCharge {
            charge_key: key.parse().expect("a key"),
            refunded_on: None,
            pay_later,
            reason: "試し".to_owned(),
        };
        let call = self.office.office();
        let did = self.office.ledger.refund_charge(&call, &request).at_once();
        if self.agree(may, did).is_some() {
            let account = if pay_later { 2113 } else { 1121 };
            let today = self.today();
            self.model.book(charge, today, account, -1);
            self.model.charges[charge].is_refunded = true;
            self.model.charges[charge].corrections += 1;
        }
    }
}

//! Money comes from the co-op and goes to organisations; finance posts, takes back and closes.

use chrono::Datelike;
use ledger::accounting::{
    CloseFiscalYear, ClosePeriod, NewJournalLine, PostJournalEntry, RecordPayout, RecordRemittance,
    ReverseJournalEntry,
};
use ledger::domain::{CollectionMonth, Yen};
use testkit::world::AtOnce;

use super::Walk;
use super::books::{next, period_of};
use super::catalogue::CAMPAIGNS;
use crate::office::coop;

/// The books begin here; every month before it is closed with it.
const FIRST_PERIOD: i32 = 202_508;

impl Walk {
    /// Some yen, in hundreds.
    fn some_yen(&mut self, most: usize) -> i64 {
        100 * i64::try_from(1 + self.chance.below(most)).expect("a few")
    }

    /// The co-op hands over about what is due.
    pub fn remit(&mut self) {
        let due = self.model.books.balance(1131);
        let amount = if due > 0 && self.chance.below(2) == 0 {
            due
        } else {
            self.some_yen(30)
        };
        let fee = self.pick(&[0, 110]).expect("a fee");
        self.say(format!("the co-op hands over {amount} and {fee}"));
        let request = RecordRemittance {
            coop: coop(),
            received_on: None,
            amount: Yen::new(amount),
            fee: Yen::new(fee),
            shares: Vec::new(),
            note: None,
        };
        let call = self.office.office();
        let recorded = self.office.ledger.record_remittance(&call, &request);
        let Some(recorded) = self.agree(true, recorded) else {
            return;
        };
        // What is too much is put aside, and counts with the next remittance.
        let put_aside = (-self.model.books.balance(2191)).max(0);
        let came = amount + fee + put_aside;
        let settled = came.min(due);
        let lines = vec![
            (1121, amount),
            (5191, fee),
            (1131, -settled),
            (2191, put_aside - (came - settled)),
        ];
        self.model.books.post(self.office.ledger.today(), &lines);
        self.model.books.remember(recorded.entry_id, lines, None);
    }

    /// An organisation gets what was collected for it, or gives back what it owes.
    pub fn pay_out(&mut self) {
        let which = self.chance.below(CAMPAIGNS.len());
        let owed = self.model.books.owed_back(which);
        let returned = owed > 0 && self.chance.below(2) == 0;
        let most = if returned {
            owed
        } else {
            self.model.books.payable(which)
        };
        let amount = if most > 0 && self.chance.below(2) == 0 {
            most
        } else {
            self.some_yen(20)
        };
        let fee = if returned { 0 } else { 330 };
        let what = if returned { "comes back" } else { "is paid" };
        self.say(format!("{}: {amount} {what}", CAMPAIGNS[which]));
        let request = RecordPayout {
            campaign: CAMPAIGNS[which].to_owned(),
            paid_on: None,
            amount: Yen::new(amount),
            fee: Yen::new(fee),
            returned,
            note: None,
        };
        let call = self.office.office();
        let paid = self.office.ledger.record_payout(&call, &request).at_once();
        let Some(paid) = self.agree(amount <= most, paid) else {
            return;
        };
        let (lines, by) = if returned {
            (vec![(1121, amount), (1141, -amount)], amount)
        } else {
            let account = if which == 0 { 2131 } else { 5112 };
            let lines = vec![
                (account, amount),
                (1121, -amount),
                (5191, fee),
                (1121, -fee),
            ];
            (lines, -amount)
        };
        let today = self.today();
        self.model.books.post_of(today, &lines, Some((which, by)));
        self.model
            .books
            .remember(paid.entry_id, lines, Some((which, by)));
    }

    pub fn post_by_hand(&mut self) {
        let amount = self.some_yen(50);
        self.say(format!("dues of {amount} are posted"));
        let line = |account: &str, debit, credit| NewJournalLine {
            account: account.to_owned(),
            debit,
            credit,
            ..NewJournalLine::default()
        };
        let yen = Some(Yen::new(amount));
        let request = PostJournalEntry {
            date: None,
            description: "見本".to_owned(),
            reason: "試し".to_owned(),
            lines: vec![line("1121", yen, None), line("4111", None, yen)],
        };
        let call = self.office.office();
        let posted = self
            .office
            .ledger
            .post_journal_entry(&call, &request)
            .at_once();
        if let Some(posted) = self.agree(true, posted) {
            let lines = vec![(1121, amount), (4111, -amount)];
            self.model.books.post(self.office.ledger.today(), &lines);
            self.model.books.remember(posted.entry_id, lines, None);
        }
    }

    /// A remittance, a payout or what was posted by hand is taken back, once.
    pub fn reverse_entry(&mut self) {
        let entries: Vec<usize> = (0..self.model.books.entries.len()).collect();
        let Some(place) = self.pick(&entries) else {
            return;
        };
        let entry = &self.model.books.entries[place];
        let (entry_id, may) = (entry.id, !entry.is_reversed);
        self.say(format!("entry {entry_id} is taken back"));
        let request = ReverseJournalEntry {
            entry_id,
            date: None,
            reason: "試し".to_owned(),
        };
        let call = self.office.office();
        let did = self
            .office
            .ledger
            .reverse_journal_entry(&call, &request)
            .at_once();
        if self.agree(may, did).is_some() {
            let today = self.today();
            self.model.books.reverse(today, place);
        }
    }

    /// The next month of the books closes when it is over; March with its year.
    pub fn close_books(&mut self) {
        let period = self.model.books.last_closed.map_or(FIRST_PERIOD, next);
        let today = self.today();
        let may = period < period_of(today);
        let call = self.office.office();
        self.say(format!("the books of {period} close"));
        if period % 100 == 3 {
            let fiscal_year = today.year().min(2026) - 1;
            let request = CloseFiscalYear {
                fiscal_year,
                note: None,
            };
            let did = self.office.ledger.close_fiscal_year(&call, &request);
            if self.agree(may, did).is_some() {
                self.model.books.close_year(period);
            }
            return;
        }
        let request = ClosePeriod {
            month: CollectionMonth::from_int(period).expect("a month"),
            note: None,
        };
        let did = self.office.ledger.close_period(&call, &request);
        if self.agree(may, did).is_some() {
            self.model.books.last_closed = Some(period);
        }
    }
}

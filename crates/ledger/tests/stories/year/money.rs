//! Money comes and goes, and the books are kept and closed.

use ledger::Result;
use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::accounting::{
    CloseFiscalYear, ClosePeriod, NewJournalLine, PostJournalEntry, RecordPayout, RecordRemittance,
    ReverseJournalEntry,
};
use ledger::domain::Yen;
use testkit::world::AtOnce;

use super::steps::{CoopYear, REASON, done};
use crate::office::{coop, month};

/// What the bank takes off each remittance.
const FEE: i64 = 110;

impl CoopYear {
    /// The co-op hands over so much, less the bank's fee. Gives the number of the entry.
    pub fn remits(&self, on: &str, amount: i64) -> i64 {
        self.on(on);
        let request = RecordRemittance {
            coop: coop(),
            received_on: None,
            amount: Yen::new(amount - FEE),
            fee: Yen::new(FEE),
            shares: Vec::new(),
            note: None,
        };
        let call = self.office();
        let recorded = done("remit", self.ledger.record_remittance(&call, &request));
        self.is_well();
        recorded.entry_id
    }

    pub fn takes_the_entry_back(&self, entry_id: i64) {
        let request = ReverseJournalEntry {
            entry_id,
            date: None,
            reason: REASON.to_owned(),
        };
        let call = self.office();
        done(
            "reverse",
            self.ledger.reverse_journal_entry(&call, &request).at_once(),
        );
        self.is_well();
    }

    /// こすもす is paid so much.
    pub fn pays_out(&self, on: &str, amount: i64, fee: i64) {
        self.on(on);
        done("pay out", self.payout(amount, fee, false));
        self.is_well();
    }

    pub fn refuses_to_pay_out(&self, amount: i64) {
        let refused = self.payout(amount, 0, false).expect_err("too much");
        assert_eq!(refused.code(), "more_than_collected");
        self.is_well();
    }

    /// こすもす gives back what it owes.
    pub fn gives_back(&self, on: &str, amount: i64) {
        self.on(on);
        done("give back", self.payout(amount, 0, true));
        self.is_well();
    }

    fn payout(&self, amount: i64, fee: i64, returned: bool) -> Result<()> {
        let request = RecordPayout {
            campaign: "kosumosu-2025".to_owned(),
            paid_on: None,
            amount: Yen::new(amount),
            fee: Yen::new(fee),
            returned,
            note: None,
        };
        let paid = self
            .ledger
            .record_payout(&self.office(), &request)
            .at_once();
        paid.map(|_| ())
    }

    /// Finance books something by hand.
    pub fn books(&self, on: &str, debit: &str, credit: &str, amount: i64) {
        let line = |account: &str, is_debit: bool| NewJournalLine {
            account: account.to_owned(),
            debit: is_debit.then(|| Yen::new(amount)),
            credit: (!is_debit).then(|| Yen::new(amount)),
            ..NewJournalLine::default()
        };
        self.on(on);
        let request = PostJournalEntry {
            date: None,
            description: "見本".to_owned(),
            reason: REASON.to_owned(),
            lines: vec![line(debit, true), line(credit, false)],
        };
        let call = self.office();
        done(
            "post",
            self.ledger.post_journal_entry(&call, &request).at_once(),
        );
        self.is_well();
    }

    pub fn closes_the_books_of(&self, of: &str) {
        let request = ClosePeriod {
            month: month(of),
            note: None,
        };
        let call = self.office();
        done("close books", self.ledger.close_period(&call, &request));
        self.is_well();
    }

    /// Closes a fiscal year; gives its surplus.
    pub fn closes_the_fiscal_year(&self, fiscal_year: i32) -> i64 {
        let request = CloseFiscalYear {
            fiscal_year,
            note: None,
        };
        let call = self.office();
        let closed = done("close year", self.ledger.close_fiscal_year(&call, &request));
        self.is_well();
        closed.surplus.expect("a surplus").get()
    }

    /// Debit less credit of an account.
    pub fn balance(&self, account: &str) -> i64 {
        let rows = self.trial_balance(&ReportFilter::default());
        let found = rows.iter().find(|(code, _)| code == account);
        found.map_or(0, |(_, balance)| *balance)
    }

    /// Every balance up to a day.
    pub fn books_to(&self, day: &str) -> Vec<(String, i64)> {
        self.trial_balance(&ReportFilter {
            to: Some(day.parse().expect("a day")),
            ..ReportFilter::default()
        })
    }

    /// Account and debit less credit. The sum of all is zero.
    pub fn trial_balance(&self, filter: &ReportFilter) -> Vec<(String, i64)> {
        let report = self
            .ledger
            .trial_balance(&self.office(), filter, SplitBy::default());
        let report = done("trial balance", report);
        assert_eq!(report.balance, Yen::ZERO);
        let rows = report.rows.iter();
        rows.map(|row| (row.account.to_string(), row.balance.get()))
            .collect()
    }

    /// How far こすもす's campaign is: applied, billed, collected, paid out.
    pub fn campaign(&self) -> [i64; 4] {
        let progress = self
            .ledger
            .campaign_progress(&self.office(), Some("kosumosu-2025"));
        let progress = done("progress", progress).remove(0);
        let stages = [&progress.applied, &progress.billed, &progress.collected];
        let [applied, billed, collected] = stages.map(|stage| stage.amount.get());
        [applied, billed, collected, progress.paid_out.amount.get()]
    }
}

//! Months close and are handed over, and the co-op says what became of them.

use ledger::PageRequest;
use ledger::billing::VoidBatch;
use ledger::domain::Yen;
use ledger::settlement::{
    DismissResult, HeldResultFilter, RefundCharge, ResultsImported, ReverseSettlement,
};
use testkit::world::AtOnce;

use super::steps::{CoopYear, REASON, done};
use crate::office::{close, coop, month};

impl CoopYear {
    /// On the twelfth of the month it closes, for so much.
    pub fn closes(&self, of: &str, amount: i64) {
        self.on(&format!("{of}-12"));
        assert_eq!(close(self, of).amount, Yen::new(amount), "{of}");
        self.is_well();
    }

    /// It closes for so much, and is handed over.
    pub fn bills(&self, of: &str, amount: i64) {
        self.closes(of, amount);
        self.export(of);
        self.is_well();
    }

    pub fn voids(&self, of: &str) {
        let request = VoidBatch {
            coop: coop(),
            month: month(of),
            sequence: None,
            reason: REASON.to_owned(),
        };
        done("void", self.ledger.void_batch(&self.office(), request));
        self.is_well();
    }

    /// On the 28th the co-op says what became of a month: all was collected on the 27th but the gifts
    /// of these members for these months. So much was collected.
    pub fn answers(&self, of: &str, failed: &[(&str, &str)], amount: i64) -> ResultsImported {
        self.on(&format!("{of}-28"));
        self.answers_on(&format!("{of}-27"), of, failed, amount)
    }

    /// The same, of another day of collection.
    pub fn answers_on(
        &self,
        day: &str,
        of: &str,
        failed: &[(&str, &str)],
        amount: i64,
    ) -> ResultsImported {
        let charges = self.charges(of);
        let rows: Vec<String> = charges
            .iter()
            .filter(|charge| !charge.is_voided)
            .map(|charge| {
                let fails = failed.iter().any(|(number, gift_month)| {
                    charge.member_number.as_str() == *number
                        && charge.gift_month == month(gift_month)
                });
                format!("{},{},{day}", charge.charge_key, i32::from(fails))
            })
            .collect();
        let imported = self.says(&rows, amount);
        assert_eq!(imported.failed, failed.len() as u64, "{of}");
        assert_eq!((imported.held, imported.unchanged), (0, 0), "{of}");
        assert_eq!(self.outstanding(of), 0);
        imported
    }

    /// The co-op says this, `key,code,day`; so much is collected by it.
    pub fn says(&self, rows: &[String], amount: i64) -> ResultsImported {
        let imported = self.results(rows);
        assert_eq!(imported.collected_amount, Yen::new(amount));
        self.is_well();
        imported
    }

    /// The same, without keys: `coop,member,month,order number,code,day`.
    pub fn says_without_keys(&self, rows: &str, amount: i64) {
        let header = "coop,member_number,month,order_number,result_code,collected_on";
        let header = header.replace("month", "集金年月");
        let imported = done("answer", self.try_results(&format!("{header}\n{rows}")));
        assert_eq!(imported.collected_amount, Yen::new(amount));
        self.is_well();
    }

    /// The key of the charge of a member for so much.
    pub fn key_of(&self, of: &str, number: &str, amount: i64) -> String {
        let charges = self.charges(of);
        let found = charges.iter().find(|charge| {
            !charge.is_voided
                && charge.member_number.as_str() == number
                && charge.amount == Yen::new(amount)
        });
        found.expect("such a charge").charge_key.to_string()
    }

    /// How many charges of a month have no result.
    pub fn outstanding(&self, of: &str) -> usize {
        let charges = self.charges(of);
        let open = charges
            .iter()
            .filter(|charge| !charge.is_voided && charge.result.is_none());
        open.count()
    }

    pub fn held_results(&self) -> Vec<i64> {
        let (filter, page) = (HeldResultFilter::default(), PageRequest::default());
        let held = done(
            "list",
            self.ledger
                .list_held_results(&self.office(), &filter, &page),
        );
        held.items.iter().map(|held| held.id).collect()
    }

    pub fn puts_aside(&self, id: i64, request: &DismissResult) {
        let call = self.office();
        done(
            "dismiss",
            self.ledger.dismiss_held_result(&call, id, request),
        );
        self.is_well();
    }

    pub fn takes_back(&self, key: &str) {
        let request = ReverseSettlement {
            charge_key: key.parse().expect("a key"),
            corrected_on: None,
            reason: REASON.to_owned(),
        };
        let call = self.office();
        done("reverse", self.ledger.reverse_settlement(&call, &request));
        self.is_well();
    }

    pub fn refunds(&self, key: &str, on: &str) {
        self.on(on);
        let request = RefundCharge {
            charge_key: key.parse().expect("a key"),
            refunded_on: None,
            pay_later: false,
            reason: REASON.to_owned(),
        };
        done(
            "refund",
            self.ledger
                .refund_charge(&self.office(), &request)
                .at_once(),
        );
        self.is_well();
    }
}

//! Months close, are voided and handed over.

use chrono::Days;
use ledger::PageRequest;
use ledger::billing::{CloseBatch, ExportBatch, VoidBatch};

use super::Walk;
use super::catalogue::WEEKS;
use super::model::{Batch, Charge, Source};
use crate::office::coop;
use crate::pledge_model::month;

impl Walk {
    /// The next month closes, or a closed one again for what came late.
    pub fn close(&mut self) {
        let first_open = self.model.first_open();
        let at = if first_open > 0 && self.chance.below(4) == 0 {
            self.chance.below(first_open)
        } else {
            first_open
        };
        if at + 1 >= WEEKS {
            return;
        }
        if at == first_open {
            self.set_today(month(at).first_day() + Days::new(11));
        }
        let dues = self.model.due(at);
        self.say(format!("{} closes with {}", month(at), dues.len()));
        let request = CloseBatch {
            coop: coop(),
            month: month(at),
            reason: None,
        };
        let call = self.office.office();
        let closed = self.office.ledger.close_batch(&call, request);
        let may = at == first_open || !dues.is_empty();
        let Some(closed) = self.agree(may, closed) else {
            return;
        };
        let number = i64::try_from(dues.len()).expect("a few");
        assert_eq!(closed.charges, number, "{:?}", self.steps.last());
        let batch = closed.batch_id.map(|id| self.file_batch(at, id, dues));
        if at == first_open {
            self.model.closings.push(batch);
        }
    }

    /// Notes a batch and its charges, and by what keys they are called.
    fn file_batch(&mut self, at: usize, id: i64, dues: Vec<super::model::Due>) -> usize {
        let same_month = self.model.batches.iter().filter(|one| one.month == at);
        let sequence = 1 + i32::try_from(same_month.count()).expect("a few");
        let batch = self.model.batches.len();
        self.model.batches.push(Batch {
            month: at,
            sequence,
            is_exported: false,
            is_voided: false,
        });
        let page = PageRequest {
            cursor: None,
            limit: Some(500),
        };
        let charges = self
            .office
            .ledger
            .list_charges(&self.office.office(), id, &page);
        let charges = charges.expect("the charges of a batch").items;
        for due in dues {
            let ids = match due.source {
                Source::Pledge(place) => (Some(self.model.pledges[place].id), None),
                Source::Gift(place) => (None, Some(self.model.gifts[place].id)),
            };
            let found = charges.iter().find(|charge| {
                (charge.pledge_id, charge.donation_id) == ids
                    && charge.gift_month == month(due.gift_month)
                    && charge.attempt == due.attempt
            });
            let found = found.unwrap_or_else(|| panic!("{due:?} is not charged"));
            self.model.charges.push(Charge {
                batch,
                due,
                key: found.charge_key.to_string(),
                result: None,
                is_refunded: false,
                carry: None,
                corrections: 0,
            });
        }
        batch
    }

    /// The latest batch of a month that counts.
    fn latest(&self, at: usize) -> Option<usize> {
        let mut batches = self.model.batches.iter();
        batches.rposition(|batch| batch.month == at && !batch.is_voided)
    }

    fn late_month(&mut self) -> Option<usize> {
        let closed = self.model.first_open();
        if closed == 0 {
            return None;
        }
        Some(closed - 1 - self.chance.below(closed.min(2)))
    }

    pub fn void_batch(&mut self) {
        let Some(at) = self.late_month() else { return };
        let latest = self.latest(at);
        let is_last = at + 1 == self.model.first_open();
        let reopens = self.model.closings[at] == latest;
        let is_exported = latest.is_some_and(|batch| self.model.batches[batch].is_exported);
        self.say(format!("{}: the latest batch is voided", month(at)));
        let request = VoidBatch {
            coop: coop(),
            month: month(at),
            sequence: None,
            reason: "試し".to_owned(),
        };
        let call = self.office.office();
        let voided = self.office.ledger.void_batch(&call, request);
        let may = !is_exported && (is_last || !reopens);
        if self.agree(may, voided).is_some() {
            if let Some(batch) = latest {
                self.model.batches[batch].is_voided = true;
            }
            if reopens {
                self.model.closings.pop();
            }
        }
    }

    /// The latest batch of a month is handed over.
    pub fn export(&mut self) {
        let Some(at) = self.late_month() else { return };
        let latest = self.latest(at);
        self.say(format!("{} is handed over", month(at)));
        let request = ExportBatch {
            coop: coop(),
            month: month(at),
            sequence: None,
            profile: None,
        };
        let call = self.office.office();
        let mut file = std::io::sink();
        let exported = self
            .office
            .ledger
            .write_batch_file(&call, request, &mut file);
        if self.agree(latest.is_some(), exported).is_some()
            && let Some(batch) = latest
        {
            self.model.batches[batch].is_exported = true;
        }
    }
}

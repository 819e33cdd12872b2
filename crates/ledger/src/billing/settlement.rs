//! How far a batch is settled: exported = collected + failed + outstanding (R13).

use chrono::{Days, NaiveDate};
use domain::Yen;
use serde::{Deserialize, Serialize};
use store::tables::batches;
use store::tables::settlements::BatchSums;

use super::batches::BatchView;
use crate::{Ledger, LedgerError, Result};

/// How far a batch that was handed over is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchSettlement {
    /// Charges handed over: collected + failed + outstanding.
    pub exported: i64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub exported_amount: Yen,
    /// Charges collected.
    pub collected: i64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub collected_amount: Yen,
    /// Charges that could not be collected.
    pub failed: i64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub failed_amount: Yen,
    /// Charges without a result.
    pub outstanding: i64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub outstanding_amount: Yen,
    /// The day it was first handed over, in Japan.
    pub exported_on: NaiveDate,
    /// The last day on which outstanding charges are not overdue.
    pub due_on: NaiveDate,
    /// Whether every charge has its result.
    pub is_settled: bool,
    /// Whether charges are outstanding after that day.
    pub is_overdue: bool,
}

/// When what is outstanding is overdue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overdue {
    today: NaiveDate,
    after_days: u64,
}

impl Ledger {
    /// When what is outstanding is overdue, as the settings say.
    pub(crate) fn overdue(&self) -> Overdue {
        Overdue {
            today: self.today(),
            after_days: self.settings().overdue_after_days.unsigned_abs(),
        }
    }
}

impl Overdue {
    /// How far a batch is settled; none before its first export, and of a voided one.
    pub(super) fn settlement(
        self,
        batch: &BatchView,
        sums: BatchSums,
    ) -> Result<Option<BatchSettlement>> {
        let first = batch.exports.iter().map(|export| export.exported_at).min();
        let Some(first) = first.filter(|_| batch.state != batches::VOIDED) else {
            return Ok(None);
        };
        let left = |all: i64, collected: i64, failed: i64| {
            let left = all
                .checked_sub(collected)
                .and_then(|left| left.checked_sub(failed));
            left.filter(|left| *left >= 0).ok_or_else(|| {
                LedgerError::Corrupt(format!("settlements of batch {}", batch.batch_id))
            })
        };
        let all = batch.amount.get();
        let outstanding = left(batch.charges, sums.collected, sums.failed)?;
        let outstanding_amount = left(all, sums.collected_amount, sums.failed_amount)?;
        let exported_on = domain::japan_date(first);
        let due_on = self.due_on(exported_on);
        Ok(Some(BatchSettlement {
            exported: batch.charges,
            exported_amount: batch.amount,
            collected: sums.collected,
            collected_amount: Yen::new(sums.collected_amount),
            failed: sums.failed,
            failed_amount: Yen::new(sums.failed_amount),
            outstanding,
            outstanding_amount: Yen::new(outstanding_amount),
            exported_on,
            due_on,
            is_settled: outstanding == 0,
            is_overdue: outstanding > 0 && self.today > due_on,
        }))
    }

    /// The last day on which what was handed over on a day is not overdue.
    pub(crate) fn due_on(self, exported_on: NaiveDate) -> NaiveDate {
        exported_on
            .checked_add_days(Days::new(self.after_days))
            .unwrap_or(exported_on)
    }

    /// Whether what was handed over on a day is overdue, where any of it is outstanding.
    pub(crate) fn is_past(self, exported_on: NaiveDate) -> bool {
        self.today > self.due_on(exported_on)
    }
}

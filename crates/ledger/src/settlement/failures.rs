//! What could not be collected, why, and what follows under the policy of each offering (R13).

use domain::{CollectionMonth, ResultCode, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::results::{self, FailureSum, FailuresOf};

use crate::Result;
use crate::error::stored;

/// Ended pledges told one by one.
const ENDED_PLEDGES_MAX: i64 = 500;

/// What has failed, and what follows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// By reason.
    pub reasons: Vec<FailureReason>,
    /// What is not tried again: the gift of that month lapses.
    pub lapsed: ChargeSum,
    /// What is tried again, by month.
    pub carried: Vec<CarriedSum>,
    /// The pledges that ended for it, 500 at most.
    pub ended_pledges: Vec<EndedPledgeView>,
}

/// How many charges, of how many yen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSum {
    /// How many charges.
    pub charges: u64,
    /// Yen.
    pub amount: Yen,
}

/// What has failed for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureReason {
    /// Why.
    pub result_code: ResultCode,
    /// How much.
    #[serde(flatten)]
    pub sum: ChargeSum,
}

/// What is tried again in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedSum {
    /// The month of the next try.
    pub month: CollectionMonth,
    /// How much.
    #[serde(flatten)]
    pub sum: ChargeSum,
}

/// A pledge that ended because it could not be collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedPledgeView {
    /// Its number.
    pub pledge_id: i64,
    /// Code of the member's co-op.
    pub coop: String,
    /// The member's number.
    pub member_number: String,
    /// Name of the fund.
    pub fund: String,
    /// The first month without it.
    pub ends_from: CollectionMonth,
}

impl ChargeSum {
    fn add(&mut self, one: &FailureSum) -> Result<()> {
        let amount = Yen::sum([self.amount, Yen::new(one.amount)]);
        let amount = stored("settlements.amount", amount)?;
        *self = Self {
            charges: self.charges + one.charges.unsigned_abs(),
            amount,
        };
        Ok(())
    }
}

impl Failures {
    /// Those of a batch, or of a file of results.
    pub(super) fn load(connection: &mut DbConnection, of: FailuresOf) -> Result<Self> {
        let mut failures = Self::default();
        for one in results::failure_sums(connection, of)? {
            failures.add(&one)?;
        }
        failures.carried.sort_by_key(|one| one.month);
        for one in results::ended_pledges(connection, of, ENDED_PLEDGES_MAX)? {
            failures.ended_pledges.push(EndedPledgeView {
                pledge_id: one.pledge_id,
                coop: one.coop,
                member_number: one.member_number,
                fund: one.fund,
                ends_from: stored(
                    "pledges.ends_from",
                    CollectionMonth::from_int(one.ends_from),
                )?,
            });
        }
        Ok(failures)
    }

    /// How much has failed in all.
    pub fn total(&self) -> ChargeSum {
        let mut total = ChargeSum::default();
        for reason in &self.reasons {
            total.charges += reason.sum.charges;
            total.amount = Yen::new(total.amount.get().saturating_add(reason.sum.amount.get()));
        }
        total
    }

    fn add(&mut self, one: &FailureSum) -> Result<()> {
        let code = stored(
            "settlements.result_code",
            ResultCode::from_stored(&one.result_code),
        )?;
        if self.reasons.last().map(|known| known.result_code) != Some(code) {
            self.reasons.push(FailureReason {
                result_code: code,
                sum: ChargeSum::default(),
            });
        }
        if let Some(reason) = self.reasons.last_mut() {
            reason.sum.add(one)?;
        }
        let Some(month) = one.carry_month else {
            return self.lapsed.add(one);
        };
        let month = stored("settlements.carry_month", CollectionMonth::from_int(month))?;
        match self.carried.iter_mut().find(|known| known.month == month) {
            Some(known) => known.sum.add(one),
            None => {
                let mut sum = ChargeSum::default();
                sum.add(one)?;
                self.carried.push(CarriedSum { month, sum });
                Ok(())
            }
        }
    }
}

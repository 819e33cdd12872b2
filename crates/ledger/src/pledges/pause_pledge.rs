//! `pause_pledge`: nothing from a month on, until another (R8).

use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change_pledge::{Change, revise};
use super::name::PledgeName;
use super::plan;
use super::view::PledgeView;
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

/// A pause with the month in which it is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PausePledge {
    /// Code of the co-op.
    #[schema(example = "04")]
    pub coop: String,
    /// Number of the member there.
    #[schema(example = "0041016")]
    pub member_number: String,
    /// Code of the fund.
    #[schema(example = "inclufund")]
    pub fund: String,
    /// The first month without it.
    #[schema(value_type = String, example = "2026-01")]
    pub from: CollectionMonth,
    /// The month in which it resumes.
    #[schema(value_type = String, example = "2026-04")]
    pub until: CollectionMonth,
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// Pauses a pledge: 0 units from a month on, and again in `until` what was planned for it (R8).
    ///
    /// Refuses a month that is closed for the co-op, a month of resuming that is not later, and a
    /// pledge that is not open in either.
    pub fn pause_pledge(&self, call: &Call, request: &PausePledge) -> Result<PledgeView> {
        self.write(call, Operation::PausePledge, request, |tx| {
            request.carry_out(tx)
        })
    }
}

impl PausePledge {
    /// Does it, in this transaction.
    pub(super) fn carry_out(&self, tx: &mut Tx<'_>) -> Result<PledgeView> {
        let change = Change {
            pledge: PledgeName::new(&self.coop, &self.member_number, &self.fund),
            action: "pause_pledge",
            from: self.from,
            reason: &self.reason,
            needs_member: false,
        };
        revise(tx, &change, |timeline| {
            timeline.pause(self.from, self.until).map_err(plan::refused)
        })
    }
}

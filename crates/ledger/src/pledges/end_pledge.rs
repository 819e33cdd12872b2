//! `end_pledge`: nothing from a month on, for good (R8).

use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change_pledge::{Change, revise};
use super::name::PledgeName;
use super::plan;
use super::view::PledgeView;
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

/// The end of a pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPledge {
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
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// Ends a pledge: nothing from a month on; what was planned later falls away (R8).
    ///
    /// Refuses a month that is closed for the co-op and a pledge that is not open then.
    pub fn end_pledge(&self, call: &Call, request: &EndPledge) -> Result<PledgeView> {
        self.write(call, Operation::EndPledge, request, |tx| {
            request.carry_out(tx)
        })
    }
}

impl EndPledge {
    /// Does it, in this transaction.
    pub(super) fn carry_out(&self, tx: &mut Tx<'_>) -> Result<PledgeView> {
        let change = Change {
            pledge: PledgeName::new(&self.coop, &self.member_number, &self.fund),
            action: "end_pledge",
            from: self.from,
            reason: &self.reason,
            needs_member: false,
        };
        revise(tx, &change, |timeline| {
            timeline.end(self.from).map_err(plan::refused)
        })
    }
}

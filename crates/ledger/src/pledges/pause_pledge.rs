//! `pause_pledge`: nothing from a month on, until another (R8).

use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change_pledge::{Change, revise};
use super::name::PledgeName;
use super::plan;
use super::view::PledgeView;
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
            let change = Change {
                pledge: PledgeName::new(&request.coop, &request.member_number, &request.fund),
                action: "pause_pledge",
                from: request.from,
                reason: &request.reason,
                needs_member: false,
            };
            revise(tx, &change, |timeline| {
                timeline
                    .pause(request.from, request.until)
                    .map_err(plan::refused)
            })
        })
    }
}

//! `correct_hold`: a person corrects a held line, and it is looked at afresh.

use domain::HoldReasons;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::{Case, lock_and_find, require_held};
use super::decided::{Decided, HoldResolved, record};
use super::line::Correction;
use super::look::Lookbook;
use crate::call::given_reason;
use crate::{Call, Ledger, Operation, Result};

/// What is corrected in a held application; what is not named stays. With nothing named it is only
/// looked at afresh.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectHold {
    /// Why.
    pub reason: String,
    /// The order number as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// The units (口) as they should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// The amount (yen) as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// The member number as it should have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_number: Option<String>,
}

impl Ledger {
    /// Corrects a held application and looks at it afresh: it is posted by itself when nothing
    /// speaks against it any more, else held with the reasons there are now. The old values stay
    /// on record.
    ///
    /// Refuses an application that is not held, and values that no order sheet could have.
    pub fn correct_hold(
        &self,
        call: &Call,
        id: i64,
        request: &CorrectHold,
    ) -> Result<HoldResolved> {
        self.write(call, Operation::CorrectHold, &(id, request), |tx| {
            let reason = given_reason(&request.reason)?;
            let before = lock_and_find(tx, id)?;
            require_held(tx.connection, &before)?;
            let lookbook = Lookbook::load(tx.connection, tx.settings)?;
            let correction = Correction {
                order_number: request.order_number.as_deref(),
                units: request.units,
                amount: request.amount,
                member_number: request.member_number.as_deref(),
            };
            let case = Case::open(tx.connection, &lookbook, before, &correction, None)?;
            let (after, effect) = case.settle(tx.connection)?;
            record(
                tx,
                &Decided {
                    action: "correct_hold",
                    way: "correct",
                    reason,
                    shown: case.shown,
                    overrode: HoldReasons::NONE,
                    before: case.before,
                    after,
                    effect,
                },
            )
        })
    }
}

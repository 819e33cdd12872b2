//! `refund_charge`: a collected gift is given back to the member (R13).

use chrono::NaiveDate;
use domain::{AccountCode, ChargeKey, Yen};
use serde::{Deserialize, Serialize};
use store::tables::corrections::{self, NewCorrection};

use super::book::{self, Corrected};
use super::charge::NamedCharge;
use super::reverse_settlement::{correction_day, require_result};
use crate::call::given_reason;
use crate::two_persons::{NeedsApproval, Outcome, PendingRequest, done_or_submitted};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A gift to give back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundCharge {
    /// The charge (請求キー) that was collected.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// The day it is given back on; today where none is given.
    #[serde(default)]
    pub refunded_on: Option<NaiveDate>,
    /// Whether it is paid later: then it is owed (2113) instead of paid from the bank (1121).
    #[serde(default)]
    pub pay_later: bool,
    /// Why.
    pub reason: String,
}

/// A gift that was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeRefunded {
    /// The correction's number.
    pub correction_id: i64,
    /// The charge; it stays collected.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// Yen given back.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// The account that it is paid from, or owed on.
    #[schema(value_type = String, example = "1121")]
    pub account: AccountCode,
    /// The journal entry.
    pub entry_id: i64,
}

impl Ledger {
    /// Gives a collected gift back to the member, with a reason: the charge stays collected, and
    /// the income, or what is held for the organisation, is booked back. Of many at once exactly
    /// one wins. Where that takes a second person, it waits (R17).
    ///
    /// # Errors
    /// Refuses an unknown charge, one that was not collected, one that was corrected already, a day
    /// after today or before the collection, and the very same refund while it waits.
    pub fn refund_charge(
        &self,
        call: &Call,
        request: &RefundCharge,
    ) -> Result<Outcome<ChargeRefunded>> {
        self.write(call, Operation::RefundCharge, request, |tx| {
            done_or_submitted(tx, request)
        })
    }
}

impl NeedsApproval for RefundCharge {
    type Answer = ChargeRefunded;

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<ChargeRefunded> {
        refund(tx, self)
    }

    fn dated(self, today: NaiveDate) -> PendingRequest {
        PendingRequest::RefundCharge(Self {
            refunded_on: self.refunded_on.or(Some(today)),
            ..self
        })
    }
}

fn refund(tx: &mut Tx<'_>, request: &RefundCharge) -> Result<ChargeRefunded> {
    let reason = given_reason(&request.reason)?;
    let named = NamedCharge::find_locked(tx, request.charge_key)?;
    let settlement = require_result(tx, &named)?;
    if settlement.result_code != "0" {
        return Err(LedgerError::refused(
            "not_collected",
            format!(
                "請求キー {} は集金できていないので、返金するものがありません",
                named.key
            ),
        ));
    }
    let account = if request.pay_later {
        AccountCode::REFUNDS_PAYABLE
    } else {
        AccountCode::BANK
    };
    let refunded_on = correction_day(tx, &settlement, "refunded_on", request.refunded_on)?;
    let correction = NewCorrection {
        settlement_id: settlement.id,
        kind: corrections::REFUND,
        corrected_on: refunded_on,
        amount: settlement.amount,
        account: Some(&account.to_string()),
        reason,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    let correction_id = corrections::insert(tx.connection, &correction)?;
    let gift = named.gift(tx.connection)?;
    let what = Corrected {
        correction_id,
        on: refunded_on,
        coop_id: named.batch.coop_id,
        batch_id: named.batch.id,
        charge_key: &named.key.to_string(),
        reason,
    };
    let entry_id = book::book_refund(tx, &what, &gift, account)?;
    corrections::set_entry(tx.connection, correction_id, entry_id)?;
    let refunded = ChargeRefunded {
        correction_id,
        charge_key: named.key,
        amount: Yen::new(settlement.amount),
        account,
        entry_id,
    };
    let event = Event {
        action: "refund_charge",
        coop_id: Some(named.batch.coop_id),
        subject: format!("charge:{}", named.key),
        reason: Some(reason),
    };
    tx.audit(&event, None::<&()>, Some(&refunded))?;
    Ok(refunded)
}

//! `reverse_settlement`: a wrong result is taken back; its charge is outstanding again (R13).

use chrono::NaiveDate;
use domain::{ChargeKey, ResultCode, Yen};
use serde::{Deserialize, Serialize};
use store::tables::corrections::{self, NewCorrection};
use store::tables::settlements::{self, Settlement};

use super::book::{self, Corrected};
use super::charge::NamedCharge;
use super::reopen::reopen_pledge;
use crate::accounting::refuse_future;
use crate::call::given_reason;
use crate::error::stored;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A result to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseSettlement {
    /// The charge (請求キー) whose result was wrong.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// The day it is booked on; today where none is given.
    #[serde(default)]
    pub corrected_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A result that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SettlementReversed {
    /// The correction's number.
    pub correction_id: i64,
    /// The charge, outstanding again.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// The code of the result that was taken back.
    #[schema(value_type = String, example = "0")]
    pub result_code: ResultCode,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// The journal entry; none where the result was that nothing was collected.
    pub entry_id: Option<i64>,
    /// Whether a pledge that had ended for this failure goes on.
    pub pledge_reopened: bool,
}

impl Ledger {
    /// Takes back a wrong result of a charge, with a reason: the charge is outstanding again, and a
    /// true result can come. What was booked as collected is booked back. Of many at once exactly
    /// one wins.
    ///
    /// # Errors
    /// Refuses an unknown charge, one without a result, one whose gift was given back, one that was
    /// charged again already, and a day after today or before that of the result.
    pub fn reverse_settlement(
        &self,
        call: &Call,
        request: &ReverseSettlement,
    ) -> Result<SettlementReversed> {
        self.write(call, Operation::ReverseSettlement, request, |tx| {
            let reason = given_reason(&request.reason)?;
            let named = NamedCharge::find_locked(tx, request.charge_key)?;
            let settlement = require_result(tx, &named)?;
            let day = correction_day(tx, &settlement, "corrected_on", request.corrected_on)?;
            reverse(tx, &named, &settlement, day, reason)
        })
    }
}

/// The result of a charge that stands and was not corrected. Refuses where there is none.
pub(super) fn require_result(tx: &mut Tx<'_>, named: &NamedCharge) -> Result<Settlement> {
    let key = named.key;
    let Some(settlement) = named.standing(tx.connection)? else {
        let message = format!(
            "請求キー {key} には、訂正する結果がありません（まだ結果が来ていないか、すでに取り消されています）"
        );
        return Err(LedgerError::refused("no_result", message));
    };
    if let Some(correction) = corrections::of_settlement(tx.connection, settlement.id)? {
        return Err(LedgerError::refused(
            "already_corrected",
            format!(
                "請求キー {key} は、{} に {} が返金しています（訂正 {}、理由: {}）",
                correction.corrected_on, correction.actor, correction.id, correction.reason
            ),
        ));
    }
    Ok(settlement)
}

/// The day a correction is booked on: today where none was asked for. Refuses one after today, and
/// one before the result's.
pub(super) fn correction_day(
    tx: &Tx<'_>,
    settlement: &Settlement,
    column: &str,
    asked: Option<NaiveDate>,
) -> Result<NaiveDate> {
    let Some(day) = asked else {
        return Ok(tx.today);
    };
    refuse_future(tx, column, day)?;
    match settlement.collected_on {
        Some(collected_on) if day < collected_on => Err(LedgerError::field(
            "date_before_result",
            column,
            format!(
                "{day} は結果の集金日（{collected_on}）より前です。集金日からあとの日付にしてください"
            ),
        )),
        _ => Ok(day),
    }
}

/// Takes back a result that stands.
pub(super) fn reverse(
    tx: &mut Tx<'_>,
    named: &NamedCharge,
    settlement: &Settlement,
    corrected_on: NaiveDate,
    reason: &str,
) -> Result<SettlementReversed> {
    named.require_no_later_try(tx.connection)?;
    let result_code = stored(
        "settlements.result_code",
        ResultCode::from_stored(&settlement.result_code),
    )?;
    let correction = NewCorrection {
        settlement_id: settlement.id,
        kind: corrections::REVERSAL,
        corrected_on,
        amount: settlement.amount,
        account: None,
        reason,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    let correction_id = corrections::insert(tx.connection, &correction)?;
    settlements::set_reversed(tx.connection, settlement.id, correction_id)?;
    let mut reversed = SettlementReversed {
        correction_id,
        charge_key: named.key,
        result_code,
        amount: Yen::new(settlement.amount),
        entry_id: None,
        pledge_reopened: false,
    };
    if result_code.is_collected() {
        let gift = named.gift(tx.connection)?;
        let what = Corrected {
            correction_id,
            on: corrected_on,
            coop_id: named.batch.coop_id,
            batch_id: named.batch.id,
            charge_key: &named.key.to_string(),
            reason,
        };
        let entry_id = book::book_reversal(tx, &what, &gift)?;
        corrections::set_entry(tx.connection, correction_id, entry_id)?;
        reversed.entry_id = Some(entry_id);
    } else if let Some(pledge_id) = named.charge.pledge_id {
        reversed.pledge_reopened = reopen_pledge(tx, named.batch.coop_id, pledge_id, reason)?;
    }
    let event = Event {
        action: "reverse_settlement",
        coop_id: Some(named.batch.coop_id),
        subject: format!("charge:{}", named.key),
        reason: Some(reason),
    };
    tx.audit(&event, None::<&()>, Some(&reversed))?;
    Ok(reversed)
}

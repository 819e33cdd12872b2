//! A person decides about a held line: it is taken as the result of a charge, or put aside (R13).

use domain::ChargeKey;
use serde::{Deserialize, Serialize};
use store::results::{self, DecidedResult};
use store::tables::held_results::{self, HeldDecision, HeldResult};
use store::tables::settlements::Settlement;
use store::{DbConnection, lock};

use super::charge::NamedCharge;
use super::list_held_results::{HeldResultView, view};
use super::reverse_settlement::{require_result, reverse};
use super::settle::settle;
use crate::call::given_reason;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// To take a held line as the result of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeResult {
    /// The charge it is the result of; the one that the line names where none is given.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "00120250801000000012")]
    pub charge_key: Option<ChargeKey>,
    /// Why.
    pub reason: String,
}

/// To put a held line aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissResult {
    /// Why.
    pub reason: String,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldResultDecided {
    /// The line, decided.
    #[serde(flatten)]
    pub held: HeldResultView,
    /// The charge that it was taken for.
    #[schema(value_type = Option<String>, example = "00120250801000000012")]
    pub taken_for: Option<ChargeKey>,
    /// Whether an earlier result of the charge was taken back for it.
    pub replaced: bool,
}

/// A request as it is known by its idempotency key.
#[derive(Serialize)]
struct Asked<'a, T> {
    id: i64,
    request: &'a T,
}

impl Ledger {
    /// Takes a held line as the result of a charge, overriding what it was held for: where the
    /// charge has another result, that is taken back first; where the line's amount differs, the
    /// charge's counts.
    ///
    /// # Errors
    /// Refuses a line that is decided already, one whose day has not come yet, one that names no
    /// charge where none is chosen, a charge of another co-op than the line's, one that was never handed over or voided, and one
    /// whose result is the same, was given back, or was followed by another try.
    pub fn take_held_result(
        &self,
        call: &Call,
        id: i64,
        request: &TakeResult,
    ) -> Result<HeldResultDecided> {
        let asked = Asked { id, request };
        self.write(call, Operation::TakeHeldResult, &asked, |tx| {
            take(tx, id, request)
        })
    }

    /// Puts a held line aside, with a reason: it counts for nothing.
    ///
    /// # Errors
    /// Refuses a line that is decided already.
    pub fn dismiss_held_result(
        &self,
        call: &Call,
        id: i64,
        request: &DismissResult,
    ) -> Result<HeldResultDecided> {
        let asked = Asked { id, request };
        self.write(call, Operation::DismissHeldResult, &asked, |tx| {
            let reason = given_reason(&request.reason)?;
            if let Some(coop_id) = find(tx.connection, id)?.coop_id {
                lock::coop_exclusive(tx.connection, coop_id)?;
            }
            let held = find_open(tx.connection, id)?;
            let decided = Decided {
                state: held_results::DISMISSED,
                reason,
                settlement_id: None,
            };
            decide(tx, &held, &decided, None, false)
        })
    }
}

fn take(tx: &mut Tx<'_>, id: i64, request: &TakeResult) -> Result<HeldResultDecided> {
    let reason = given_reason(&request.reason)?;
    let held = find(tx.connection, id)?;
    let key = match request.charge_key {
        Some(key) => key,
        None => named_key(tx.connection, &held)?,
    };
    let named = NamedCharge::find_locked(tx, key)?;
    let held = find_open(tx.connection, id)?;
    refuse_not_come_yet(tx, &held)?;
    check_coop(&held, &named)?;
    named.require_handed_over(tx.connection)?;
    let replaced = match named.standing(tx.connection)? {
        None => false,
        Some(standing) if is_same(&standing, &held) => {
            return Err(LedgerError::refused(
                "result_known",
                format!(
                    "請求キー {} には、すでに同じ結果があります。この行は採用せずに閉じてください",
                    named.key
                ),
            ));
        }
        Some(_) => {
            let standing = require_result(tx, &named)?;
            reverse(tx, &named, &standing, tx.today, reason)?;
            true
        }
    };
    results::create_tables(tx.connection)?;
    let decided = DecidedResult {
        line_no: held.line_no,
        batch_id: named.batch.id,
        rank: named.charge.rank,
        result_code: &held.result_code,
        collected_on: held.collected_on,
    };
    results::classify_decided(tx.connection, decided)?;
    settle(tx, held.result_file_id, &held.file)?;
    results::drop_tables(tx.connection)?;
    let settlement = named
        .standing(tx.connection)?
        .ok_or_else(|| LedgerError::Corrupt(format!("settlement of {} is gone", named.key)))?;
    let decided = Decided {
        state: held_results::TAKEN,
        reason,
        settlement_id: Some(settlement.id),
    };
    decide(tx, &held, &decided, Some(named.key), replaced)
}

fn find(connection: &mut DbConnection, id: i64) -> Result<HeldResult> {
    held_results::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found(
            "held_result_not_found",
            format!("保留の結果 {id} はありません。番号を確かめてください"),
        )
    })
}

fn find_open(connection: &mut DbConnection, id: i64) -> Result<HeldResult> {
    let held = find(connection, id)?;
    if held.state == held_results::OPEN {
        return Ok(held);
    }
    Err(LedgerError::refused(
        "already_decided",
        format!(
            "保留の結果 {id} は、{} がすでに決めています（理由: {}）",
            held.decided_by.as_deref().unwrap_or_default(),
            held.decision_reason.as_deref().unwrap_or_default()
        ),
    ))
}

/// Refuses a line that tells what cannot have come about: it would be booked before it was.
fn refuse_not_come_yet(tx: &Tx<'_>, held: &HeldResult) -> Result<()> {
    match held.collected_on {
        Some(day) if day > tx.today => Err(LedgerError::refused(
            "date_in_future",
            format!(
                "集金日（{day}）がまだ来ていません。単協に確かめ、正しい結果を取り込んで、この行は採用せずに閉じてください（results dismiss）。正しいなら、その日が来てから採用してください"
            ),
        )),
        _ => Ok(()),
    }
}

/// The key of the charge that a line names.
fn named_key(connection: &mut DbConnection, held: &HeldResult) -> Result<ChargeKey> {
    let id = held.id;
    let shown = view(connection, held.clone())?;
    match shown.charges.as_slice() {
        [one] => Ok(one.charge_key),
        [] => Err(LedgerError::refused(
            "charge_unknown",
            format!("保留の結果 {id} に当てはまる請求明細がありません。請求キーを指定してください"),
        )),
        several => {
            let keys: Vec<String> = several.iter().map(|c| c.charge_key.to_string()).collect();
            Err(LedgerError::refused(
                "charge_ambiguous",
                format!(
                    "保留の結果 {id} に当てはまる請求明細が{}件あります。請求キーを指定してください: {}",
                    keys.len(),
                    keys.join("、")
                ),
            ))
        }
    }
}

/// A line without a key is of its co-op; one whose co-op and key disagree is of the key's.
fn check_coop(held: &HeldResult, named: &NamedCharge) -> Result<()> {
    let is_others = held
        .coop_id
        .is_some_and(|coop_id| coop_id != named.batch.coop_id);
    if is_others && held.reason != domain::ResultHoldReason::OtherCoop.as_str() {
        return Err(LedgerError::refused(
            "other_coop",
            format!(
                "請求キー {} はほかの単協の請求明細です。この行の単協の明細を指定してください",
                named.key
            ),
        ));
    }
    Ok(())
}

fn is_same(standing: &Settlement, held: &HeldResult) -> bool {
    standing.result_code == held.result_code && standing.collected_on == held.collected_on
}

struct Decided<'a> {
    state: &'a str,
    reason: &'a str,
    settlement_id: Option<i64>,
}

fn decide(
    tx: &mut Tx<'_>,
    held: &HeldResult,
    decided: &Decided<'_>,
    taken_for: Option<ChargeKey>,
    replaced: bool,
) -> Result<HeldResultDecided> {
    let decision = HeldDecision {
        state: decided.state,
        by: tx.actor.as_str(),
        at: tx.recorded_at(),
        reason: decided.reason,
        settlement_id: decided.settlement_id,
    };
    if !held_results::set_decided(tx.connection, held.id, decision)? {
        find_open(tx.connection, held.id)?;
    }
    let after = find(tx.connection, held.id)?;
    let outcome = HeldResultDecided {
        held: view(tx.connection, after)?,
        taken_for,
        replaced,
    };
    let event = Event {
        action: "decide_held_result",
        coop_id: held.coop_id,
        subject: format!("held_result:{}", held.id),
        reason: Some(decided.reason),
    };
    tx.audit(&event, None::<&()>, Some(&outcome))?;
    Ok(outcome)
}

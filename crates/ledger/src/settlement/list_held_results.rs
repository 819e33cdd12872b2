//! `list_held_results`: the lines of result files that wait for a person (R13).

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    ChargeKey, CollectionMonth, CoopCode, HeldResultState, ResultCode, ResultHoldReason, Yen,
};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::results::{self, Candidate};
use store::tables::held_results::{self, HeldResult};
use store::tables::settlements;
use store::tables::{batches, cooperatives};

use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "held-results";

/// Which held lines are asked for; all that wait where nothing is set.
#[derive(Debug, Clone, Default)]
pub struct HeldResultFilter {
    /// About charges of one co-op.
    pub coop: Option<CoopCode>,
    /// Of one file of results.
    pub result_file_id: Option<i64>,
    /// Held for one reason.
    pub reason: Option<ResultHoldReason>,
    /// In this state; open where none is given.
    pub state: Option<HeldResultState>,
}

/// A held line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldResultView {
    /// Its number.
    pub id: i64,
    /// Why it is held.
    #[schema(value_type = String, example = "contradicts")]
    pub reason: ResultHoldReason,
    /// What has become of it.
    #[schema(value_type = String, example = "open")]
    pub state: HeldResultState,
    /// The file it came in.
    pub result_file_id: i64,
    /// That file's name.
    pub file: String,
    /// The line there.
    pub line: i64,
    /// Code of the co-op whose charge it is about, where that is known.
    #[schema(example = "01")]
    pub coop: Option<String>,
    /// The key, as the line says.
    #[schema(example = "00120250801000000012")]
    pub charge_key: Option<String>,
    /// The member's number, as the line says.
    pub member_number: Option<String>,
    /// The month of collection, as the line says.
    #[schema(value_type = Option<String>, example = "2025-08")]
    pub month: Option<CollectionMonth>,
    /// The order number, as the line says.
    pub order_number: Option<String>,
    /// The code of the result.
    #[schema(value_type = String, example = "0")]
    pub result_code: ResultCode,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
    /// Yen, as the line says.
    #[schema(value_type = Option<i64>)]
    pub amount: Option<Yen>,
    /// The charges it may be of, the likeliest first: where it is taken, one of them is chosen.
    pub charges: Vec<HeldResultCharge>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why.
    pub decision_reason: Option<String>,
}

/// A charge that a held line may be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldResultCharge {
    /// Its key.
    #[schema(value_type = String, example = "00120250801000000012")]
    pub charge_key: ChargeKey,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// The code of the result it has, where it has one.
    #[schema(value_type = Option<String>, example = "1")]
    pub result_code: Option<ResultCode>,
}

impl Ledger {
    /// The held lines of result files, in the order of their numbers, a page at a time: those that
    /// wait where no state is asked for.
    pub fn list_held_results(
        &self,
        call: &Call,
        filter: &HeldResultFilter,
        page: &PageRequest,
    ) -> Result<Page<HeldResultView>> {
        let rows = page.rows()?;
        let after_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => 0,
        };
        self.read(call, Operation::ListHeldResults, |connection| {
            let coop_id = match &filter.coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let state = filter.state.unwrap_or(HeldResultState::Open);
            let asked = held_results::HeldResultFilter {
                coop_id,
                result_file_id: filter.result_file_id,
                reason: filter.reason.map(|reason| reason.as_str().to_owned()),
                state: Some(state.as_str().to_owned()),
            };
            let found = held_results::page(connection, &asked, after_id, rows + 1)?;
            let views = found
                .into_iter()
                .map(|held| view(connection, held))
                .collect::<Result<Vec<_>>>()?;
            Ok(Page::of(views, rows, |held| {
                Cursor::after(LIST, &[held.id])
            }))
        })
    }
}

impl Ledger {
    /// The held line of a number.
    ///
    /// # Errors
    /// Refuses a number that no held line has.
    pub fn get_held_result(&self, call: &Call, id: i64) -> Result<HeldResultView> {
        self.read(call, Operation::ListHeldResults, |connection| {
            let held = held_results::find(connection, id)?.ok_or_else(|| {
                LedgerError::not_found(
                    "held_result_not_found",
                    format!("保留の結果 {id} はありません"),
                )
            })?;
            view(connection, held)
        })
    }
}

/// The held line of a number as people see it.
pub(crate) fn load(connection: &mut DbConnection, id: i64) -> Result<HeldResultView> {
    let held = held_results::find(connection, id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("held result {id} is gone")))?;
    view(connection, held)
}

/// A held line as people see it.
pub(super) fn view(connection: &mut DbConnection, held: HeldResult) -> Result<HeldResultView> {
    let charges = charges(connection, &held)?;
    let coop = match held.coop_id {
        Some(id) => cooperatives::find(connection, id)?.map(|coop| coop.code),
        None => None,
    };
    let month = held.month.map(CollectionMonth::from_int).transpose();
    Ok(HeldResultView {
        id: held.id,
        reason: stored(
            "held_results.reason",
            ResultHoldReason::from_stored(&held.reason),
        )?,
        state: stored(
            "held_results.state",
            HeldResultState::from_stored(&held.state),
        )?,
        result_file_id: held.result_file_id,
        file: held.file,
        line: held.line_no,
        coop,
        charge_key: held.charge_key,
        member_number: held.member_number,
        month: stored("held_results.month", month)?,
        order_number: held.order_number,
        result_code: stored(
            "held_results.result_code",
            ResultCode::from_stored(&held.result_code),
        )?,
        collected_on: held.collected_on,
        amount: held.amount.map(Yen::new),
        charges,
        decided_by: held.decided_by,
        decided_at: held.decided_at.map(|at| at.and_utc()),
        decision_reason: held.decision_reason,
    })
}

/// The charge that the line is about, or those that it may be of.
fn charges(connection: &mut DbConnection, held: &HeldResult) -> Result<Vec<HeldResultCharge>> {
    let found = match (held.batch_id, held.rank) {
        (Some(batch_id), Some(rank)) => one_charge(connection, batch_id, rank)?,
        _ => match (held.coop_id, held.month, &held.member_number) {
            (Some(coop_id), Some(month), Some(member_number)) => {
                let number = held.order_number.as_deref().unwrap_or("");
                results::candidates_of(connection, coop_id, month, member_number, number)?
            }
            _ => Vec::new(),
        },
    };
    found.iter().map(charge_view).collect()
}

fn one_charge(connection: &mut DbConnection, batch_id: i64, rank: i64) -> Result<Vec<Candidate>> {
    let batch = batches::find(connection, batch_id)?;
    let charge = store::tables::charges::find(connection, batch_id, rank)?;
    let (Some(batch), Some(charge)) = (batch, charge) else {
        return Err(LedgerError::Corrupt(format!(
            "held_results: charge {batch_id}/{rank} is gone"
        )));
    };
    let standing = settlements::standing(connection, batch_id, rank)?;
    Ok(vec![Candidate {
        coop_id: batch.coop_id,
        batch_id,
        month: batch.month,
        sequence: batch.sequence,
        rank,
        amount: charge.amount,
        result_code: standing.map(|standing| standing.result_code),
    }])
}

fn charge_view(candidate: &Candidate) -> Result<HeldResultCharge> {
    let month = stored("batches.month", CollectionMonth::from_int(candidate.month))?;
    let sequence = i64::from(candidate.sequence);
    let key = ChargeKey::new(candidate.coop_id, month, sequence, candidate.rank);
    let code = candidate
        .result_code
        .as_deref()
        .map(ResultCode::from_stored);
    Ok(HeldResultCharge {
        charge_key: stored("charges.rank", key)?,
        amount: Yen::new(candidate.amount),
        result_code: stored("settlements.result_code", code.transpose())?,
    })
}

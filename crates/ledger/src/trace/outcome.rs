//! What became of a charge, and what was put right in it (R13).

use chrono::{DateTime, NaiveDate, Utc};
use domain::{ChargeKey, CollectionMonth, CorrectionKind, ResultCode, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::settlements::{self, Settlement};
use store::tables::{batches, corrections, result_files};

use crate::error::stored;
use crate::{LedgerError, Result};

/// The result of a charge that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeResult {
    /// `0` collected, or why not.
    #[schema(value_type = String, example = "0")]
    pub result_code: ResultCode,
    /// What the code means.
    #[schema(example = "集金済み")]
    pub label: String,
    /// The day of collection; none only where it failed.
    pub collected_on: Option<NaiveDate>,
    /// The month in which it is tried again.
    #[schema(value_type = Option<String>, example = "2025-09")]
    pub carry_month: Option<CollectionMonth>,
    /// The file of results it came in.
    pub file: String,
    /// The line there.
    pub line: i64,
    /// Who brought it in.
    pub imported_by: String,
    /// When, UTC.
    pub imported_at: DateTime<Utc>,
    /// The journal entry, where it was collected.
    pub entry_id: Option<i64>,
}

/// A result taken back, or a gift given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ChargeCorrection {
    /// Its number.
    pub correction_id: i64,
    /// `reversal` or `refund`.
    #[schema(value_type = String, example = "refund")]
    pub kind: CorrectionKind,
    /// The day it is dated.
    pub corrected_on: NaiveDate,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Why.
    pub reason: String,
    /// Who.
    pub corrected_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The journal entry, where money moved.
    pub entry_id: Option<i64>,
}

/// What became of a charge.
pub(super) struct Outcome {
    pub(super) result: Option<ChargeResult>,
    pub(super) corrections: Vec<ChargeCorrection>,
}

/// What became of the charge at a place of a batch.
pub(super) fn of_charge(
    connection: &mut DbConnection,
    batch_id: i64,
    rank: i64,
) -> Result<Outcome> {
    let all = settlements::of_charge(connection, batch_id, rank)?;
    if all.is_empty() {
        return Ok(Outcome {
            result: None,
            corrections: Vec::new(),
        });
    }
    let standing = all.into_iter().find(|one| one.correction_mark == 0);
    let result = match standing {
        Some(standing) => Some(view(connection, standing)?),
        None => None,
    };
    let corrections = corrections::of_charge(connection, batch_id, rank)?
        .into_iter()
        .map(|one| {
            Ok(ChargeCorrection {
                correction_id: one.id,
                kind: stored("corrections.kind", CorrectionKind::from_stored(&one.kind))?,
                corrected_on: one.corrected_on,
                amount: Yen::new(one.amount),
                reason: one.reason,
                corrected_by: one.actor,
                recorded_at: one.recorded_at.and_utc(),
                entry_id: one.entry_id,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Outcome {
        result,
        corrections,
    })
}

fn view(connection: &mut DbConnection, standing: Settlement) -> Result<ChargeResult> {
    let code = ResultCode::from_stored(&standing.result_code);
    let result_code = stored("settlements.result_code", code)?;
    let carry_month = standing.carry_month.map(CollectionMonth::from_int);
    let file_id = standing.result_file_id;
    let file = result_files::find(connection, file_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("settlements.result_file_id: {file_id}")))?;
    Ok(ChargeResult {
        result_code,
        label: result_code.label_ja().to_owned(),
        collected_on: standing.collected_on,
        carry_month: stored("settlements.carry_month", carry_month.transpose())?,
        file: file.values.name,
        imported_by: file.values.actor,
        imported_at: file.values.recorded_at.and_utc(),
        line: standing.line_no,
        entry_id: standing.entry_id,
    })
}

/// The key of the charge at a place of a batch, where there is one.
pub(super) fn key_at(
    connection: &mut DbConnection,
    batch_id: Option<i64>,
    rank: Option<i64>,
) -> Result<Option<ChargeKey>> {
    let (Some(batch_id), Some(rank)) = (batch_id, rank) else {
        return Ok(None);
    };
    let batch = batches::find(connection, batch_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("charges.repeats_batch_id: {batch_id}")))?;
    let month = stored("batches.month", CollectionMonth::from_int(batch.month))?;
    let key = ChargeKey::new(batch.coop_id, month, i64::from(batch.sequence), rank);
    stored("charges.repeats_rank", key).map(Some)
}

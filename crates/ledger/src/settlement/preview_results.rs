//! `preview_results`: what a co-op's answer would come to.

use chrono::{DateTime, Utc};
use domain::{CollectionMonth, CoopCode, ResultCode, ResultHoldReason, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::results::{self, BatchFates, FailuresOf};
use store::tables::{result_files, settlements};

use super::failures::{ChargeSum, Failures};
use super::import_results::{ImportResults, ResultsImported, import};
use crate::error::stored;
use crate::table_file::TableFile;
use crate::{Call, Ledger, LedgerError, Operation, Result, Source};

/// Held lines told one by one; the rest are only counted.
const HELD_LINES_MAX: i64 = 100;

/// What a file of results would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsPreview {
    /// What the import would tell. The number of the file is that of the time before, or 0.
    #[serde(flatten)]
    pub imported: ResultsImported,
    /// What it settles, by batch.
    pub batches: Vec<BatchResultsPreview>,
    /// What would fail, why, and what would follow.
    pub failures: Failures,
    /// What would be held, by reason.
    pub holds: Vec<HeldResultsPreview>,
    /// The first lines that would be held, a hundred at most, in the order of the file.
    pub held_lines: Vec<HeldResultLinePreview>,
    /// When the file was taken before (R6).
    pub before_at: Option<DateTime<Utc>>,
    /// By whom, as the audit log names them.
    pub before_by: Option<String>,
}

/// What a file says of the charges of one batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchResultsPreview {
    /// The batch.
    pub batch_id: i64,
    /// Code of its co-op.
    pub coop: CoopCode,
    /// Its month.
    pub month: CollectionMonth,
    /// Which of the month's.
    pub sequence: i32,
    /// What was handed over.
    pub exported: ChargeSum,
    /// What the file collects.
    pub collected: ChargeSum,
    /// What it says has failed.
    pub failed: ChargeSum,
    /// What would be without a result after that.
    pub outstanding: ChargeSum,
}

/// What would be held for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldResultsPreview {
    /// Why.
    pub reason: ResultHoldReason,
    /// How many lines.
    pub lines: u64,
    /// Yen of their charges, of those whose charge is known.
    pub amount: Yen,
}

/// A line that would be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldResultLinePreview {
    /// The line in the file.
    pub line: u64,
    /// Why.
    pub reason: ResultHoldReason,
    /// The key, as the line says.
    pub charge_key: Option<String>,
    /// The member's number, as the line says.
    pub member_number: Option<String>,
    /// The code of the result.
    pub result_code: ResultCode,
}

impl Ledger {
    /// Tells what [`Ledger::import_results`] would make of a file, and changes nothing.
    ///
    /// # Errors
    /// Refuses what the import would refuse, with the same list of lines.
    pub fn preview_results(
        &self,
        call: &Call,
        source: &dyn Source,
        request: &ImportResults,
        lines_read: &dyn Fn(u64),
    ) -> Result<ResultsPreview> {
        let file = TableFile::inspect(source)?;
        self.try_out(call, Operation::ImportResults, |tx| {
            let mut looked = None;
            let imported = import(tx, &file, request, lines_read, &mut |connection, id| {
                looked = Some(look(connection, id)?);
                Ok(())
            })?;
            match looked {
                Some(looked) => Ok(looked.into_preview(imported)),
                None => before(tx.connection, imported),
            }
        })
    }
}

/// What was seen of lines that are about to be undone.
struct Looked {
    batches: Vec<BatchResultsPreview>,
    failures: Failures,
    holds: Vec<HeldResultsPreview>,
    held_lines: Vec<HeldResultLinePreview>,
}

impl Looked {
    fn into_preview(self, imported: ResultsImported) -> ResultsPreview {
        ResultsPreview {
            imported: ResultsImported {
                result_file_id: 0,
                ..imported
            },
            batches: self.batches,
            failures: self.failures,
            holds: self.holds,
            held_lines: self.held_lines,
            before_at: None,
            before_by: None,
        }
    }
}

fn before(connection: &mut DbConnection, imported: ResultsImported) -> Result<ResultsPreview> {
    let id = imported.result_file_id;
    let known = result_files::find(connection, id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("result file {id} is gone")))?;
    Ok(ResultsPreview {
        imported,
        batches: Vec::new(),
        failures: Failures::default(),
        holds: Vec::new(),
        held_lines: Vec::new(),
        before_at: Some(known.values.recorded_at.and_utc()),
        before_by: Some(known.values.actor),
    })
}

/// Looks at what has just been settled and is about to be undone.
fn look(connection: &mut DbConnection, result_file_id: i64) -> Result<Looked> {
    let fates = results::fates_of_batches(connection)?;
    let ids: Vec<i64> = fates.iter().map(|batch| batch.batch_id).collect();
    let sums = settlements::sums_of_batches(connection, &ids)?;
    let batches = fates.into_iter().map(|batch| {
        let settled = sums.iter().find(|sums| sums.batch_id == batch.batch_id);
        batch_preview(batch, settled.copied().unwrap_or_default())
    });
    let holds = results::sum_held_reasons(connection)?;
    let held = results::first_held(connection, HELD_LINES_MAX)?;
    Ok(Looked {
        batches: batches.collect::<Result<_>>()?,
        failures: Failures::load(connection, FailuresOf::ResultFile(result_file_id))?,
        holds: holds
            .into_iter()
            .map(|sum| {
                Ok(HeldResultsPreview {
                    reason: reason(&sum.reason)?,
                    lines: sum.lines.unsigned_abs(),
                    amount: Yen::new(sum.amount),
                })
            })
            .collect::<Result<_>>()?,
        held_lines: held
            .into_iter()
            .map(|line| {
                let code = ResultCode::from_stored(&line.result_code);
                Ok(HeldResultLinePreview {
                    line: line.line_no.unsigned_abs(),
                    reason: reason(&line.reason)?,
                    charge_key: line.charge_key,
                    member_number: line.member_number,
                    result_code: stored("held_results.result_code", code)?,
                })
            })
            .collect::<Result<_>>()?,
    })
}

fn reason(word: &str) -> Result<ResultHoldReason> {
    stored("held_results.reason", ResultHoldReason::from_stored(word))
}

/// `settled` counts what this file settles, too.
fn batch_preview(
    batch: BatchFates,
    settled: settlements::BatchSums,
) -> Result<BatchResultsPreview> {
    let sum = |charges: i64, amount: i64| ChargeSum {
        charges: charges.unsigned_abs(),
        amount: Yen::new(amount),
    };
    Ok(BatchResultsPreview {
        batch_id: batch.batch_id,
        coop: stored("cooperatives.code", batch.coop.parse())?,
        month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
        sequence: batch.sequence,
        exported: sum(batch.charges, batch.amount),
        collected: sum(batch.collected, batch.collected_amount),
        failed: sum(batch.failed, batch.failed_amount),
        outstanding: sum(
            batch.charges - settled.collected - settled.failed,
            batch.amount - settled.collected_amount - settled.failed_amount,
        ),
    })
}

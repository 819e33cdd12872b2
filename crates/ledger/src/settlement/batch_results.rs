//! `batch_results`: what came back of one batch, why not all of it, and what follows.

use chrono::{DateTime, Utc};
use domain::Yen;
use serde::{Deserialize, Serialize};
use store::results::FailuresOf;
use store::tables::result_files::{self, ResultFile};

use super::failures::Failures;
use crate::billing::BatchView;
use crate::billing::batches::batch_view;
use crate::error::stored;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const FILES: &str = "result-files";

/// What came back of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchResults {
    /// The batch, with how far it is settled.
    pub batch: BatchView,
    /// What has failed and stands, and what follows.
    pub failures: Failures,
}

/// A file of results that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultFileView {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub file: String,
    /// Its lines.
    pub lines: u64,
    /// How many charges it collected.
    pub collected: u64,
    /// Yen of them.
    pub collected_amount: Yen,
    /// How many charges it says have failed.
    pub failed: u64,
    /// Yen of them.
    pub failed_amount: Yen,
    /// How many lines were held when it was taken.
    pub held: u64,
    /// How many lines said what was known already.
    pub unchanged: u64,
    /// Who took it, as the audit log names them.
    pub taken_by: String,
    /// When.
    pub taken_at: DateTime<Utc>,
}

/// A file of results with what failed in it and what followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultFileDetail {
    /// The file.
    pub file: ResultFileView,
    /// What of it has failed and stands, and what follows.
    pub failures: Failures,
}

impl Ledger {
    /// How far a batch is settled, what of it has failed, why, and what follows under the policy.
    ///
    /// # Errors
    /// Refuses a number that no batch has.
    pub fn batch_results(&self, call: &Call, batch_id: i64) -> Result<BatchResults> {
        let overdue = self.overdue();
        self.read(call, Operation::ListHeldResults, |connection| {
            Ok(BatchResults {
                batch: batch_view(connection, batch_id, overdue)?,
                failures: Failures::load(connection, FailuresOf::Batch(batch_id))?,
            })
        })
    }

    /// The files of results that were taken, newest first, a page at a time.
    pub fn list_result_files(
        &self,
        call: &Call,
        page: &PageRequest,
    ) -> Result<Page<ResultFileView>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(FILES)?[0],
            None => i64::MAX,
        };
        self.read(call, Operation::ListHeldResults, |connection| {
            let found = result_files::page(connection, before_id, rows + 1)?;
            let views = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
            Ok(Page::of(views, rows, |file| {
                Cursor::after(FILES, &[file.id])
            }))
        })
    }

    /// A file of results with what failed in it and what followed.
    ///
    /// # Errors
    /// Refuses a number that no file has.
    pub fn get_result_file(&self, call: &Call, id: i64) -> Result<ResultFileDetail> {
        self.read(call, Operation::ListHeldResults, |connection| {
            let file = result_files::find(connection, id)?.ok_or_else(|| {
                LedgerError::not_found(
                    "result_file_not_found",
                    format!("集金結果のファイル {id} はありません"),
                )
            })?;
            Ok(ResultFileDetail {
                file: view(file)?,
                failures: Failures::load(connection, FailuresOf::ResultFile(id))?,
            })
        })
    }
}

fn view(file: ResultFile) -> Result<ResultFileView> {
    let values = file.values;
    let count = |number: i64| stored("result_files.lines", u64::try_from(number));
    Ok(ResultFileView {
        id: file.id,
        file: values.name,
        lines: count(values.lines)?,
        collected: count(values.collected)?,
        collected_amount: Yen::new(values.collected_amount),
        failed: count(values.failed)?,
        failed_amount: Yen::new(values.failed_amount),
        held: count(values.held)?,
        unchanged: count(values.unchanged)?,
        taken_by: values.actor,
        taken_at: values.recorded_at.and_utc(),
    })
}

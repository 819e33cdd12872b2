//! How far an import is.

use chrono::TimeDelta;
use store::tables::jobs::{self, Job};

use super::trial::not_found;
use super::{ImportJob, ImportRefusal, ImportState, moment};
use crate::error::stored;
use crate::{Call, Ledger, Operation, Result};

/// A process that has not said for so long that it works on its import has died.
const SILENCE_MAX: TimeDelta = TimeDelta::seconds(60);

impl Ledger {
    /// The import of a name, as the process `instance` sees it: one that another process worked on
    /// and has not spoken of for a minute was interrupted.
    pub fn get_import(&self, call: &Call, id: &str, instance: &str) -> Result<ImportJob> {
        let job = self.read(call, Operation::GetImport, |connection| {
            Ok(jobs::find(connection, id)?)
        })?;
        let job = job.ok_or_else(|| not_found(id))?;
        let is_silent = self.is_silent(&job);
        view(job, instance, is_silent)
    }

    /// Whether the process that works on a job has not spoken for too long.
    pub(super) fn is_silent(&self, job: &Job) -> bool {
        self.now().naive_utc() - job.heartbeat_at > SILENCE_MAX
    }
}

/// A job as the process `instance` sees it.
pub(super) fn view(job: Job, instance: &str, is_silent: bool) -> Result<ImportJob> {
    let outcome = job.outcome.as_deref().unwrap_or("null");
    let (mut result, mut refusal) = (None, None);
    let state = match job.state.as_str() {
        "done" => {
            result = Some(stored("jobs.outcome", serde_json::from_str(outcome))?);
            ImportState::Done
        }
        "running" if job.instance == instance || !is_silent => ImportState::Running,
        "running" => {
            refusal = Some(interrupted());
            ImportState::Failed
        }
        state => {
            refusal = Some(stored("jobs.outcome", serde_json::from_str(outcome))?);
            if state == "refused" {
                ImportState::Refused
            } else {
                ImportState::Failed
            }
        }
    };
    Ok(ImportJob {
        id: job.id,
        table: job.kind,
        file: job.name,
        state,
        lines_read: None,
        started_at: moment(job.started_at),
        ended_at: job.ended_at.map(moment),
        result,
        refusal,
    })
}

/// What is told of an import whose process died: whether it was taken in or not, the file may be
/// sent again (R6).
fn interrupted() -> ImportRefusal {
    ImportRefusal {
        code: "import_interrupted".to_owned(),
        message: "中断されました。同じファイルをもう一度送ってください（取り込み済みなら何も変わりません）".to_owned(),
        problems: Vec::new(),
    }
}

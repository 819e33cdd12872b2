//! A file is tried before it is taken: a trial is a job that changes nothing and keeps what it
//! would have done. Taking it is another job, of which there is one for each trial.

use serde::{Deserialize, Serialize};
use store::tables::jobs::{self, Job};

use super::get_import::view;
use super::start_import::{ImportStarted, StartImport, new_job};
use super::{ImportJob, ImportState};
use crate::error::stored;
use crate::rights::require;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A trial, or an import, with what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportFollowed {
    /// Where it stands, and what became of it.
    pub job: ImportJob,
    /// Whether it is a trial.
    pub is_trial: bool,
    /// What was asked for.
    pub asked: Option<StartImport>,
    /// Who asked, as the audit log names them.
    pub asked_by: Option<String>,
    /// The trial that it makes good.
    pub trial_id: Option<String>,
    /// The job that makes good this trial, where it was taken.
    pub taken_as: Option<String>,
}

/// A trial that is being taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrialTaken {
    /// The job that takes it: the one offered, or the one that was begun before.
    pub id: String,
    /// What was asked for.
    pub request: StartImport,
    /// Who tried it, as the audit log names them.
    pub tried_by: String,
}

impl Ledger {
    /// Records that process `instance` tries a file, under the name `id` where this request was not
    /// made before. Who may not take the file may not try it either.
    pub fn start_trial(
        &self,
        call: &Call,
        request: &StartImport,
        id: &str,
        instance: &str,
    ) -> Result<ImportStarted> {
        self.write(call, Operation::StartImport, request, |tx| {
            let operation = request
                .operation()
                .ok_or_else(|| LedgerError::Corrupt(format!("trial of {}", request.table)))?;
            require(tx.access, operation)?;
            let job = Job {
                is_trial: true,
                ..new_job(tx, request, id, instance)?
            };
            jobs::insert(tx.connection, &job)?;
            Ok(ImportStarted { id: id.to_owned() })
        })
    }

    /// Records that process `instance` takes the file of a trial, under the name `id`. However often
    /// it is asked for, a trial is taken once: who gets back another name than the one offered has
    /// nothing to do (R6).
    ///
    /// # Errors
    /// Refuses a trial that there is not, or that has not come to a good end.
    pub fn take_trial(
        &self,
        call: &Call,
        trial_id: &str,
        id: &str,
        instance: &str,
    ) -> Result<TrialTaken> {
        self.write(call, Operation::StartImport, &trial_id, |tx| {
            store::lock::idempotency_key(tx.connection, "", "take_trial", trial_id)?;
            take(tx, trial_id, id, instance)
        })
    }

    /// The import or trial of a name with what it is about, as [`Ledger::get_import`] sees it.
    pub fn follow_import(&self, call: &Call, id: &str, instance: &str) -> Result<ImportFollowed> {
        let (job, taken) = self.read(call, Operation::GetImport, |connection| {
            let taken = jobs::find_of_trial(connection, id)?;
            Ok((jobs::find(connection, id)?, taken))
        })?;
        let job = job.ok_or_else(|| not_found(id))?;
        let is_silent = self.is_silent(&job);
        Ok(ImportFollowed {
            is_trial: job.is_trial,
            asked: asked(&job)?,
            asked_by: job.actor.clone(),
            trial_id: job.trial_id.clone(),
            taken_as: taken.map(|taken| taken.id),
            job: view(job, instance, is_silent)?,
        })
    }
}

fn take(tx: &mut Tx<'_>, trial_id: &str, id: &str, instance: &str) -> Result<TrialTaken> {
    let trial = jobs::find(tx.connection, trial_id)?
        .filter(|job| job.is_trial && job.state == ImportState::Done.word());
    let trial = trial.ok_or_else(|| {
        LedgerError::not_found(
            "import_not_found",
            format!("取り込める状態の下見 {trial_id} はありません。ファイルを選び直してください"),
        )
    })?;
    let request = asked(&trial)?
        .ok_or_else(|| LedgerError::Corrupt(format!("jobs.request of {trial_id}")))?;
    if let Some(operation) = request.operation() {
        require(tx.access, operation)?;
    }
    let tried_by = trial.actor.unwrap_or_default();
    let id = match jobs::find_of_trial(tx.connection, trial_id)? {
        Some(known) => known.id,
        None => {
            let job = Job {
                trial_id: Some(trial_id.to_owned()),
                ..new_job(tx, &request, id, instance)?
            };
            jobs::insert(tx.connection, &job)?;
            job.id
        }
    };
    Ok(TrialTaken {
        id,
        request,
        tried_by,
    })
}

fn asked(job: &Job) -> Result<Option<StartImport>> {
    let request = job.request.as_deref().map(serde_json::from_str);
    stored("jobs.request", request.transpose())
}

/// The refusal of a name that no import has.
pub(super) fn not_found(id: &str) -> LedgerError {
    LedgerError::not_found("import_not_found", format!("取り込み {id} はありません"))
}

//! An import begins.

use chrono::NaiveDate;
use domain::{Channel, CoopCode};
use serde::{Deserialize, Serialize};
use store::tables::jobs::{self, Job};

use super::ImportState;
use crate::rights::require;
use crate::tx::{Tx, to_json};
use crate::{Call, Caller, Ledger, Operation, ReferenceTable, Result};

/// What is to be imported. The same key with another file, table or setting is refused (R6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartImport {
    /// What is imported: `applications`, `members` …
    pub table: String,
    /// The name under which the file was sent.
    pub file: String,
    /// The file, by its bytes.
    pub sha256: String,
    /// The channel of applications that name none.
    pub channel: Option<Channel>,
    /// The date of receipt of applications that name none.
    pub received_on: Option<NaiveDate>,
    /// The co-op that results come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coop: Option<CoopCode>,
}

/// An import that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportStarted {
    /// Its name: the one offered, or that of the import begun under the same key before.
    pub id: String,
}

impl StartImport {
    /// The use case that it comes to; none where it is no file that fills a table.
    pub(super) fn operation(&self) -> Option<Operation> {
        match self.table.as_str() {
            "applications" => Some(Operation::ImportApplications),
            "results" => Some(Operation::ImportResults),
            table => Some(table.parse::<ReferenceTable>().ok()?.operation()),
        }
    }
}

impl Ledger {
    /// The caller, let in once and for all, for work that goes on after the answer is given.
    pub fn admitted(&self, call: &Call, operation: Operation) -> Result<Caller> {
        self.read_as(call, operation, |_, access| {
            Ok(Caller::Admitted(access.clone()))
        })
    }

    /// Records that process `instance` works on an import, under the name `id` where this request
    /// was not made before. Who gets back another name than the one offered has nothing to do.
    pub fn start_import(
        &self,
        call: &Call,
        request: &StartImport,
        id: &str,
        instance: &str,
    ) -> Result<ImportStarted> {
        self.write(call, Operation::StartImport, request, |tx| {
            if let Some(operation) = request.operation() {
                require(tx.access, operation)?;
            }
            start(tx, request, id, instance)
        })
    }
}

fn start(
    tx: &mut Tx<'_>,
    request: &StartImport,
    id: &str,
    instance: &str,
) -> Result<ImportStarted> {
    let job = new_job(tx, request, id, instance)?;
    jobs::insert(tx.connection, &job)?;
    Ok(ImportStarted { id: id.to_owned() })
}

/// A job that begins now.
pub(super) fn new_job(tx: &Tx<'_>, request: &StartImport, id: &str, instance: &str) -> Result<Job> {
    Ok(Job {
        id: id.to_owned(),
        kind: request.table.clone(),
        state: ImportState::Running.word().to_owned(),
        name: Some(request.file.clone()),
        instance: instance.to_owned(),
        started_at: tx.recorded_at(),
        heartbeat_at: tx.recorded_at(),
        ended_at: None,
        outcome: None,
        actor: Some(tx.actor.as_str().to_owned()),
        request: Some(to_json(request)?),
        is_trial: false,
        trial_id: None,
    })
}

//! The imports that this process works on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ledger::intake::{ImportApplications, ImportProgress};
use ledger::settlement::ImportResults;
use ledger::{
    Call, Caller, FileSource, ImportOutcome, ImportRefusal, Ledger, ReferenceTable, StartImport,
};
use serde::Serialize;
use serde_json::Value;
use tempfile::TempPath;
use uuid::Uuid;

use crate::problem::Problem;

/// How often shutting down looks whether the jobs have ended.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How often the database is told that a job goes on.
const BEAT: Duration = Duration::from_secs(15);

/// The jobs that this process works on.
#[derive(Clone)]
pub struct Jobs {
    /// The name of this process in the database.
    pub instance: Arc<str>,
    lines_read: Arc<Mutex<HashMap<String, Arc<AtomicU64>>>>,
}

/// No jobs yet.
impl Default for Jobs {
    fn default() -> Self {
        Self {
            instance: Uuid::new_v4().to_string().into(),
            lines_read: Arc::default(),
        }
    }
}

impl Jobs {
    /// How many run.
    pub fn running(&self) -> i64 {
        i64::try_from(self.map().len()).unwrap_or(i64::MAX)
    }

    /// How many lines of a running job are read.
    pub fn lines_read(&self, id: &str) -> Option<u64> {
        let lines = self.map().get(id).cloned();
        lines.map(|lines| lines.load(Ordering::Relaxed))
    }

    /// Waits until none runs.
    pub async fn finish(&self) {
        while self.running() > 0 {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Works on an import, apart from the request that asked for it.
    pub fn work(&self, ledger: &Ledger, import: Import) {
        let lines = Arc::new(AtomicU64::new(0));
        self.map().insert(import.id.clone(), Arc::clone(&lines));
        self.beat(ledger.clone(), import.id.clone());
        let (jobs, ledger) = (self.clone(), ledger.clone());
        actix_web::rt::task::spawn_blocking(move || {
            let working = Working {
                jobs,
                ledger,
                import,
                is_recorded: false,
            };
            working.run(&lines);
        });
    }

    /// Tells the database from time to time that a job goes on, for as long as it does.
    fn beat(&self, ledger: Ledger, id: String) {
        let jobs = self.clone();
        actix_web::rt::spawn(async move {
            tokio::time::sleep(BEAT).await;
            while jobs.map().contains_key(&id) {
                let (ledger, id) = (ledger.clone(), id.clone());
                let beat = actix_web::rt::task::spawn_blocking(move || ledger.beat_import(&id));
                if !matches!(beat.await, Ok(Ok(()))) {
                    tracing::warn!("an import could not note that it goes on");
                }
                tokio::time::sleep(BEAT).await;
            }
        });
    }

    fn map(&self) -> MutexGuard<'_, HashMap<String, Arc<AtomicU64>>> {
        self.lines_read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// An import to work on.
pub struct Import {
    /// Its name.
    pub id: String,
    /// Who asked for it, let in when they did.
    pub caller: Caller,
    /// What was asked for.
    pub request: StartImport,
    /// The file.
    pub file: ImportFile,
    /// Whether it is only tried, and nothing is changed.
    pub is_trial: bool,
}

/// A file that is imported or tried.
pub enum ImportFile {
    /// It goes when the work has ended.
    Passing(TempPath),
    /// It stays, to be taken later.
    Kept(PathBuf),
}

impl ImportFile {
    fn path(&self) -> &Path {
        match self {
            Self::Passing(path) => path,
            Self::Kept(path) => path,
        }
    }
}

/// An import under way. Dropped without an outcome, by a panic, it has failed.
struct Working {
    jobs: Jobs,
    ledger: Ledger,
    import: Import,
    is_recorded: bool,
}

impl Working {
    fn run(mut self, lines: &AtomicU64) {
        let outcome = match self.import_file(lines) {
            Ok(result) => ImportOutcome::Done(result),
            Err(error) => ImportOutcome::from(&error),
        };
        if let (ImportFile::Kept(path), false) =
            (&self.import.file, matches!(outcome, ImportOutcome::Done(_)))
        {
            // It cannot be taken, so it need not wait; else the sweep takes it away.
            let _gone = std::fs::remove_file(path);
        }
        self.record(&outcome);
    }

    fn import_file(&self, lines: &AtomicU64) -> ledger::Result<Value> {
        let request = &self.import.request;
        let source = FileSource::named(self.import.file.path(), &request.file);
        let call = Call::by(self.import.caller.clone());
        let read = |number: u64| lines.store(number, Ordering::Relaxed);
        match request.table.as_str() {
            "applications" => self.applications(&call, &source, &read),
            "results" => self.results(&call, &source, &read),
            table => self.reference(&call, table.parse()?, &source, &read),
        }
    }

    fn applications(
        &self,
        call: &Call,
        source: &FileSource,
        read: &(dyn Fn(u64) + Sync),
    ) -> ledger::Result<Value> {
        let defaults = ImportApplications {
            channel: self.import.request.channel,
            received_on: self.import.request.received_on,
        };
        let progress = |progress: ImportProgress| read(progress.lines);
        if self.import.is_trial {
            let ledger = &self.ledger;
            return told(ledger.preview_import(call, source, defaults, &progress)?);
        }
        told(
            self.ledger
                .import_applications(call, source, defaults, &progress)?,
        )
    }

    fn results(
        &self,
        call: &Call,
        source: &FileSource,
        read: &dyn Fn(u64),
    ) -> ledger::Result<Value> {
        let said = ImportResults {
            coop: self.import.request.coop.clone(),
        };
        if self.import.is_trial {
            return told(self.ledger.preview_results(call, source, &said, read)?);
        }
        told(self.ledger.import_results(call, source, &said, read)?)
    }

    fn reference(
        &self,
        call: &Call,
        table: ReferenceTable,
        source: &FileSource,
        read: &dyn Fn(u64),
    ) -> ledger::Result<Value> {
        let imported = if self.import.is_trial {
            self.ledger.preview_reference(call, table, source)?
        } else {
            self.ledger.import_reference(call, table, source)?
        };
        read(imported.lines);
        told(imported)
    }

    fn record(&mut self, outcome: &ImportOutcome) {
        self.is_recorded = true;
        if let Err(error) = self.ledger.end_import(&self.import.id, outcome) {
            tracing::error!(
                code = error.code(),
                "what became of an import could not be noted"
            );
        }
    }
}

/// What an import gave, to be kept.
fn told(outcome: impl Serialize) -> ledger::Result<Value> {
    Ok(serde_json::to_value(outcome).unwrap_or_default())
}

impl Drop for Working {
    fn drop(&mut self) {
        if !self.is_recorded {
            let problem = Problem::internal();
            self.record(&ImportOutcome::Failed(ImportRefusal {
                code: problem.code.to_owned(),
                message: problem.detail,
                problems: Vec::new(),
            }));
        }
        self.jobs.map().remove(&self.import.id);
    }
}

//! The imports that this process works on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ledger::intake::ImportApplications;
use ledger::settlement::ImportResults;
use ledger::{Call, Caller, FileSource, ImportOutcome, ImportRefusal, Ledger, StartImport};
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
    /// The file, which goes when the import has ended.
    pub file: TempPath,
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
        self.record(&outcome);
    }

    fn import_file(&self, lines: &AtomicU64) -> ledger::Result<Value> {
        let request = &self.import.request;
        let source = FileSource::named(&self.import.file, &request.file);
        let call = Call::by(self.import.caller.clone());
        if request.table == "applications" {
            let defaults = ImportApplications {
                channel: request.channel,
                received_on: request.received_on,
            };
            let imported =
                self.ledger
                    .import_applications(&call, &source, defaults, &|progress| {
                        lines.store(progress.lines, Ordering::Relaxed);
                    })?;
            return Ok(serde_json::to_value(imported).unwrap_or_default());
        }
        if request.table == "results" {
            let said = ImportResults {
                coop: request.coop.clone(),
            };
            let imported = self.ledger.import_results(&call, &source, &said, &|read| {
                lines.store(read, Ordering::Relaxed);
            })?;
            return Ok(serde_json::to_value(imported).unwrap_or_default());
        }
        let imported = self
            .ledger
            .import_reference(&call, request.table.parse()?, &source)?;
        lines.store(imported.lines, Ordering::Relaxed);
        Ok(serde_json::to_value(imported).unwrap_or_default())
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

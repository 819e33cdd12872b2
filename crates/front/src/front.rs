//! What every handler shares: the ledger, the settings, the running jobs, the counts.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::web;
use ledger::Ledger;

use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::network::{RequestRates, TrustedProxies};
use crate::problem::Problem;

/// How the service stands among its callers.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Bounds of what callers may send.
    pub limits: Limits,
    /// Which machines in front of the service are believed about who asks.
    pub proxies: TrustedProxies,
    /// Where uploads wait until they are taken in.
    pub upload_folder: PathBuf,
    /// Whether `/healthz`, `/readyz` and `/metrics` are asked at an address of their own
    /// ([`watch_app`](crate::watch_app)), and so not at that of everybody.
    pub is_watched_elsewhere: bool,
    /// Lets everybody in as the operator of the machine of this name, so that what rights cost can be
    /// measured. Nothing that the program can be told sets it.
    pub everybody_is_operator: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            proxies: TrustedProxies::default(),
            upload_folder: std::env::temp_dir(),
            is_watched_elsewhere: false,
            everybody_is_operator: None,
        }
    }
}

/// The use cases and what surrounds them. Cheap to clone; one for all worker threads of a process.
#[derive(Clone)]
pub struct Front {
    /// The use cases.
    pub ledger: Ledger,
    /// How the service stands among its callers.
    pub settings: Settings,
    /// The imports that this process works on.
    pub jobs: Jobs,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rates: Arc<RequestRates>,
}

impl Front {
    /// What surrounds a ledger.
    pub fn new(ledger: Ledger, settings: Settings) -> Self {
        Self {
            ledger,
            rates: Arc::new(RequestRates::new(&settings.limits)),
            settings,
            jobs: Jobs::default(),
            metrics: Arc::new(Metrics::new()),
        }
    }

    /// Waits until every job of this process has ended: the last step of shutting down.
    pub async fn finish_jobs(&self) {
        self.jobs.finish().await;
    }

    /// Runs a use case on a thread that may wait for the database.
    pub async fn run<T, F>(&self, use_case: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> ledger::Result<T> + Send + 'static,
    {
        let ledger = self.ledger.clone();
        let outcome = web::block(move || use_case(&ledger)).await;
        Ok(outcome.map_err(|_| Problem::internal())??)
    }

    /// The counts, in Prometheus's text format.
    pub fn metrics_text(&self) -> String {
        self.metrics.text(self.jobs.running())
    }
}

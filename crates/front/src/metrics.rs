//! Counts for Prometheus.

use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// Upper bounds of the durations counted, in seconds.
const SECONDS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0, 30.0];

/// What is counted. A count that could not be registered is kept and simply not shown.
pub struct Metrics {
    registry: Registry,
    requests: Option<IntCounterVec>,
    durations: Option<HistogramVec>,
    jobs_running: Option<IntGauge>,
}

impl Metrics {
    /// Everything at nought.
    pub fn new() -> Self {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new(
                "hitokuchi_requests_total",
                "Requests answered, by operation and status",
            ),
            &["operation", "status"],
        );
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "hitokuchi_request_seconds",
                "Time to the answer, by operation",
            )
            .buckets(SECONDS.to_vec()),
            &["operation"],
        );
        let jobs_running = IntGauge::new("hitokuchi_jobs_running", "Imports under way");
        Self {
            requests: registered(&registry, requests),
            durations: registered(&registry, durations),
            jobs_running: registered(&registry, jobs_running),
            registry,
        }
    }

    /// Counts an answer.
    pub fn count(&self, operation: &str, status: StatusCode, took: Duration) {
        if let Some(requests) = &self.requests {
            requests
                .with_label_values(&[operation, status.as_str()])
                .inc();
        }
        if let Some(durations) = &self.durations {
            durations
                .with_label_values(&[operation])
                .observe(took.as_secs_f64());
        }
    }

    /// Everything in Prometheus's text format.
    pub fn text(&self, jobs_running: i64) -> String {
        if let Some(gauge) = &self.jobs_running {
            gauge.set(jobs_running);
        }
        let mut text = Vec::new();
        let encoded = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        match encoded {
            Ok(()) => String::from_utf8(text).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }
}

fn registered<C: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    collector: prometheus::Result<C>,
) -> Option<C> {
    let collector = collector.ok()?;
    registry.register(Box::new(collector.clone())).ok()?;
    Some(collector)
}

//! Jobs of this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// How often shutting down looks whether the jobs have ended.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The jobs that this process works on.
#[derive(Clone, Default)]
pub struct Jobs {
    running: Arc<AtomicI64>,
}

impl Jobs {
    /// How many run.
    pub fn running(&self) -> i64 {
        self.running.load(Ordering::SeqCst)
    }

    /// Waits until none runs.
    pub async fn finish(&self) {
        while self.running() > 0 {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

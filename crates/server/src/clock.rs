//! The one place where the program asks the machine for the time.

use chrono::{DateTime, Utc};
use domain::Clock;

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one clock that everything else is passed"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

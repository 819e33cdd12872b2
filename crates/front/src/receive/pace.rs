//! How fast a body has to come in.

use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

use crate::limits::Limits;
use crate::problem::Problem;

/// Holds a body to the rate of the limits: a connection that sends a byte now and then, or none, must
/// not occupy the service for ever.
pub struct Pace {
    began: Instant,
    bytes: u64,
    grace: Duration,
    bytes_per_second_min: u64,
}

impl Pace {
    /// For a body that begins now.
    pub fn new(limits: &Limits) -> Self {
        Self {
            began: Instant::now(),
            bytes: 0,
            grace: Duration::from_secs(limits.body_seconds_grace),
            bytes_per_second_min: limits.body_bytes_per_second_min.max(1),
        }
    }

    /// The next bytes of the body; none at its end. Refuses one that comes too slowly (408) or breaks
    /// off (400).
    pub async fn next<S>(&mut self, body: &mut S) -> Result<Option<Bytes>, Problem>
    where
        S: Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    {
        let due = Duration::from_secs(self.bytes / self.bytes_per_second_min);
        let chunk = timeout_at(self.began + self.grace + due, body.next()).await;
        match chunk.map_err(|_| too_slow())? {
            Some(Ok(bytes)) => {
                self.bytes += bytes.len() as u64;
                Ok(Some(bytes))
            }
            Some(Err(_)) => Err(cut_off()),
            None => Ok(None),
        }
    }
}

fn too_slow() -> Problem {
    Problem::new(
        StatusCode::REQUEST_TIMEOUT,
        "body_too_slow",
        "本文の届くのが遅すぎます。回線を確かめて、もう一度送ってください",
    )
}

fn cut_off() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "body_unreadable",
        "本文を最後まで受け取れませんでした。もう一度送ってください",
    )
}

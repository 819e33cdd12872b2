//! PostgreSQL: two co-ops that close their month at once, against one after the other.
//!
//! Every close seals its charges and adds to its own chain of the audit log, so neither waits for
//! the other: both at once take no longer than one after the other.

use std::thread;
use std::time::{Duration, Instant};

use testkit::postgres::{Collation, Durability, PostgresServer};

use crate::measure::{Taken, median};
use crate::report::Step;
use crate::{Files, MONTH, TURNS, fill_reference_data, hitokuchi};

/// The co-ops, half of the lines each.
pub const COOPS: [&str; 2] = ["01", "02"];

/// Measures both ways in turn; `None` where PostgreSQL is not installed.
pub fn measure(files: &Files) -> Option<Step> {
    let server = PostgresServer::start(Durability::Durable)?;
    let base = server.create_database("two_coops", Collation::Bytes);
    fill_reference_data(&base, files);
    let applications = files.applications.display().to_string();
    hitokuchi(&base, &["import", "applications", &applications]);
    let (mut at_once, mut one_by_one) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let url = server.copy_database("two_coops", "one_by_one");
        one_by_one.push(taken(|| COOPS.map(|coop| close(&url, coop)).to_vec()));
        server.drop_database("one_by_one").expect("drop a copy");
        let url = server.copy_database("two_coops", "at_once");
        at_once.push(taken(|| {
            thread::scope(|scope| {
                let closes = COOPS.map(|coop| scope.spawn(|| close(&url, coop)));
                closes.map(|close| close.join().expect("a close")).to_vec()
            })
        }));
        server.drop_database("at_once").expect("drop a copy");
    }
    Some(Step {
        name: "close two co-ops at once (floor: one after the other)",
        ours: median(at_once),
        floor: Some(median(one_by_one)),
        ratio_max: Some(1.0),
    })
}

fn close(url: &str, coop: &str) -> Taken {
    hitokuchi(url, &["batch", "close", "--coop", coop, "--month", MONTH])
}

/// What it took from the first to the last, and the higher of the peaks.
fn taken(closes: impl FnOnce() -> Vec<Taken>) -> Taken {
    let start = Instant::now();
    let each = closes();
    let wall: Duration = start.elapsed();
    let memory_peak_bytes = each.iter().map(|taken| taken.memory_peak_bytes).max();
    Taken {
        wall,
        memory_peak_bytes: memory_peak_bytes.unwrap_or_default(),
    }
}

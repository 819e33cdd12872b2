//! One whole process: how long it took, and how much memory at its peak.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub wall: Duration,
    pub memory_peak_bytes: u64,
}

/// Runs a program to its end; it must succeed. Standard output goes to `out`, or nowhere.
pub fn run(program: &str, words: &[&str], out: Option<&Path>) -> Taken {
    let stdout = out.map_or_else(Stdio::null, |path| {
        File::create(path).expect("create").into()
    });
    let start = Instant::now();
    let child = Command::new(program)
        .args(words)
        .stdout(stdout)
        .spawn()
        .unwrap_or_else(|e| panic!("start {program}: {e}"));
    let ended = child.wait4().expect("wait for the process");
    let wall = start.elapsed();
    assert!(ended.status.success(), "{program} {words:?} failed");
    Taken {
        wall,
        memory_peak_bytes: ended.rusage.maxrss,
    }
}

/// The median of several runs: of the times, and of the peaks.
pub fn median(mut runs: Vec<Taken>) -> Taken {
    let middle = runs.len() / 2;
    runs.sort_by_key(|taken| taken.memory_peak_bytes);
    let memory_peak_bytes = runs[middle].memory_peak_bytes;
    runs.sort_by_key(|taken| taken.wall);
    Taken {
        wall: runs[middle].wall,
        memory_peak_bytes,
    }
}

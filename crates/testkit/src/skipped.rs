//! Tests that cannot run on this machine say so.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says that the running test is skipped, past the capture of the test runner, and counts it. Panics
/// when `CI` is `true`: a skipped test must not turn CI green.
pub(crate) fn report_skipped(reason: &str) {
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "cannot be tested: {reason}"
    );
    say_skipped(reason);
}

/// Says the same, and lets even CI go on: for what cannot be had on every machine of it.
pub(crate) fn say_skipped(reason: &str) {
    static SKIPPED: AtomicUsize = AtomicUsize::new(0);
    let count = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Standard error is gone only when nobody reads what we have to say.
    let _ = writeln!(io::stderr(), "SKIPPED ({count} so far): {test}: {reason}");
}

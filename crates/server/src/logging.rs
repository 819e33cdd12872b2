//! What the program says about itself, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Overrides what is logged: `debug`, `api=debug,warn`.
const FILTER_VARIABLE: &str = "HITOKUCHI_LOG";

/// Logs of a service: one line per request, as JSON unless a person looks on.
pub fn start() {
    start_at("info");
}

/// Logs of a command: only what `HITOKUCHI_LOG` asks for.
pub fn start_quietly() {
    start_at("off");
}

fn start_at(default: &str) {
    let filter =
        EnvFilter::try_from_env(FILTER_VARIABLE).unwrap_or_else(|_| EnvFilter::new(default));
    let is_terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal);
    if is_terminal {
        log.init();
    } else {
        log.json().flatten_event(true).init();
    }
}

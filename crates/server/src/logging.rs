//! What the program says about itself, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::LogFilter;

/// Logs of a service: one line per request, as JSON unless a person looks on.
pub fn start(filter: Option<&LogFilter>) {
    start_at(filter.map_or("info", LogFilter::as_str));
}

/// Logs of a command: only what the setting `log` asks for.
pub fn start_quietly(filter: Option<&LogFilter>) {
    start_at(filter.map_or("off", LogFilter::as_str));
}

fn start_at(filter: &str) {
    let filter = EnvFilter::new(filter);
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

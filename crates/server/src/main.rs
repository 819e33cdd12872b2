//! The `hitokuchi` program: the command line, its configuration, and the wiring of the service.
//!
//! Exit status: 0 done; 1 refused by a rule or bad input, nothing changed; 2 wrong usage.

mod cli;
mod clock;
mod commands;
mod config;
mod demo;
mod desk;
mod failure;
mod logging;
mod output;
mod progress;
mod salts;
mod serving;
mod usage;
mod way_out;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(status) => return status,
    };
    let is_json = cli.options.json;
    match cli.run() {
        Ok(told) => output::tell(&told, is_json),
        Err(failure) => output::refuse(&failure),
    }
}

//! What rights cost: the same requests by somebody who has signed in, and with rights switched off, to
//! two services over the same office. `cargo bench -p hitokuchi-api --bench rights`, or `make bench`.
//!
//! Prints a table in Markdown: the median time of a request over connections that stay open, the two in
//! turn, and their ratio.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a measuring tool: what cannot be set up ends it, and its ratios are not money"
)]

mod client;

use std::time::Duration;

use testkit::visitors::{Is, Shows, Visitors};
use testkit::{TestApp, TestDatabase, World};

use crate::client::Client;

/// Requests of one turn, and how many turns there are.
const REQUESTS: usize = 200;
const TURNS: usize = 15;
/// A signed-in request costs at most this many times one with rights switched off.
const RATIO_MAX: f64 = 1.10;

/// What is measured.
const STEPS: [(&str, Asked); 4] = [
    ("list holds", Asked::Get("/api/v1/holds")),
    (
        "list a co-op's members",
        Asked::Get("/api/v1/members?coop=01&limit=100"),
    ),
    ("trial balance", Asked::Get("/api/v1/reports/trial-balance")),
    ("record an application", Asked::Application),
];

#[derive(Clone, Copy)]
enum Asked {
    Get(&'static str),
    /// A gift of a member, each time under a key of its own.
    Application,
}

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` must not measure anything.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    measure("SQLite", TestDatabase::sqlite);
    match TestDatabase::postgres() {
        Some(database) => {
            drop(database);
            measure("PostgreSQL", || {
                TestDatabase::postgres().expect("a PostgreSQL database")
            });
        }
        None => println!("PostgreSQL is not installed: not measured\n"),
    }
}

fn measure(name: &str, database: impl Fn() -> TestDatabase) {
    let with_rights = service(database(), None);
    let without = service(database(), Some("bench".to_owned()));
    let visitors = Visitors::of(&with_rights.world);
    let who = visitors.session(Is::staff("clerk,finance"), "full");
    let Shows::Session(secret) = &who.shows else {
        return;
    };
    let shown = format!(
        "Cookie: hitokuchi_session={}\r\nX-CSRF-Token: {}\r\n",
        secret.expose(),
        secret.csrf_token()
    );
    println!("\n### {name}, {REQUESTS} requests a turn, {TURNS} turns\n");
    println!("| request | signed in, µs | rights off, µs | ratio | at most |");
    println!("|---|---:|---:|---:|---:|");
    for (step, asked) in STEPS {
        let mut signed_in = Client::to(with_rights.address, &shown);
        turn(&mut signed_in, asked);
        let mut off = Client::to(without.address, "");
        turn(&mut off, asked);
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.extend(turn(&mut signed_in, asked));
            floor.extend(turn(&mut off, asked));
        }
        let (ours, floor) = (median(ours), median(floor));
        println!(
            "| {step} | {:.0} | {:.0} | {:.2} | {RATIO_MAX:.2} |",
            ours * 1e6,
            floor * 1e6,
            ours / floor
        );
    }
}

fn service(database: TestDatabase, everybody_is_operator: Option<String>) -> TestApp {
    let world = World::from(database);
    world.load_sample();
    let mut settings = TestApp::unhurried();
    settings.everybody_is_operator = everybody_is_operator;
    TestApp::over(world, settings)
}

/// The times of the requests of a turn.
fn turn(client: &mut Client, asked: Asked) -> Vec<Duration> {
    client.come_again();
    (0..REQUESTS)
        .map(|_| match asked {
            Asked::Get(path) => client.get(path),
            Asked::Application => client.post(
                "/api/v1/applications",
                "{\"coop\":\"01\",\"member_number\":\"0010762\",\"order_number\":\"164160\",\
                 \"units\":1,\"received_on\":\"2025-07-16\",\"channel\":\"phone\"}",
            ),
        })
        .collect()
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

//! What the public page of a campaign costs: through the whole service, gate and log included, against a
//! bare actix handler that gives the same bytes; in one run, by one client, with as many gifts in the
//! database as asked for. And how soon a change shows, in this process and in another.
//!
//! `cargo bench -p hitokuchi-web --bench public_page -- [GIFTS] [sqlite|postgres|both]`, or `make bench`.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a measuring tool: what cannot be set up ends it, and its ratios are not money"
)]

mod client;

use std::fmt::Write;
use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};
use ledger::ReferenceTable::Members;
use ledger::intake::{ImportApplications, NewApplication};
use ledger::reference::SwitchPublicPage;
use testkit::{TestApp, TestDatabase, World};

use crate::client::{answer, requests_in};

/// Gifts where no number is asked for.
const GIFTS_DEFAULT: u32 = 1_000_000;
/// Members who have not given, for the changes.
const OTHERS: u32 = 50;
/// How long each turn is, and how many turns there are, the two in turn.
const TURN: Duration = Duration::from_secs(2);
const TURNS: usize = 5;
/// The service gives at least this share of the requests that the bare handler does.
const RATIO_MIN: f64 = 0.5;
/// Steps of five givers after which is looked.
const STEPS: u32 = 5;
const CODE: &str = "kosumosu-2025";

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` must not measure anything.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let gifts = words.iter().find_map(|word| word.parse().ok());
    let gifts = gifts.unwrap_or(GIFTS_DEFAULT);
    let wanted = words.iter().find(|word| word.parse::<u32>().is_err());
    let wanted = wanted.map_or("both", String::as_str);
    log_as_the_service_does();
    if wanted != "postgres" {
        measure("SQLite", TestDatabase::sqlite(), gifts);
    }
    if wanted != "sqlite" {
        match TestDatabase::postgres() {
            Some(database) => measure("PostgreSQL", database, gifts),
            None => println!("PostgreSQL is not installed: not measured\n"),
        }
    }
}

/// A line a request, made and written as `hitokuchi serve` does, to where it is thrown away.
fn log_as_the_service_does() {
    let nowhere = OpenOptions::new().write(true).open("/dev/null");
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .json()
        .flatten_event(true)
        .with_writer(Arc::new(nowhere.expect("open /dev/null")))
        .init();
}

fn measure(name: &str, database: TestDatabase, gifts: u32) {
    let world = filled(database, gifts);
    let mut settings = TestApp::unhurried();
    // Counted, as in service, but never refused.
    settings.limits.requests_per_minute_max = u32::MAX;
    let app = TestApp::over(world, settings);
    println!("\n### {name}, {gifts} gifts, {TURNS} turns of {TURN:?}\n");
    println!(
        "| answer | bytes | service, requests/s | bare handler, requests/s | ratio | at least |"
    );
    println!("|---|---:|---:|---:|---:|---:|");
    for form in ["", "/badge.svg", ".json"] {
        let path = format!("/c/{CODE}{form}");
        let first = answer(app.address, &path);
        let bare = bare_handler(first.body.clone());
        let (mut ours, mut floor) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.push(requests_in(TURN, app.address, &path));
            floor.push(requests_in(TURN, bare, "/bare"));
        }
        let (ours, floor) = (median(ours), median(floor));
        println!(
            "| {} | {} | {ours:.0} | {floor:.0} | {:.2} | {RATIO_MIN:.2} |",
            match form {
                "" => "page",
                form => form,
            },
            first.body.len(),
            ours / floor
        );
    }
    how_soon(&app, gifts);
}

/// The newsletters' campaign, with so many gifts in its week.
fn filled(database: TestDatabase, gifts: u32) -> World {
    let world = World::from(database);
    world.load_newsletters();
    let mut members = "coop,member_number\n".to_owned();
    let mut rows = "coop,member_number,order_number,units,received_on,channel\n".to_owned();
    for member in 0..gifts + OTHERS {
        writeln!(members, "01,{member:08}").expect("write into memory");
        if member < gifts {
            writeln!(rows, "01,{member:08},133540,1,2025-11-12,web").expect("write into memory");
        }
    }
    world.import(Members, &members);
    world.set_today("2025-11-12");
    world.take_applications(rows, ImportApplications::default());
    let page = SwitchPublicPage {
        campaign: CODE.to_owned(),
        is_public: true,
    };
    let switched = world.ledger.switch_public_page(&world.office(), &page);
    switched.expect("switch the page on");
    world
}

/// How long after five more have given the page says so.
fn how_soon(app: &TestApp, gifts: u32) {
    let other = app.second_process();
    let path = format!("/c/{CODE}.json");
    let applied = |address: SocketAddr| {
        let shown: serde_json::Value =
            serde_json::from_slice(&answer(address, &path).body).expect("JSON");
        shown["applied"]["units"].as_u64().expect("units")
    };
    let (mut here, mut there) = (Vec::new(), Vec::new());
    applied(other.address);
    for step in 0..STEPS {
        let before = applied(app.address);
        for member in 0..5 {
            let application = NewApplication {
                coop: "01".to_owned(),
                member_number: format!("{:08}", gifts + step * 5 + member),
                order_number: Some("133540".to_owned()),
                units: Some(1),
                ..NewApplication::default()
            };
            let office = app.world.office();
            let given = app.world.ledger.record_application(&office, application);
            given.expect("give");
        }
        let changed = Instant::now();
        assert_eq!(applied(app.address), before + 5, "at once, in this process");
        here.push(changed.elapsed().as_secs_f64());
        while applied(other.address) != before + 5 {}
        there.push(changed.elapsed().as_secs_f64());
    }
    println!("\n| after five more givers | ms, median | ms, most |");
    println!("|---|---:|---:|");
    for (name, times) in [
        ("the first look in the process that took them", here),
        ("shown by another process", there),
    ] {
        let most = times.iter().copied().fold(0.0, f64::max);
        println!(
            "| {name} | {:.0} | {:.0} |",
            median(times) * 1e3,
            most * 1e3
        );
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// An actix server of as many threads that does nothing but give these bytes.
fn bare_handler(bytes: Vec<u8>) -> SocketAddr {
    let (started, starting) = mpsc::channel();
    let bytes = Bytes::from(bytes);
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let bytes = bytes.clone();
                App::new().route(
                    "/bare",
                    web::get().to(move || {
                        let bytes = bytes.clone();
                        async move { HttpResponse::Ok().body(bytes) }
                    }),
                )
            })
            .workers(2)
            .tcp_nodelay(true)
            .disable_signals()
            .bind("127.0.0.1:0")
            .expect("a free port on this machine");
            let address = *server.addrs().first().expect("the address bound");
            let server = server.run();
            started.send(address).expect("a run that waits");
            server.await.expect("a server that runs");
        });
    });
    starting.recv().expect("a server that starts")
}

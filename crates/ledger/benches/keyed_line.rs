//! How soon a line's answer is there while it is keyed: with many members and many past applications.
//! `cargo bench -p hitokuchi-ledger --bench keyed_line`, or `make bench`. `MEMBERS=10000` for fewer;
//! there are ten applications of each.
//!
//! Prints a table in Markdown: the median and the 99th in a hundred, in milliseconds, of the use case as
//! the service calls it, and the ratio of the latter to the smallest look there is at the same database
//! (an order number alone).
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a measuring tool: what cannot be set up ends it, and its ratios are not money"
)]

use std::fmt::Write;
use std::time::{Duration, Instant};

use ledger::ReferenceTable::{Cycles, Members, Offerings};
use ledger::intake::ImportApplications;
use ledger::intake::sheets::{LineBeingKeyed, OpenSheet, SheetTotals};
use testkit::{TestDatabase, World};

/// Past cycles, each with an application of every member.
const CYCLES: u32 = 10;
/// Looks that are measured.
const LOOKS: u32 = 3_000;
/// The 99th in a hundred takes at most so long.
const P99_MAX_MS: f64 = 100.0;

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` must not measure anything.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    let members = std::env::var("MEMBERS").ok();
    let members = members
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    println!(
        "\n### A line's answer, {members} members, {} past applications\n",
        members * CYCLES
    );
    println!(
        "| database | look | median, ms | p99, ms | p99, × order number alone | at most, ms |"
    );
    println!("|---|---|---:|---:|---:|---:|");
    measure("SQLite", members, TestDatabase::sqlite().into());
    match TestDatabase::postgres() {
        Some(database) => measure("PostgreSQL", members, database.into()),
        None => println!("\nPostgreSQL is not installed: not measured"),
    }
}

fn measure(name: &str, members: u32, world: World) {
    fill(&world, members);
    let request = OpenSheet {
        coop: "01".parse().expect("a code"),
        channel: None,
        received_on: "2025-07-16".parse().ok(),
        control: SheetTotals::default(),
    };
    let opened = world.ledger.open_sheet(&world.office(), request);
    let sheet = opened.expect("a sheet").id;
    let look = |line: &LineBeingKeyed| {
        let begun = Instant::now();
        let told = world
            .ledger
            .look_at_keyed_line(&world.office(), sheet, line);
        let took = begun.elapsed();
        told.expect("a look");
        took
    };
    // Members in an order of chance, all different while there are enough.
    let line = |at: u32, member: bool| LineBeingKeyed {
        member_number: member.then(|| format!("{:07}", (at * 7_919) % members)),
        order_number: Some("164151".to_owned()),
        units: Some("2".to_owned()),
        ..LineBeingKeyed::default()
    };
    let floor = times(|at| look(&line(at, false)));
    let whole = times(|at| look(&line(at, true)));
    let floor_p99 = percentile(&floor, 99);
    for (what, times) in [("order number alone", &floor), ("the whole line", &whole)] {
        let (median, p99) = (percentile(times, 50), percentile(times, 99));
        println!(
            "| {name} | {what} | {median:.2} | {p99:.2} | {:.2} | {P99_MAX_MS:.0} |",
            p99 / floor_p99
        );
    }
}

fn times(look: impl Fn(u32) -> Duration) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..LOOKS).map(look).collect();
    times.sort_unstable();
    times
}

fn percentile(sorted: &[Duration], of_hundred: usize) -> f64 {
    sorted[(sorted.len() - 1) * of_hundred / 100].as_secs_f64() * 1e3
}

/// Members, and of each an application in each of the past cycles: in the first a pledge of three in
/// five, else gifts.
fn fill(world: &World, members: u32) {
    world.load_newsletters();
    let mut numbers = "coop,member_number\n".to_owned();
    for member in 0..members {
        writeln!(numbers, "01,{member:07}").expect("write to memory");
    }
    world.import(Members, &numbers);
    let (mut cycles, mut offerings) = (
        "cycle,iso_week,opens_on,closes_on,collection_month\n".to_owned(),
        "cycle,order_number,kind,unit_price,fund,campaign,title\n".to_owned(),
    );
    let first = chrono::NaiveDate::from_ymd_opt(2025, 1, 6).expect("a Monday");
    for cycle in 0..CYCLES {
        let opens = first + chrono::TimeDelta::weeks(i64::from(cycle));
        let closes = opens + chrono::TimeDelta::days(4);
        let label = label(cycle);
        writeln!(
            cycles,
            "{label},{},{opens},{closes},2025-06",
            opens.format("%G-W%V")
        )
        .expect("write to memory");
        writeln!(
            offerings,
            "{label},{},supporter,300,inclufund,,登録",
            200_000 + cycle
        )
        .expect("write to memory");
        writeln!(
            offerings,
            "{label},{},spot,500,inclufund,,スポット",
            300_000 + cycle
        )
        .expect("write to memory");
    }
    world.import(Cycles, &cycles);
    world.import(Offerings, &offerings);
    for cycle in 0..CYCLES {
        let opens = first + chrono::TimeDelta::weeks(i64::from(cycle));
        let mut lines = "coop,member_number,order_number,units,received_on,channel\n".to_owned();
        for member in 0..members {
            let kind = if cycle == 0 && member % 5 < 3 {
                200_000
            } else {
                300_000
            };
            writeln!(lines, "01,{member:07},{},1,{opens},paper", kind + cycle)
                .expect("write to memory");
        }
        world.take_applications(lines, ImportApplications::default());
    }
}

/// The label of a past cycle.
fn label(cycle: u32) -> String {
    format!("2025年{}月{}回", 1 + cycle / 4, 1 + cycle % 4)
}

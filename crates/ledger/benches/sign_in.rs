//! What signing in costs beside Argon2id itself, and whether its time tells who exists.
//! `cargo bench -p hitokuchi-ledger --bench sign_in`, or `make bench`.
//!
//! Prints a table in Markdown: medians, the two in turn, and their ratio.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a measuring tool: what cannot be set up ends it, and its ratios are not money"
)]

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use credentials::{Hashing, Password};
use ledger::people::{AcceptLink, SignIn};
use ledger::{Call, Caller, Settings};
use testkit::{TestDatabase, World, people};

const PASSWORD: &str = "kumo-mikan-densha-7";
const WRONG: &str = "not-the-one-at-all-99";
/// How often each is measured. A name takes three wrong passwords before it has to wait.
const TURNS: u32 = 45;
const WRONG_OF_ONE_NAME: u32 = 3;
/// Signing in costs at most so many times Argon2id itself.
const RATIO_MAX: f64 = 1.10;

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` must not measure anything.
    if !std::env::args().any(|word| word == "--bench") {
        return;
    }
    measure("SQLite", TestDatabase::sqlite());
    match TestDatabase::postgres() {
        Some(database) => measure("PostgreSQL", database),
        None => println!("PostgreSQL is not installed: not measured\n"),
    }
}

/// What each turn took.
#[derive(Default)]
struct Times {
    argon2id: Vec<Duration>,
    right: Vec<Duration>,
    wrong: Vec<Duration>,
    unknown: Vec<Duration>,
}

fn measure(name: &str, database: TestDatabase) {
    let mut world = World::from(database);
    world.ledger = world.opened_with(Settings {
        hashing: Hashing::PRODUCTION,
        ..Settings::default()
    });
    for number in 0..=TURNS / WRONG_OF_ONE_NAME {
        employ(&world, &person(number));
    }
    let typed = Password::typed(PASSWORD).expect("a password");
    let kept = Hashing::PRODUCTION.hash(&typed, &[7; 32]).expect("a hash");
    let mut times = Times::default();
    for turn in 0..TURNS {
        times.argon2id.push(taken(|| {
            black_box(Hashing::PRODUCTION.is_password(&typed, &kept)).expect("a comparison");
        }));
        let own = person(TURNS / WRONG_OF_ONE_NAME);
        times
            .right
            .push(taken(|| sign_in(&world, turn, &own, PASSWORD)));
        let known = person(turn / WRONG_OF_ONE_NAME);
        times
            .wrong
            .push(taken(|| sign_in(&world, turn, &known, WRONG)));
        let nobody = format!("nobody{}", turn / WRONG_OF_ONE_NAME);
        times
            .unknown
            .push(taken(|| sign_in(&world, turn, &nobody, WRONG)));
    }
    report(name, times);
}

fn person(number: u32) -> String {
    format!("person{number}")
}

/// Somebody who has set the password.
fn employ(world: &World, name: &str) {
    world.token_of(name, "clerk");
    let request = AcceptLink {
        secret: people::link_for(world, name).expose().to_owned(),
        password: PASSWORD.to_owned(),
    };
    let accepted = world
        .ledger
        .accept_link(&Call::by(Caller::Nobody), &request);
    accepted.expect("a password is set");
}

/// Signs in, or is refused, from an address of its own: so none is made to wait.
fn sign_in(world: &World, turn: u32, name: &str, password: &str) {
    let address = IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + turn));
    let request = SignIn {
        name: name.to_owned(),
        password: password.to_owned(),
        agent: None,
    };
    let call = Call::by(Caller::Nobody).from_address(address);
    match world.ledger.sign_in(&call, &request) {
        Ok(opened) => assert!(password == PASSWORD, "{opened:?}"),
        Err(error) => assert_eq!((password, error.code()), (WRONG, "sign_in_refused")),
    }
}

fn taken(f: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    f();
    begun.elapsed()
}

fn report(name: &str, times: Times) {
    let [argon2id, right, wrong, unknown] =
        [times.argon2id, times.right, times.wrong, times.unknown].map(median);
    println!("\n### {name}, {TURNS} turns\n");
    println!("| what | ours, ms | floor, ms | ratio | at most |");
    println!("|---|---:|---:|---:|---:|");
    let row = |what, ours: f64, floor: f64, ratio_max: &str| {
        println!(
            "| {what} | {:.1} | {:.1} | {:.3} | {ratio_max} |",
            ours * 1e3,
            floor * 1e3,
            ours / floor
        );
    };
    let ratio_max = format!("{RATIO_MAX:.2}");
    row(
        "sign in (floor: Argon2id alone)",
        right,
        argon2id,
        &ratio_max,
    );
    row(
        "a wrong password (floor: the same)",
        wrong,
        argon2id,
        &ratio_max,
    );
    row(
        "a name that nobody has (floor: a wrong password)",
        unknown,
        wrong,
        "",
    );
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

//! Several processes do the same, or get in one another's way, at the same moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;

use serde_json::Value;
use testkit::{MadeUp, TestDatabase, on_both};

use crate::office::{COOP, Office, text};
use crate::program::{Program, Ran};

const MEMBERS: u32 = 300;
/// Months closed, files imported twice at once.
const ROUNDS: u32 = 8;
const COOPS: [&str; 2] = [COOP, "02"];

on_both!(
    two_who_close_the_same_month_at_once_make_one_batch,
    two_who_import_the_same_file_at_once_import_it_once,
    two_coops_are_closed_at_once,
    eight_who_close_and_import_at_once_lose_and_double_nothing,
);

fn two_who_close_the_same_month_at_once_make_one_batch(database: TestDatabase) {
    let (office, program) = (Office::of(MEMBERS), Program::on(&database));
    office.prepare(&program);
    office.import(&program);
    for round in 0..ROUNDS {
        let month = month(round);
        let words = close(COOP, &month);
        let (done, refused) = one_wins(race(&program, [&words, &words]));
        assert_eq!(done.answer["sequence"], 1, "{month}: {done:?}");
        assert!(
            refused.words.contains(&month) || refused.words.contains("締め"),
            "the loser is told why: {refused:?}"
        );
    }
    program.verify();
}

fn two_who_import_the_same_file_at_once_import_it_once(database: TestDatabase) {
    let (office, program) = (Office::of(MEMBERS), Program::on(&database));
    office.prepare(&program);
    for round in 0..ROUNDS {
        let file = office.folder().join(format!("applications-{round}.csv"));
        let made_up = MadeUp {
            coops: &[COOP],
            members: MEMBERS,
            doubtful_per_thousand: 50,
            seed: round.into(),
        };
        made_up
            .write_applications(fs::File::create(&file).unwrap())
            .unwrap();
        let words = owned(&["import", "applications", text(&file)]);
        let [first, second] = race(&program, [&words, &words]);
        assert_eq!(
            (first.status, second.status),
            (Some(0), Some(0)),
            "{first:?} {second:?}"
        );
        let already = |ran: &Ran| ran.answer["already_imported"] == true;
        assert_ne!(already(&first), already(&second), "{first:?} {second:?}");
        for count in ["lines", "accepted", "held"] {
            assert_eq!(first.answer[count], second.answer[count], "{count}");
        }
    }
    program.verify();
}

fn two_coops_are_closed_at_once(database: TestDatabase) {
    let office = Office::spread_over(&COOPS, MEMBERS);
    let program = Program::on(&database);
    office.prepare(&program);
    office.import(&program);
    for round in 0..ROUNDS {
        let [south, north] = COOPS.map(|coop| close(coop, &month(round)));
        for ran in race(&program, [&south, &north]) {
            assert_eq!(ran.status, Some(0), "{ran:?}");
            assert_ne!(ran.answer["charges"], Value::from(0));
        }
    }
    program.verify();
}

fn eight_who_close_and_import_at_once_lose_and_double_nothing(database: TestDatabase) {
    let coops = ["01", "02", "03", "04"];
    let office = Office::spread_over(&coops, MEMBERS);
    let program = Program::on(&database);
    office.prepare(&program);
    office.import(&program);
    let gifts = [0, 1].map(|half| gifts_of_november(&office, &coops, half));
    let import = |file: &Path| owned(&["import", "applications", text(file)]);
    let closes = coops.map(|coop| close(coop, "2025-08"));
    let imports = [0, 1, 0, 1].map(|file: usize| import(&gifts[file]));

    database.wait_until_nobody_is_connected();
    let alone = database.copy();
    let expected = coops.map(|coop| Program::on(&alone).tell(&borrowed(&close(coop, "2025-08"))));

    let started: Vec<Child> = closes
        .iter()
        .chain(&imports)
        .map(|w| start(&program, w))
        .collect();
    let ran: Vec<Ran> = started
        .into_iter()
        .map(|child| Ran::from(child.wait_with_output().unwrap()))
        .collect();

    let (closed, imported) = ran.split_at(coops.len());
    for (closed, expected) in closed.iter().zip(&expected) {
        assert_eq!(closed.status, Some(0), "{closed:?}");
        for count in ["charges", "units", "amount"] {
            assert_eq!(closed.answer[count], expected[count], "{closed:?}");
        }
    }
    let new = imported
        .iter()
        .filter(|ran| ran.answer["already_imported"] == false);
    let accepted: u64 = new.filter_map(|ran| ran.answer["accepted"].as_u64()).sum();
    assert_eq!(accepted, u64::from(MEMBERS), "{imported:?}");
    for ran in imported {
        assert_eq!(ran.status, Some(0), "{ran:?}");
    }
    program.verify();
}

/// A file with a gift to November's campaign of every other member.
fn gifts_of_november(office: &Office, coops: &[&str], half: usize) -> PathBuf {
    let mut lines = "単協コード,組合員番号,注文番号,口数,受付日\n".to_owned();
    for member in (half..MEMBERS as usize).step_by(2) {
        let coop = coops[member % coops.len()];
        lines.push_str(&format!(
            "{coop},{:08},133540,1,2025-11-12\n",
            1_000_000 + member
        ));
    }
    let file = office.folder().join(format!("november-{half}.csv"));
    fs::write(&file, lines).unwrap();
    file
}

/// The month of a round, from August 2025 on: every month has the same supporters to charge.
fn month(round: u32) -> String {
    let month = 7 + round;
    format!("{}-{:02}", 2025 + month / 12, month % 12 + 1)
}

fn close(coop: &str, month: &str) -> Vec<String> {
    owned(&[
        "batch",
        "close",
        "--coop",
        coop,
        "--month",
        month,
        "--reason",
        "同時に締める試し",
    ])
}

/// Starts both, then waits for both.
fn race(program: &Program, both: [&Vec<String>; 2]) -> [Ran; 2] {
    let started = both.map(|words| start(program, words));
    started.map(|child| Ran::from(child.wait_with_output().unwrap()))
}

fn start(program: &Program, words: &[String]) -> Child {
    program.command(&borrowed(words)).spawn().unwrap()
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// Who did it and who was refused; anything else fails the test.
fn one_wins([first, second]: [Ran; 2]) -> (Ran, Ran) {
    match (first.status, second.status) {
        (Some(0), Some(1)) => (first, second),
        (Some(1), Some(0)) => (second, first),
        _ => panic!("not one who did it and one who was refused: {first:#?} {second:#?}"),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

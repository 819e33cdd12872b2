//! A service is killed in the middle of posting a sheet, at moments spread over the whole request.
//!
//! Each time on a fresh copy: the service is started, the request sent, the service killed; the
//! invariants hold; the same request under the same key gives what it would have given; and the
//! collection file is, byte for byte, that of an office in which nothing was ever killed.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::http::Answer;
use testkit::{TestDatabase, on_every_database};

use crate::kills::{Killed, spread_over};
use crate::office::{CLOSE, COOP, Office, export_to};
use crate::program::Program;
use crate::service::{Service, get, post};

/// Lines of one, two and three units in turn.
const LINES: u32 = 600;

on_every_database!(a_service_killed_while_it_posts_a_sheet_posts_it_once);

fn a_service_killed_while_it_posts_a_sheet_posts_it_once(keyed: TestDatabase) {
    let office = Office::of(LINES);
    office.prepare(&Program::on(&keyed));
    let sheet = key_a_sheet(&keyed);

    let (_, posted, file) = post_undisturbed(&keyed, sheet);
    let length = post_undisturbed(&keyed, sheet).0;

    spread_over(length, |moment| {
        let copy = keyed.copy();
        let ended_after = kill_while_posting(&copy, sheet, moment);
        let program = Program::on(&copy);
        program.verify();

        let service = Service::start(&program);
        let path = format!("/api/v1/sheets/{sheet}");
        let found = get(service.address(), &path).good();
        let again = post_sheet(&service, sheet).good();
        for count in ["lines", "accepted", "held"] {
            assert_eq!(again[count], posted[count], "{again}");
        }
        drop(service);

        assert!(
            file_of_the_month(&program) == file,
            "killed after {moment:?}"
        );
        program.verify();
        Killed {
            ended_after,
            was_done: found["state"] == "posted",
        }
    });
}

/// A sheet with a supporter registration of each member, ready to be posted.
fn key_a_sheet(database: &TestDatabase) -> i64 {
    let mut service = Service::start(&Program::on(database));
    let (units, unit_price) = (LINES * 2, 300);
    let cover = json!({ "lines": LINES, "units": units, "amount": units * unit_price });
    let sheet = json!({ "coop": COOP, "received_on": "2025-07-16", "control": cover });
    let opened = post(service.address(), "/api/v1/sheets", "open", &sheet).good();
    let id = opened["id"].as_i64().unwrap();
    for line in 0..LINES {
        let body = json!({
            "member_number": format!("{:08}", 1_000_000 + line),
            "order_number": "164151",
            "units": 1 + line % 3,
        });
        let path = format!("/api/v1/sheets/{id}/lines");
        post(service.address(), &path, &format!("line-{line}"), &body).good();
    }
    service.kill();
    database.wait_until_nobody_is_connected();
    id
}

fn post_sheet(service: &Service, sheet: i64) -> Answer {
    let path = format!("/api/v1/sheets/{sheet}/post");
    post(service.address(), &path, "post", &json!({}))
}

/// How long the posting takes, what it answers, and the file of the month, when nobody disturbs it.
fn post_undisturbed(keyed: &TestDatabase, sheet: i64) -> (Duration, Value, Vec<u8>) {
    let copy = keyed.copy();
    let program = Program::on(&copy);
    let service = Service::start(&program);
    let start = Instant::now();
    let posted = post_sheet(&service, sheet).good();
    let length = start.elapsed();
    drop(service);
    (length, posted, file_of_the_month(&program))
}

/// Gives after how long the answer came, where it came before the kill.
fn kill_while_posting(copy: &TestDatabase, sheet: i64, moment: Duration) -> Option<Duration> {
    let mut service = Service::start(&Program::on(copy));
    let address = service.address();
    let start = Instant::now();
    let request = thread::spawn(move || {
        let path = format!("/api/v1/sheets/{sheet}/post");
        let answer = post(address, &path, "post", &json!({}));
        (answer.status, start.elapsed())
    });
    thread::sleep(moment);
    service.kill();
    copy.wait_until_nobody_is_connected();
    // A request whose service is killed has no answer: its thread fails, and that is well.
    let answered = request.join().ok();
    answered
        .filter(|(status, _)| *status == 200)
        .map(|(_, after)| after)
}

fn file_of_the_month(program: &Program) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("batch.csv");
    program.tell(&CLOSE);
    program.tell(&export_to(&file));
    fs::read(file).unwrap()
}

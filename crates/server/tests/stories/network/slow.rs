//! Those who are slow on purpose keep no connection for long, and nobody else waits for them.

use std::io::Write;
use std::net::TcpStream;

use testkit::http;

use super::{ALIVE, answer, connect, office, post, trickle};
use crate::office::Office;
use crate::service::Service;

/// A service that waits a second where it usually waits ten or twenty.
fn impatient(office: &Office) -> Service {
    Service::start_with(
        office,
        &[
            ("HEADER_SECONDS_MAX", "1"),
            ("BODY_SECONDS_GRACE", "1"),
            ("KEEP_ALIVE_SECONDS", "1"),
        ],
    )
}

fn say(service: &Service, words: &str) -> TcpStream {
    let mut stream = connect(service);
    stream.write_all(words.as_bytes()).unwrap();
    stream
}

#[test]
fn a_head_that_comes_byte_by_byte_is_given_up() {
    let office = office();
    let service = impatient(&office);
    let stream = say(&service, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    let answered = trickle(stream, "a");
    assert!(answered.starts_with("HTTP/1.1 408"), "{answered}");
}

#[test]
fn who_says_nothing_is_not_waited_for() {
    let office = office();
    let service = impatient(&office);
    let mut silent = connect(&service);
    assert_eq!(answer(&mut silent), 408);
    assert_eq!(answer(&mut silent), 0);
}

#[test]
fn the_second_head_of_a_connection_may_not_come_more_slowly_than_the_first() {
    let office = office();
    let service = impatient(&office);
    let mut stream = say(&service, ALIVE);
    assert_eq!(answer(&mut stream), 200);
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .unwrap();
    assert_eq!(trickle(stream, "a"), "", "closed without a word");
}

#[test]
fn a_body_that_comes_byte_by_byte_is_given_up() {
    let office = office();
    let service = impatient(&office);
    for (path, kind) in [
        ("/api/v1/applications", "application/json"),
        ("/api/v1/imports?table=funds", "text/csv"),
    ] {
        for length in ["Content-Length: 100000", "Transfer-Encoding: chunked"] {
            let post = post(path);
            let head = format!("{post}Content-Type: {kind}\r\n{length}\r\n\r\n");
            let answered = trickle(say(&service, &head), "1\r\nx\r\n");
            assert!(
                answered.starts_with("HTTP/1.1 408"),
                "{path} {length}: {answered}"
            );
            assert!(answered.contains("body_too_slow"), "{answered}");
        }
    }
    let kept = service.get("/api/v1/imports/1");
    assert_eq!(kept.status, 404);
}

#[test]
fn a_body_that_nobody_reads_does_not_keep_its_connection() {
    let office = office();
    let service = impatient(&office);
    let head = "DELETE /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answered = trickle(say(&service, head), "1\r\nx\r\n");
    assert!(answered.starts_with("HTTP/1.1 405"), "{answered}");
}

#[test]
fn who_does_not_take_its_answers_loses_its_connection() {
    let office = office();
    let settings = [
        ("KEEP_ALIVE_SECONDS", "1"),
        ("HEADER_SECONDS_MAX", "1"),
        ("CONNECTIONS_PER_ADDRESS_MAX", "1"),
    ];
    let service = Service::start_with(&office, &settings);
    let mut greedy = connect(&service);
    greedy.set_write_timeout(Some(super::SLOWLY)).unwrap();
    // More answers than the buffers between the two ends can hold, none of them read.
    let asked = "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000);
    let _ = greedy.write_all(asked.as_bytes());
    // Its address has one connection, so anybody else is let in only when that one is gone.
    let began = std::time::Instant::now();
    loop {
        let mut other = connect(&service);
        let _ = other.write_all(ALIVE.as_bytes());
        if answer(&mut other) == 200 {
            break;
        }
        assert!(began.elapsed() < super::PATIENCE, "still held");
        std::thread::sleep(super::SLOWLY);
    }
    drop(greedy);
}

#[test]
fn others_are_answered_while_some_are_slow() {
    let office = office();
    let service = Service::start(&office);
    let head = post("/api/v1/applications")
        + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    let slow: Vec<TcpStream> = (0..50).map(|_| say(&service, &head)).collect();
    http::send(service.address, "GET", "/healthz", &[], &[]).good();
    http::send(service.address, "GET", "/readyz", &[], &[]).good();
    drop(slow);
}

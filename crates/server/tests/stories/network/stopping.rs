//! A service that is told to stop finishes what it took in, and waits for nobody who only sits there.

use std::io::{Read, Write};

use testkit::{TestDatabase, fixtures, http, on_both};

use super::{ALIVE, answer, connect, office, upload_head, wait_until_logged};
use crate::office::Office;
use crate::service::Service;

on_both!(a_file_that_is_on_its_way_when_the_signal_comes_is_taken_in);

fn a_file_that_is_on_its_way_when_the_signal_comes_is_taken_in(office: Office) {
    let service = Service::start(&office);
    let file = fixtures::bytes("newsletter/cooperatives.csv");
    let (first, second) = file.split_at(file.len() / 2);
    let mut upload = connect(&service);
    let head = upload_head("cooperatives", file.len());
    upload.write_all(head.as_bytes()).unwrap();
    // From here on it is the service's request.
    assert_eq!(answer(&mut upload), 100);
    upload.write_all(first).unwrap();
    let mut idle = connect(&service);
    idle.write_all(ALIVE.as_bytes()).unwrap();
    assert_eq!(answer(&mut idle), 200);

    service.signal("-TERM");
    assert_eq!(answer(&mut idle), 0, "who only sits there is sent home");
    upload.write_all(second).unwrap();
    let mut answered = String::new();
    upload.read_to_string(&mut answered).unwrap();
    let stopped = service.wait();

    assert_eq!(stopped.status.code(), Some(0), "{stopped:?}");
    assert!(answered.starts_with("HTTP/1.1 202"), "{answered}");
    let service = Service::start(&office);
    let coops = service.get("/api/v1/cooperatives").good();
    assert_eq!(coops["items"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_service_that_stops_does_not_wait_for_half_a_head() {
    let office = office();
    let settings = [("HEADER_SECONDS_MAX", "600"), ("KEEP_ALIVE_SECONDS", "600")];
    let service = Service::start_with(&office, &settings);
    let mut half = connect(&service);
    half.write_all(ALIVE.as_bytes()).unwrap();
    assert_eq!(answer(&mut half), 200);
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost:").unwrap();
    let stopped = service.stop("-TERM");
    assert_eq!(stopped.status.code(), Some(0), "{stopped:?}");
    assert_eq!(answer(&mut half), 0);
}

#[test]
fn the_counts_can_be_seen_until_what_was_taken_in_is_done() {
    let office = Office::from(TestDatabase::sqlite());
    let service = Service::start_with(&office, &[("METRICS_LISTEN", "127.0.0.1:0")]);
    let watch = service.metrics_address.unwrap();
    let mut upload = connect(&service);
    let head = upload_head("funds", 14);
    upload.write_all(head.as_bytes()).unwrap();
    assert_eq!(answer(&mut upload), 100);
    service.signal("-INT");
    wait_until_logged(&service, "what was taken in is finished first");
    assert_eq!(http::send(watch, "GET", "/metrics", &[], &[]).status, 200);
    upload.write_all(b"fund,name\nx,y\n").unwrap();
    assert_eq!(answer(&mut upload), 202);
    let stopped = service.wait();
    assert_eq!(stopped.status.code(), Some(0), "{stopped:?}");
}

//! More connections than there may be.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{ALIVE, PATIENCE, answer, connect, office};
use crate::service::Service;

/// A connection that was answered once and stays open; none where it was closed.
fn guest(service: &Service) -> Option<TcpStream> {
    let mut stream = connect(service);
    let _ = stream.write_all(ALIVE.as_bytes());
    (answer(&mut stream) == 200).then_some(stream)
}

/// Knocks until it is let in.
fn guest_in_the_end(service: &Service) -> TcpStream {
    let began = Instant::now();
    loop {
        if let Some(guest) = guest(service) {
            return guest;
        }
        assert!(began.elapsed() < PATIENCE, "never let in");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_address_with_too_many_connections_gets_no_more_until_one_ends() {
    let office = office();
    let settings = [
        ("CONNECTIONS_PER_ADDRESS_MAX", "3"),
        ("KEEP_ALIVE_SECONDS", "600"),
    ];
    let service = Service::start_with(&office, &settings);
    let mut guests: Vec<TcpStream> = (0..3).map(|_| guest(&service).unwrap()).collect();
    for _ in 0..5 {
        assert!(guest(&service).is_none(), "one too many");
    }
    guests.pop();
    let _last = guest_in_the_end(&service);
    for guest in &mut guests {
        guest.write_all(ALIVE.as_bytes()).unwrap();
        assert_eq!(answer(guest), 200, "the others have noticed nothing");
    }
}

#[test]
fn a_proxy_of_ours_may_bring_as_many_as_come() {
    let office = office();
    let settings = [
        ("CONNECTIONS_PER_ADDRESS_MAX", "3"),
        ("KEEP_ALIVE_SECONDS", "600"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let service = Service::start_with(&office, &settings);
    let guests: Vec<_> = (0..10).map(|_| guest(&service)).collect();
    assert!(guests.iter().all(Option::is_some));
}

#[test]
fn more_than_the_process_takes_wait_until_one_ends() {
    let office = office();
    let settings = [
        ("CONNECTIONS_MAX", "4"),
        ("WORKERS", "1"),
        ("KEEP_ALIVE_SECONDS", "600"),
    ];
    let service = Service::start_with(&office, &settings);
    let mut guests: Vec<_> = (0..4).map(|_| guest(&service).unwrap()).collect();
    let mut waiting = connect(&service);
    waiting.write_all(ALIVE.as_bytes()).unwrap();
    waiting
        .set_read_timeout(Some(Duration::from_millis(300)))
        .unwrap();
    let early = waiting.read(&mut [0]).map_err(|error| error.kind());
    assert!(
        matches!(early, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        "{early:?}"
    );
    guests.pop();
    waiting.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(answer(&mut waiting), 200);
}

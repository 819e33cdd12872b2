//! The program on a network, among those who are slow, many, or mean harm.

mod crowd;
mod logging;
mod slow;
mod stopping;
mod tls;
mod watching;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use testkit::TestDatabase;
use testkit::people::{OFFICE, token_of};

use crate::office::Office;
use crate::service::Service;

/// A story fails rather than wait longer than this for what has to come.
const PATIENCE: Duration = Duration::from_secs(90);
/// Between two bytes of somebody slow.
const SLOWLY: Duration = Duration::from_millis(100);

/// A request that may stay on its connection.
const ALIVE: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

fn office() -> Office {
    Office::from(TestDatabase::sqlite())
}

/// The head of a request with a body, up to the headers that say which.
fn post(path: &str) -> String {
    let token = token_of(OFFICE.0);
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k\r\n"
    )
}

/// The head of a request that sends a file of so many bytes, once it is told to go on.
fn upload_head(table: &str, bytes: usize) -> String {
    let post = post(&format!("/api/v1/imports?table={table}"));
    format!(
        "{post}Content-Type: text/csv\r\nExpect: 100-continue\r\nContent-Length: {bytes}\r\n\r\n"
    )
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(service.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads one answer without closing; its status, nought where the connection ended instead.
fn answer(stream: &mut impl Read) -> u16 {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            Ok(_) => return 0,
            Err(error) if is_end(error.kind()) => return 0,
            Err(error) => panic!("no answer: {error}"),
        }
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn is_end(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
    )
}

/// Waits until the service has logged these words.
fn wait_until_logged(service: &Service, words: &str) {
    let began = Instant::now();
    while !service.log().contains(words) {
        assert!(began.elapsed() < PATIENCE, "{words}? {}", service.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends bytes one by one, again and again, until the service closes the connection; gives what it
/// answered before. A service that never does fails the story.
fn trickle(mut stream: TcpStream, bytes: &str) -> String {
    let began = Instant::now();
    stream.set_read_timeout(Some(SLOWLY)).unwrap();
    let mut answered = Vec::new();
    for byte in bytes.bytes().cycle() {
        assert!(began.elapsed() < PATIENCE, "still open");
        // What cannot be sent any more is told by the next read.
        let _ = stream.write_all(&[byte]);
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answered.extend_from_slice(&buffer[..count]),
            Err(error) if is_end(error.kind()) => break,
            Err(_) => {}
        }
    }
    String::from_utf8(answered).unwrap()
}

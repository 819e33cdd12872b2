//! The service as a process of its own, and what is sent to it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Stdio};

use serde_json::{Value, json};
use testkit::http::{self, Answer};
use testkit::people::{OFFICE, token_of};

use crate::office::COOP;
use crate::program::Program;

/// How the service is started: on a port that is free.
pub const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--workers", "2"];

/// A running service. Killed when dropped.
pub struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    pub fn start(program: &Program) -> Self {
        let mut process = program
            .command(&SERVE)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = address_said(process.stdout.take().unwrap());
        Self { process, address }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it, as a machine that goes down does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where a service listens, as it says when it starts.
pub fn address_said(standard_output: impl Read) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(standard_output)
        .read_line(&mut line)
        .unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    said["listening"].as_str().unwrap().parse().unwrap()
}

/// Sends JSON under a key, as the office.
pub fn post(address: SocketAddr, path: &str, key: &str, body: &Value) -> Answer {
    post_by(&token_of(OFFICE.0), address, path, key, body)
}

fn post_by(token: &str, address: SocketAddr, path: &str, key: &str, body: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", key),
        ("Authorization", &bearer),
    ];
    http::send(address, "POST", path, &headers, body.to_string().as_bytes())
}

/// Asks for a path.
pub fn get(address: SocketAddr, path: &str) -> Answer {
    let bearer = bearer();
    http::send(address, "GET", path, &[("Authorization", &bearer)], &[])
}

/// The header of who asks: the office, whom [`Office::prepare`](crate::office::Office::prepare) makes
/// known to the database.
fn bearer() -> String {
    format!("Bearer {}", token_of(OFFICE.0))
}

/// Sends, under a key of its number, a member's gift to the campaign of November, by telephone.
pub fn send_application(address: SocketAddr, request: u32) -> Answer {
    send_application_by(&token_of(OFFICE.0), address, request)
}

/// The same, by the bearer of a token.
pub fn send_application_by(token: &str, address: SocketAddr, request: u32) -> Answer {
    let body = json!({
        "coop": COOP,
        "member_number": format!("{:08}", 1_000_000 + request),
        "order_number": "133540",
        "units": 1,
        "received_on": "2025-11-12",
        "channel": "phone",
    });
    let key = format!("request-{request}");
    post_by(token, address, "/api/v1/applications", &key, &body)
}

//! The least of an HTTP client whose connection stays open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// A connection of somebody.
pub struct Client {
    address: SocketAddr,
    connection: BufReader<TcpStream>,
    /// Who they are, as lines of a head.
    shown: String,
    sent: usize,
}

impl Client {
    pub fn to(address: SocketAddr, shown: &str) -> Self {
        Self {
            address,
            connection: connection(address),
            shown: shown.to_owned(),
            sent: 0,
        }
    }

    /// Comes again: while the other one has its turn, the service may hang up on who is quiet.
    pub fn come_again(&mut self) {
        self.connection = connection(self.address);
    }

    /// Asks for a path; gives how long the answer took.
    pub fn get(&mut self, path: &str) -> Duration {
        self.ask(&format!("GET {path}"), "", "")
    }

    /// Sends JSON under a key of its own.
    pub fn post(&mut self, path: &str, body: &str) -> Duration {
        self.sent += 1;
        let headers = format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\nIdempotency-Key: bench-{}\r\n",
            body.len(),
            self.sent
        );
        self.ask(&format!("POST {path}"), &headers, body)
    }

    fn ask(&mut self, line: &str, headers: &str, body: &str) -> Duration {
        let shown = &self.shown;
        let request = format!("{line} HTTP/1.1\r\nHost: bench\r\n{shown}{headers}\r\n{body}");
        let begun = Instant::now();
        self.connection
            .get_mut()
            .write_all(request.as_bytes())
            .expect("send");
        let answer = self.answer();
        let took = begun.elapsed();
        assert!(answer.starts_with("HTTP/1.1 2"), "{line}: {answer}");
        took
    }

    /// Reads an answer to its end; gives its head.
    fn answer(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.connection.read_line(&mut head).expect("read");
            assert!(read > 0, "the service hung up: {head}");
        }
        let length = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.parse().ok())
            .expect("a length");
        let mut body = vec![0; length];
        self.connection.read_exact(&mut body).expect("read");
        head
    }
}

fn connection(address: SocketAddr) -> BufReader<TcpStream> {
    let connection = TcpStream::connect(address).expect("connect");
    connection.set_nodelay(true).expect("set the connection");
    BufReader::new(connection)
}

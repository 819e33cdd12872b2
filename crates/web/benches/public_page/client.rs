//! A client that asks for one path over connections that stay open.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Connections that ask at once.
const CONNECTIONS: usize = 16;

/// What was answered.
pub struct Answer {
    pub body: Vec<u8>,
}

/// One answer. It has to be a good one.
pub fn answer(address: SocketAddr, path: &str) -> Answer {
    let mut connection = Connection::to(address, path);
    let end = connection.ask();
    Answer {
        body: connection.read[end.head..end.all].to_vec(),
    }
}

/// Requests answered in a second, over so long a time.
pub fn requests_in(time: Duration, address: SocketAddr, path: &str) -> f64 {
    let began = Instant::now();
    let counts: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::to(address, path);
                    let mut count = 0;
                    while began.elapsed() < time {
                        connection.ask();
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        let counts = threads.into_iter().map(|thread| thread.join());
        counts.map(|count| count.expect("a client")).sum()
    });
    counts as f64 / began.elapsed().as_secs_f64()
}

/// Where head and answer end in what was read.
#[derive(Clone, Copy)]
struct End {
    head: usize,
    all: usize,
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    read: Vec<u8>,
}

impl Connection {
    fn to(address: SocketAddr, path: &str) -> Self {
        let stream = TcpStream::connect(address).expect("connect");
        stream.set_nodelay(true).expect("no delay");
        Self {
            stream,
            request: format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes(),
            read: vec![0; 64 * 1024],
        }
    }

    /// Asks, and reads the whole answer.
    fn ask(&mut self) -> End {
        self.stream.write_all(&self.request).expect("ask");
        let mut filled = 0;
        let mut end = None;
        loop {
            let count = self.stream.read(&mut self.read[filled..]).expect("read");
            assert!(count > 0, "the connection ended");
            filled += count;
            if end.is_none() {
                end = ends(&self.read[..filled]);
            }
            if let Some(End { head, all }) = end
                && filled >= all
            {
                return End { head, all };
            }
        }
    }
}

/// Where an answer ends, once its head is there.
fn ends(read: &[u8]) -> Option<End> {
    let head = read.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&read[..head]).expect("a head in ASCII");
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    let length = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse::<usize>().ok())
        .expect("a length");
    Some(End {
        head,
        all: head + length,
    })
}

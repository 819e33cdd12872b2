//! The program as a service: started, asked over HTTP, stopped by a signal.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use testkit::http::{self, Answer};
use testkit::people::{OFFICE, make_known, token_of};

use crate::office::Office;

/// A service that listens. Killed when dropped, unless it was stopped before.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Service {
    /// Starts the program's service on the database of an office, on a free port.
    /// Somebody with every role of the staff asks it.
    pub fn start(office: &Office) -> Self {
        let (name, roles) = OFFICE;
        if office.makes_itself_known() {
            make_known(office.database.url(), name, roles);
        }
        let mut child = office
            .command(&["serve", "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start the service");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its standard output"))
            .read_line(&mut line)
            .expect("a line of its standard output");
        let said: Value = serde_json::from_str(&line).expect("where it listens, as JSON");
        let address = said["listening"].as_str().unwrap().parse().unwrap();
        Self {
            address,
            child: Some(child),
        }
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        self.raw(OFFICE.0, "GET", path, &[], &[])
    }

    /// Sends JSON by `POST` under a key.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key),
        ];
        let body = body.to_string();
        self.raw(OFFICE.0, "POST", path, &headers, body.as_bytes())
    }

    /// Sends a file by `POST`.
    pub fn upload(&self, path: &str, file: &[u8]) -> Answer {
        let headers = [("Content-Type", "text/csv")];
        self.raw(OFFICE.0, "POST", path, &headers, file)
    }

    /// Sends a request of a person whom its database knows.
    pub fn raw(
        &self,
        person: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let bearer = format!("Bearer {}", token_of(person));
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &bearer));
        http::send(self.address, method, path, &headers, body)
    }

    /// Sends the signal to stop, and waits for the end.
    pub fn stop(mut self, signal: &str) -> Output {
        let child = self.child.take().expect("a running service");
        let id = child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        child.wait_with_output().unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

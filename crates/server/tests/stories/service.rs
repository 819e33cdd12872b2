//! The program as a service: started, asked over HTTP, stopped by a signal.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use testkit::http::{self, Answer};
use testkit::people::{OFFICE, make_known, token_of};

use crate::office::Office;

/// A service that listens. Killed when dropped, unless it was stopped before.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it shows its counts, where that is another place.
    pub metrics_address: Option<SocketAddr>,
    log: PathBuf,
    child: Option<Child>,
}

impl Service {
    /// Starts the program's service on the database of an office, on a free port.
    /// Somebody with every role of the staff asks it.
    pub fn start(office: &Office) -> Self {
        Self::start_with(office, &[])
    }

    /// The same with settings, each a variable of the environment without `HITOKUCHI_`.
    pub fn start_with(office: &Office, settings: &[(&str, &str)]) -> Self {
        let (name, roles) = OFFICE;
        if office.makes_itself_known() {
            make_known(office.database.url(), name, roles);
        }
        let log = office.folder.path().join("service.log");
        let mut options = OpenOptions::new();
        let standard_error = options.create(true).append(true).open(&log);
        let variable =
            |(name, value): &(&str, &str)| (format!("HITOKUCHI_{name}"), value.to_string());
        let mut child = office
            .command(&["serve", "--listen", "127.0.0.1:0", "--json"])
            .envs(settings.iter().map(variable))
            .stdout(Stdio::piped())
            .stderr(standard_error.expect("a file for its log"))
            .spawn()
            .expect("start the service");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its standard output"))
            .read_line(&mut line)
            .expect("a line of its standard output");
        let said: Value = serde_json::from_str(&line).expect("where it listens, as JSON");
        let address = said["listening"].as_str().unwrap().parse().unwrap();
        let metrics_address = said["metrics_listening"].as_str();
        Self {
            address,
            metrics_address: metrics_address.map(|address| address.parse().unwrap()),
            log,
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

    /// What it has logged so far, one JSON object a line.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Nothing of these is in the log, whose lines are all JSON; the ids of requests, which are made
    /// up, aside.
    pub fn assert_log_has_none_of(&self, words: &[String]) {
        let log = self.log();
        assert!(log.lines().count() > 10, "a log of what was asked: {log}");
        for line in log.lines() {
            let mut said: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
            let fields = said.as_object_mut().unwrap();
            for place in ["request_id", "span", "spans", "timestamp"] {
                fields.remove(place);
            }
            let said = said.to_string();
            for word in words {
                assert!(!said.contains(word.as_str()), "{word} in the log: {line}");
            }
        }
    }

    /// Sends the signal to stop, and waits for the end.
    pub fn stop(self, signal: &str) -> Output {
        self.signal(signal);
        self.wait()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: &str) {
        let id = self.child.as_ref().expect("a running service").id();
        let id = id.to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Output {
        let child = self.child.take().expect("a running service");
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

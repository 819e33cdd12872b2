//! A real, listening service in front of a [`World`].

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use api::{Api, Limits, Settings};
use ledger::Ledger;
use serde_json::Value;

use crate::http::{self, Answer};
use crate::{TestDatabase, World};

/// A service over an office in small. Stops when dropped.
///
/// A story takes it in place of the database: `fn a_story(app: TestApp)` under `on_both!(a_story)`.
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    /// The office behind it. Declared last: it goes when the service has stopped.
    pub world: World,
}

impl From<TestDatabase> for TestApp {
    fn from(database: TestDatabase) -> Self {
        Self::over(World::from(database), unhurried())
    }
}

/// The usual settings, except that a story may ask faster than people and scripts do.
fn unhurried() -> Settings {
    Settings {
        limits: Limits {
            requests_per_minute_max: 0,
            requests_per_minute_of_caller_max: 0,
            ..Limits::default()
        },
        ..Settings::default()
    }
}

impl TestApp {
    /// A service over a world, with bounds of its own.
    pub fn over(world: World, settings: Settings) -> Self {
        let (address, handle, thread) = start(world.ledger.clone(), settings);
        Self {
            address,
            handle,
            thread: Some(thread),
            world,
        }
    }

    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        http::send(self.address, "GET", path, &[], &[])
    }

    /// Sends JSON under a key; without one where it is empty.
    pub fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        let mut headers = vec![("Content-Type", "application/json")];
        if !key.is_empty() {
            headers.push(("Idempotency-Key", key));
        }
        http::send(
            self.address,
            method,
            path,
            &headers,
            body.to_string().as_bytes(),
        )
    }

    /// Sends JSON by `POST` under a key; without one where it is empty.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send("POST", path, key, body)
    }

    /// Sends a file by `POST`.
    pub fn upload(&self, path: &str, file: &[u8]) -> Answer {
        let headers = [("Content-Type", "text/csv")];
        http::send(self.address, "POST", path, &headers, file)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The order to stop is given when `stop` is called; its future only waits for the end.
        drop(self.handle.stop(true));
        if let Some(thread) = self.thread.take() {
            // A panic of the service has failed the test already.
            let _ = thread.join();
        }
    }
}

fn start(ledger: Ledger, settings: Settings) -> (SocketAddr, ServerHandle, JoinHandle<()>) {
    let (started, starting) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        let api = Api::new(ledger, settings);
        actix_web::rt::System::new().block_on(async move {
            let of_worker = api.clone();
            let server = HttpServer::new(move || api::app(of_worker.clone()))
                .workers(2)
                .disable_signals()
                .shutdown_timeout(30)
                .bind("127.0.0.1:0")
                .expect("a free port on this machine");
            let address = *server.addrs().first().expect("the address bound");
            let server = server.run();
            started
                .send((address, server.handle()))
                .expect("a test that waits for its service");
            server.await.expect("a service that stops in order");
            api.finish_jobs().await;
        });
    });
    let (address, handle) = starting.recv().expect("a service that starts");
    (address, handle, thread)
}

//! A real, listening service in front of a [`World`].

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::HttpServer;
use actix_web::dev::ServerHandle;

use front::{Front, Limits, Settings};
use ledger::Ledger;
use serde_json::Value;

use crate::http::{self, Answer};
use crate::people::OFFICE;
use crate::{TestDatabase, World};

/// A service over an office in small. Stops when dropped.
///
/// A story takes it in place of the database: `fn a_story(app: TestApp)` under `on_both!(a_story)`.
pub struct TestApp {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who asks where a story does not say who: somebody with every role of the staff.
    pub office: Person,
    /// Stops before the office goes.
    _service: Service,
    /// The office behind it. Declared last: it goes when the service has stopped.
    pub world: World,
}

impl From<TestDatabase> for TestApp {
    fn from(database: TestDatabase) -> Self {
        Self::over(World::from(database), Self::unhurried())
    }
}

impl TestApp {
    /// The usual settings, except that a story may ask faster than people and scripts do.
    pub fn unhurried() -> Settings {
        Settings {
            limits: Limits {
                requests_per_minute_max: 0,
                requests_per_minute_of_caller_max: 0,
                ..Limits::default()
            },
            ..Settings::default()
        }
    }

    /// A service over a world, with bounds of its own.
    pub fn over(world: World, settings: Settings) -> Self {
        let service = Service::start(world.ledger.clone(), settings);
        let address = service.address;
        let token = world.token_of(OFFICE.0, OFFICE.1);
        Self {
            address,
            office: Person { address, token },
            _service: service,
            world,
        }
    }

    /// A second process on the same database, as far as a process can tell: what it keeps is its own.
    pub fn second_process(&self) -> Service {
        Service::start(self.world.opened_again(), Self::unhurried())
    }

    /// Somebody with these roles, who is invited now and asks by a token.
    pub fn person(&self, name: &str, roles: &str) -> Person {
        Person {
            address: self.address,
            token: self.world.token_of(name, roles),
        }
    }

    /// Somebody of the organisation with this code, who is invited now and asks by a token.
    pub fn of_organization(&self, name: &str, code: &str) -> Person {
        Person {
            address: self.address,
            token: self.world.token_of_organization(name, code),
        }
    }

    /// Asks for a path, as the office.
    pub fn get(&self, path: &str) -> Answer {
        self.office.get(path)
    }

    /// Sends JSON under a key, as the office; without a key where it is empty.
    pub fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        self.office.send(method, path, key, body)
    }

    /// Sends JSON by `POST` under a key, as the office; without a key where it is empty.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.office.send("POST", path, key, body)
    }

    /// Sends a file by `POST`, as the office.
    pub fn upload(&self, path: &str, file: &[u8]) -> Answer {
        self.office
            .raw("POST", path, &[("Content-Type", "text/csv")], file)
    }

    /// Sends a request with headers of its own, as the office.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.office.raw(method, path, headers, body)
    }
}

/// Somebody who asks by a token.
#[derive(Debug, Clone)]
pub struct Person {
    address: SocketAddr,
    /// The secret of the token.
    pub token: String,
}

impl Person {
    /// Asks for a path.
    pub fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, &[], &[])
    }

    /// Sends JSON under a key; without one where it is empty.
    pub fn send(&self, method: &str, path: &str, key: &str, body: &Value) -> Answer {
        let mut headers = vec![("Content-Type", "application/json")];
        if !key.is_empty() {
            headers.push(("Idempotency-Key", key));
        }
        self.raw(method, path, &headers, body.to_string().as_bytes())
    }

    /// Sends JSON by `POST` under a key; without one where it is empty.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send("POST", path, key, body)
    }

    /// Sends a request with headers of its own.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = headers.to_vec();
        headers.push(("Authorization", &bearer));
        http::send(self.address, method, path, &headers, body)
    }
}

/// A service that listens. Stops when dropped.
pub struct Service {
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        // The order to stop is given when `stop` is called; its future only waits for the end.
        drop(self.handle.stop(true));
        if let Some(thread) = self.thread.take() {
            // A panic of the service has failed the test already.
            let _ = thread.join();
        }
    }
}

impl Service {
    fn start(ledger: Ledger, settings: Settings) -> Self {
        let (started, starting) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let front = Front::new(ledger, settings);
            let doors = doors::for_everybody(&front);
            actix_web::rt::System::new().block_on(async move {
                let of_worker = front.clone();
                let server = HttpServer::new(move || front::app(&of_worker, &doors))
                    .workers(2)
                    .tcp_nodelay(true)
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
                front.finish_jobs().await;
            });
        });
        let (address, handle) = starting.recv().expect("a service that starts");
        Self {
            address,
            handle,
            thread: Some(thread),
        }
    }
}

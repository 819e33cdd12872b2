//! What somebody sends who means harm, or whose program went wrong.

mod answer_headers;
mod injection;
mod oversized;
mod proxies;
mod rate;
mod smuggling;

use testkit::http::{self, Answer};
use testkit::{TestApp, TestDatabase, World};

/// A service with settings of its own.
fn app_with(change: impl FnOnce(&mut front::Settings)) -> TestApp {
    let mut settings = front::Settings::default();
    change(&mut settings);
    TestApp::over(World::from(TestDatabase::sqlite()), settings)
}

fn app() -> TestApp {
    app_with(|_| {})
}

/// Asks whether the service lives, with these headers.
fn ask(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    http::send(app.address, "GET", "/healthz", headers, &[])
}

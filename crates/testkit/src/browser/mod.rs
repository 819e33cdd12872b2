//! A real Chromium that visits the service, driven through chromedriver (W3C WebDriver).
//!
//! Every [`Browser`] is a Chromium of its own, with nothing in it from before. What is asked of a page
//! waits until it is there, and fails the test after [`WITHIN`]; nothing sleeps for a fixed time.
//!
//! The client is our own: the crates there are for WebDriver stand on one whose licence is not among
//! ours, and need an async runtime and an HTTP stack for what is JSON over a local socket.

pub mod axe;
mod driver;
pub mod keys;
mod look;
mod sign_in;
#[cfg(test)]
mod tests;
mod typing;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use driver::{Driver, Refused};
pub use look::Look;

use crate::TestApp;
use crate::people;
use crate::visitors::Is;

/// So long a page has for what a test waits for. Long, because machines are busy; what is there is not
/// waited for.
pub const WITHIN: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(15);
/// The cookie of a session where the service is reached without TLS.
const SESSION_COOKIE: &str = "hitokuchi_session";
/// The field that marks an element in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// What passes by itself while a page settles.
const PASSING: [&str; 4] = [
    "no such element",
    "stale element reference",
    "element not interactable",
    "element click intercepted",
];

/// A Chromium, one tab. Closed when dropped.
#[derive(Debug)]
pub struct Browser {
    driver: &'static Driver,
    session: String,
    base: String,
    downloads: PathBuf,
}

/// A file that a page brought with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its whole address.
    pub url: String,
    /// What came over the wire for it, headers included.
    pub bytes: u64,
}

impl Browser {
    /// A browser of somebody who has not signed in, on no page yet.
    ///
    /// Gives `None` where Chromium and its driver are not installed, having said on standard error
    /// that the calling test is skipped. Panics there when `CI` is `true`.
    pub fn start(app: &TestApp) -> Option<Self> {
        let driver = Driver::shared()?;
        let number = {
            static STARTED: AtomicUsize = AtomicUsize::new(0);
            STARTED.fetch_add(1, Ordering::Relaxed)
        };
        let downloads = driver.folder().join(format!("downloads-{number}"));
        std::fs::create_dir(&downloads).expect("a folder for downloads");
        let browser = Self {
            driver,
            session: driver.begin(&options(driver)),
            base: format!("http://{}", app.address),
            downloads,
        };
        let downloads = json!({ "behavior": "allow", "downloadPath": browser.downloads });
        browser.devtools("Browser.setDownloadBehavior", &downloads);
        Some(browser)
    }

    /// The same, with JavaScript switched off. What a test asks of the page works all the same.
    pub fn without_script(app: &TestApp) -> Option<Self> {
        let browser = Self::start(app)?;
        let off = json!({ "value": true });
        browser.devtools("Emulation.setScriptExecutionDisabled", &off);
        Some(browser)
    }

    /// A browser of somebody of the staff with these roles, such as `clerk,finance`, who has signed
    /// in, second factor and all. Who is not known yet is invited.
    pub fn signed_in(app: &TestApp, name: &str, roles: &str) -> Option<Self> {
        let browser = Self::start(app)?;
        browser.be(app, name, Is::staff(roles));
        Some(browser)
    }

    /// A browser of somebody of the organisation with this code, who has signed in.
    pub fn of_organization(app: &TestApp, name: &str, code: &str) -> Option<Self> {
        let browser = Self::start(app)?;
        browser.be(app, name, Is::of_organization(code));
        Some(browser)
    }

    /// Hands the browser a new session of a person, in place of the one it has.
    pub fn be(&self, app: &TestApp, name: &str, is: Is<'_>) {
        let secret = people::session_of(&app.world, name, is);
        self.set_cookie(SESSION_COOKIE, secret.expose());
    }

    // ---- pages

    /// Goes to a path of the service, such as `/review`, and waits until it is loaded.
    pub fn go(&self, path: &str) {
        let url = match path.starts_with('/') {
            true => format!("{}{path}", self.base),
            false => path.to_owned(),
        };
        self.post("url", &json!({ "url": url }));
    }

    /// The address of the page, without the service's own: `/review?month=2025-08`.
    pub fn path(&self) -> String {
        let url = self.url();
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// The whole address of the page.
    pub fn url(&self) -> String {
        text_of(self.get("url"))
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        text_of(self.get("title"))
    }

    /// The status with which the page came.
    pub fn status(&self) -> u64 {
        let status = self.script(
            "return performance.getEntriesByType('navigation')[0].responseStatus",
            &[],
        );
        status.as_u64().expect("a status")
    }

    /// Everything that came with the page, the page itself first.
    pub fn loaded(&self) -> Vec<Loaded> {
        let entries = self.script(
            "return ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
               .map((entry) => [entry.name, entry.transferSize])",
            &[],
        );
        let entries = entries.as_array().expect("a list of what was loaded");
        entries
            .iter()
            .map(|entry| Loaded {
                url: text_of(entry[0].clone()),
                bytes: entry[1].as_u64().unwrap_or_default(),
            })
            .collect()
    }

    /// What the page complained of since this was asked last: errors in scripts, files that are not
    /// there, and what the content security policy forbade; not that a form was refused.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.post("se/log", &json!({ "type": "browser" }));
        let entries = entries.as_array().expect("a list of complaints");
        entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| text_of(entry["message"].clone()))
            .filter(|told| !told.contains("responded with a status of 4") || told.contains(" 404 "))
            .collect()
    }

    /// Back, as the button does.
    pub fn back(&self) {
        self.post("back", &json!({}));
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        self.post("refresh", &json!({}));
    }

    /// Closes the tab without a word and goes on in a new one, at a path.
    pub fn close_tab_and_go(&self, path: &str) {
        let new = self.post("window/new", &json!({ "type": "tab" }));
        self.delete("window");
        self.post("window", &json!({ "handle": new["handle"] }));
        self.go(path);
    }

    /// Forgets every file that was loaded, so that the next page is a first load.
    pub fn forget_files(&self) {
        self.devtools("Network.clearBrowserCache", &json!({}));
    }

    /// Cuts the connection to everything, or mends it.
    pub fn network_offline(&self, is_offline: bool) {
        let conditions = json!({
            "offline": is_offline, "latency": 0,
            "download_throughput": -1, "upload_throughput": -1,
        });
        let path = "chromium/network_conditions";
        self.post(path, &json!({ "network_conditions": conditions }));
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.get("cookie");
        let cookies = cookies.as_array()?;
        let cookie = cookies.iter().find(|cookie| cookie["name"] == name)?;
        Some(text_of(cookie["value"].clone()))
    }

    /// Sets a cookie, on whatever page.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let cookie = json!({
            "url": self.base, "name": name, "value": value, "httpOnly": true, "sameSite": "Lax",
        });
        self.devtools("Network.setCookie", &cookie);
    }

    /// The content of the one file that was downloaded since this was asked last.
    pub fn downloaded(&self) -> (String, Vec<u8>) {
        let file = self.until("a download", |browser| {
            let files = std::fs::read_dir(&browser.downloads).expect("list the downloads");
            // Chromium keeps the name with an empty file, and puts the whole one in its place at the end.
            files.flatten().find_map(|file| {
                let path = file.path();
                let is_under_way = path.extension().is_some_and(|it| it == "crdownload");
                let is_empty = file.metadata().is_ok_and(|it| it.len() == 0);
                (!is_under_way && !is_empty).then_some(path)
            })
        });
        let content = std::fs::read(&file).expect("read a download");
        std::fs::remove_file(&file).expect("take a download away");
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        (name.into_owned(), content)
    }

    // ---- what is on a page

    /// Whether there is such an element now, seen or not.
    pub fn exists(&self, css: &str) -> bool {
        self.count(css) > 0
    }

    /// How many such elements there are now.
    pub fn count(&self, css: &str) -> usize {
        let count = self.script(
            "return document.querySelectorAll(arguments[0]).length",
            &[json!(css)],
        );
        count
            .as_u64()
            .and_then(|count| count.try_into().ok())
            .unwrap_or_default()
    }

    /// What a person reads in an element.
    pub fn text(&self, css: &str) -> String {
        text_of(self.on(css, |browser, element| {
            browser.try_get(&format!("{element}/text"))
        }))
    }

    /// What a person reads in every such element that is there now.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let texts = self.script(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText.trim())",
            &[json!(css)],
        );
        texts
            .as_array()
            .into_iter()
            .flatten()
            .cloned()
            .map(text_of)
            .collect()
    }

    /// What stands in a field.
    pub fn value(&self, css: &str) -> String {
        text_of(self.on(css, |browser, element| {
            browser.try_get(&format!("{element}/property/value"))
        }))
    }

    /// An attribute of an element; empty where it has none.
    pub fn attribute(&self, css: &str, name: &str) -> String {
        let value = self.on(css, |browser, element| {
            browser.try_get(&format!("{element}/attribute/{name}"))
        });
        value.as_str().unwrap_or_default().to_owned()
    }

    /// The `id` of the element that has the keyboard, or else its `name`, or else its kind.
    pub fn focused(&self) -> String {
        text_of(self.script(
            "const at = document.activeElement;
             return at.id || at.getAttribute('name') || at.localName",
            &[],
        ))
    }

    /// Waits until such an element can be seen.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        self.until(css, |browser| browser.sees(css).then_some(()));
    }

    /// Waits until no such element can be seen any more.
    #[track_caller]
    pub fn wait_until_gone(&self, css: &str) {
        self.until(&format!("no {css}"), |browser| {
            (!browser.sees(css)).then_some(())
        });
    }

    /// Waits until an element has this among its text.
    #[track_caller]
    pub fn wait_for_text(&self, css: &str, text: &str) {
        self.until(&format!("{css} with {text}"), |browser| {
            let texts = browser.texts(css);
            texts.iter().any(|one| one.contains(text)).then_some(())
        });
    }

    /// Waits until the address is this path, whatever stands behind a `?`.
    #[track_caller]
    pub fn wait_for_path(&self, path: &str) {
        self.until(path, |browser| {
            let at = browser.path();
            (at.split(['?', '#']).next() == Some(path)).then_some(())
        });
    }

    /// Asks again and again until there is an answer. Panics, saying what was waited for and what the
    /// page shows, when there is none [`WITHIN`].
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut ask: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + WITHIN;
        loop {
            if let Some(answer) = ask(self) {
                return answer;
            }
            assert!(
                Instant::now() < deadline,
                "waited in vain for {what} at {}, which shows:\n{}",
                self.url(),
                self.texts("body").join("\n")
            );
            sleep(POLL_INTERVAL);
        }
    }

    fn sees(&self, css: &str) -> bool {
        let seen = self.script(
            "return [...document.querySelectorAll(arguments[0])].some((one) => one.checkVisibility())",
            &[json!(css)],
        );
        seen == true
    }

    // ---- scripts and the protocol

    /// Runs a script in the page and gives what it returns.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.post(
            "execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Runs a script that calls its last argument with what it has to say.
    #[track_caller]
    pub fn script_that_waits(&self, script: &str, arguments: &[Value]) -> Value {
        self.post(
            "execute/async",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Sends a command of Chromium's developer tools.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    /// Does something to an element, as soon as it is there and lets it be done.
    #[track_caller]
    fn on(&self, css: &str, act: impl Fn(&Self, &str) -> Result<Value, Refused>) -> Value {
        let deadline = Instant::now() + WITHIN;
        loop {
            let found = self.try_post("element", &json!({ "using": "css selector", "value": css }));
            let done = found.and_then(|found| {
                let id = found[ELEMENT].as_str().expect("an element's number");
                act(self, &format!("element/{id}"))
            });
            match done {
                Ok(value) => return value,
                Err(refused) if !PASSING.contains(&refused.code.as_str()) => {
                    panic!("{css} at {}: {refused}", self.url())
                }
                Err(refused) => assert!(
                    Instant::now() < deadline,
                    "{css} at {}: {refused}\nThe page shows:\n{}",
                    self.url(),
                    self.texts("body").join("\n")
                ),
            }
            sleep(POLL_INTERVAL);
        }
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        self.try_get(path)
            .unwrap_or_else(|refused| panic!("{path}: {refused}"))
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body)
            .unwrap_or_else(|refused| panic!("{path}: {refused}\n{body}"))
    }

    fn delete(&self, path: &str) {
        let path = format!("{}/{path}", self.session);
        self.driver
            .ask("DELETE", &path, &Value::Null)
            .unwrap_or_else(|refused| panic!("{path}: {refused}"));
    }

    fn try_get(&self, path: &str) -> Result<Value, Refused> {
        let path = format!("{}/{path}", self.session);
        self.driver.ask("GET", &path, &Value::Null)
    }

    fn try_post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        self.driver
            .ask("POST", &format!("{}/{path}", self.session), body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // What is not closed here goes with the process.
        let _ = self.driver.ask("DELETE", &self.session, &Value::Null);
    }
}

fn options(driver: &Driver) -> Value {
    let mut arguments = vec![
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-extensions",
        "--disable-component-update",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--lang=ja",
        "--force-color-profile=srgb",
        "--font-render-hinting=none",
        "--hide-scrollbars",
        "--window-size=1280,900",
    ];
    if driver::we_are_root(driver.folder()) {
        arguments.push("--no-sandbox");
    }
    let chromium = driver::find_chromium();
    json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": chromium,
            "args": arguments,
            "prefs": { "intl.accept_languages": "ja" },
        },
    })
}

/// A value that is text.
fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => panic!("no text: {other}"),
    }
}

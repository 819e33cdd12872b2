//! R17 at the door of the service: cookies, proofs that a page is our own, and waiting after wrong tries.

use domain::Clock;
use front::Settings;
use ledger::credentials::{Secret, SecretKind, TotpKey};
use serde_json::{Value, json};
use testkit::http::{self, Answer};
use testkit::{TestApp, TestDatabase, World, on_both, people};

on_both!(
    r17_a_person_signs_in_with_a_browser,
    r17_a_second_factor_is_set_up_and_asked_for_in_a_browser,
    r17_what_changes_something_comes_from_a_page_of_ours,
    r17_a_session_that_somebody_planted_is_not_taken,
    r17_wrong_passwords_are_told_how_long_to_wait,
);

const PASSWORD: &str = "kumo-mikan-densha-7";
const COOKIE: &str = "hitokuchi_session";

/// A browser in small: it keeps the cookie, and its page the token against forged requests.
struct Browser<'a> {
    app: &'a TestApp,
    cookie: String,
    csrf_token: String,
}

impl<'a> Browser<'a> {
    fn new(app: &'a TestApp) -> Self {
        Self {
            app,
            cookie: String::new(),
            csrf_token: String::new(),
        }
    }

    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let cookie = format!("{COOKIE}={}", self.cookie);
        let csrf_token = self.csrf_token.clone();
        let mut headers = vec![("Content-Type", "application/json"), ("User-Agent", "見本")];
        if !self.cookie.is_empty() {
            headers.push(("Cookie", &cookie));
            headers.push(("X-CSRF-Token", &csrf_token));
            headers.push(("Sec-Fetch-Site", "same-origin"));
        }
        let text = body.to_string();
        let body = if method == "GET" { "" } else { &text };
        let answer = http::send(self.app.address, method, path, &headers, body.as_bytes());
        self.keep(&answer);
        answer
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, body)
    }

    fn keep(&mut self, answer: &Answer) {
        if let Some((cookie, attributes)) = answer.header("set-cookie").split_once(';') {
            let (name, value) = cookie.split_once('=').unwrap();
            assert_eq!(name, COOKIE);
            assert!(
                attributes.starts_with(" Path=/; HttpOnly; SameSite=Lax"),
                "{attributes}"
            );
            assert_eq!(attributes.contains("Max-Age=0"), value.is_empty());
            // The secret is in the cookie and nowhere else.
            assert!(value.is_empty() || !answer.text().contains(value));
            self.cookie = value.to_owned();
            self.csrf_token = answer.json()["csrf_token"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        }
    }

    fn sign_in(&mut self, name: &str) -> Answer {
        let body = json!({ "name": name, "password": PASSWORD });
        self.post("/api/v1/session", &body)
    }
}

/// Somebody with these roles, who has set the password over the network.
fn employed(app: &TestApp, name: &str, roles: &str) {
    app.person(name, roles);
    let link = people::link_for(&app.world, name);
    let body = json!({ "secret": link.expose(), "password": PASSWORD });
    let accepted = Browser::new(app)
        .post("/api/v1/one-time-links/accept", &body)
        .good();
    assert_eq!(accepted, json!({ "name": name, "purpose": "invitation" }));
    let again = Browser::new(app).post("/api/v1/one-time-links/accept", &body);
    again.problem(401, "link_refused");
}

fn r17_a_person_signs_in_with_a_browser(app: TestApp) {
    employed(&app, "aoki", "clerk");
    let mut browser = Browser::new(&app);
    let refused = json!({ "name": "aoki", "password": "not-the-one-99" });
    browser
        .post("/api/v1/session", &refused)
        .problem(401, "sign_in_refused");
    assert!(browser.cookie.is_empty());

    let opened = browser.sign_in("aoki").good();

    assert_eq!(
        (&opened["name"], &opened["stage"]),
        (&json!("aoki"), &json!("full"))
    );
    assert_eq!(opened["roles"], json!(["clerk"]));
    let shown = browser.ask("GET", "/api/v1/session", &Value::Null).good();
    assert_eq!(
        shown, opened,
        "the page finds the token again after a reload"
    );
    browser.ask("GET", "/api/v1/funds", &Value::Null).good();
    browser
        .ask("GET", "/api/v1/accounts", &Value::Null)
        .problem(403, "not_permitted");
    let listed = browser.ask("GET", "/api/v1/sessions", &Value::Null).good();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["address"], "127.0.0.1");

    let stolen = browser.cookie.clone();
    browser
        .ask("DELETE", "/api/v1/session", &Value::Null)
        .good();
    assert!(browser.cookie.is_empty());
    browser
        .ask("GET", "/api/v1/session", &Value::Null)
        .problem(401, "sign_in_needed");
    browser.cookie = stolen;
    browser
        .ask("GET", "/api/v1/session", &Value::Null)
        .problem(401, "session_ended");
    // An outdated cookie is no obstacle to signing in.
    browser.csrf_token.clear();
    browser.sign_in("aoki").good();
}

fn r17_a_second_factor_is_set_up_and_asked_for_in_a_browser(app: TestApp) {
    employed(&app, "keiri", "finance");
    let mut browser = Browser::new(&app);
    assert_eq!(browser.sign_in("keiri").good()["stage"], "enrolment");
    browser
        .ask("GET", "/api/v1/funds", &Value::Null)
        .problem(403, "second_factor_needed");
    let offered = browser.post("/api/v1/account/totp", &json!({})).good();
    let key = TotpKey::parse(offered["key"].as_str().unwrap()).unwrap();
    let shown = || key.code_at(app.world.clock.now().timestamp());
    let half = browser.cookie.clone();
    let path = "/api/v1/account/totp/confirm";
    browser
        .post(path, &json!({ "code": "000000" }))
        .problem(401, "second_factor_refused");
    let confirmed = browser.post(path, &json!({ "code": shown() })).good();
    assert_eq!(confirmed["recovery_codes"].as_array().unwrap().len(), 10);
    assert_ne!(browser.cookie, half);
    browser.ask("GET", "/api/v1/funds", &Value::Null).good();

    let mut elsewhere = Browser::new(&app);
    assert_eq!(elsewhere.sign_in("keiri").good()["stage"], "second_factor");
    let path = "/api/v1/session/second-factor";
    // Replayed: it is the one that set the key up.
    elsewhere
        .post(path, &json!({ "code": shown() }))
        .problem(401, "second_factor_refused");
    let recovery_code = &confirmed["recovery_codes"][0];
    let whole = elsewhere
        .post(path, &json!({ "code": recovery_code }))
        .good();
    assert_eq!(
        (&whole["stage"], &whole["recovery_codes_left"]),
        (&json!("full"), &json!(9))
    );

    let body = json!({ "password": PASSWORD });
    elsewhere
        .post("/api/v1/account/recovery-codes", &body)
        .good();
    let body = json!({ "current": PASSWORD, "new": "tsuki-budou-fune-52" });
    elsewhere.post("/api/v1/account/password", &body).good();
    elsewhere.ask("GET", "/api/v1/funds", &Value::Null).good();
    browser
        .ask("GET", "/api/v1/funds", &Value::Null)
        .problem(401, "session_ended");
}

fn r17_what_changes_something_comes_from_a_page_of_ours(app: TestApp) {
    employed(&app, "aoki", "clerk");
    employed(&app, "ueda", "clerk");
    let (mut browser, mut other) = (Browser::new(&app), Browser::new(&app));
    browser.sign_in("aoki").good();
    other.sign_in("ueda").good();
    let cookie = format!("{COOKIE}={}", browser.cookie);
    let sent = |headers: &[(&str, &str)]| {
        let mut all = vec![
            ("Cookie", cookie.as_str()),
            ("Content-Type", "application/json"),
        ];
        all.extend_from_slice(headers);
        http::send(app.address, "DELETE", "/api/v1/session", &all, b"")
    };
    let own = browser.csrf_token.clone();
    let own = own.as_str();
    for headers in [
        &[][..],
        &[("X-CSRF-Token", "")],
        &[("X-CSRF-Token", "AAAA")],
        &[("X-CSRF-Token", other.csrf_token.as_str())],
        &[("X-CSRF-Token", own), ("Sec-Fetch-Site", "cross-site")],
        &[("X-CSRF-Token", own), ("Sec-Fetch-Site", "same-site")],
    ] {
        sent(headers).problem(403, "csrf_token_needed");
    }
    // A form of another site cannot sign somebody in, either: as itself, to see what they then enter.
    let body = json!({ "name": "aoki", "password": PASSWORD }).to_string();
    let form = |headers: &[(&str, &str)]| {
        http::send(
            app.address,
            "POST",
            "/api/v1/session",
            headers,
            body.as_bytes(),
        )
    };
    form(&[("Content-Type", "text/plain")]).problem(415, "unsupported_media_type");
    form(&[
        ("Content-Type", "application/json"),
        ("Sec-Fetch-Site", "cross-site"),
    ])
    .problem(403, "csrf_token_needed");

    browser.ask("GET", "/api/v1/session", &Value::Null).good();
    sent(&[("X-CSRF-Token", own), ("Sec-Fetch-Site", "same-origin")]).good();
}

fn r17_a_session_that_somebody_planted_is_not_taken(app: TestApp) {
    employed(&app, "aoki", "clerk");
    employed(&app, "thief", "clerk");
    let mut thief = Browser::new(&app);
    thief.sign_in("thief").good();
    let invented = Secret::new(SecretKind::Session, &[9; 32])
        .expose()
        .to_owned();
    for planted in [thief.cookie.clone(), invented, "x".to_owned()] {
        let mut browser = Browser::new(&app);
        browser.cookie = planted.clone();
        browser.sign_in("aoki").good();
        assert_ne!(browser.cookie, planted);

        let mut knows_it = Browser::new(&app);
        knows_it.cookie = planted;
        let asked = knows_it.ask("GET", "/api/v1/session", &Value::Null);
        assert_eq!(asked.status, 401, "{}", asked.text());
    }
}

fn r17_wrong_passwords_are_told_how_long_to_wait(app: TestApp) {
    employed(&app, "aoki", "clerk");
    let mut browser = Browser::new(&app);
    let wrong = json!({ "name": "aoki", "password": "not-the-one-99" });
    for _ in 0..3 {
        browser
            .post("/api/v1/session", &wrong)
            .problem(401, "sign_in_refused");
    }
    for name in ["aoki", "nobody"] {
        let wrong = json!({ "name": name, "password": "not-the-one-99" });
        while browser.post("/api/v1/session", &wrong).status == 401 {}
        let waits = browser.post("/api/v1/session", &wrong);
        waits.problem(429, "slow_down");
        assert_eq!(waits.header("retry-after"), "1", "{name}");
    }
}

#[test]
fn r17_behind_tls_the_cookie_is_of_this_host_and_of_tls_only() {
    let proxies = "127.0.0.0/8".parse().expect("the proxy's network");
    let settings = Settings {
        proxies,
        ..Settings::default()
    };
    let app = TestApp::over(World::from(TestDatabase::sqlite()), settings);
    employed(&app, "aoki", "clerk");
    let body = json!({ "name": "aoki", "password": PASSWORD }).to_string();
    let sign_in = |forwarded: &[(&str, &str)]| {
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend_from_slice(forwarded);
        let answer = http::send(
            app.address,
            "POST",
            "/api/v1/session",
            &headers,
            body.as_bytes(),
        );
        answer.good();
        answer.header("set-cookie").to_owned()
    };
    let plain = sign_in(&[]);
    assert!(
        plain.starts_with("hitokuchi_session=hks_") && !plain.contains("Secure"),
        "{plain}"
    );
    let secure = sign_in(&[
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-For", "192.0.2.7"),
    ]);
    assert!(
        secure.starts_with("__Host-hitokuchi_session=hks_"),
        "{secure}"
    );
    assert!(
        secure.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{secure}"
    );
    // Both kinds of cookie come back; the one of TLS is the one that counts.
    let value = |cookie: &str| cookie.split(';').next().unwrap_or_default().to_owned();
    let both = format!("{}; {}", value(&plain), value(&secure));
    let shown = http::send(
        app.address,
        "GET",
        "/api/v1/sessions",
        &[("Cookie", &both)],
        b"",
    )
    .good();
    assert_eq!(shown["items"][0]["is_this"], true);
    assert_eq!(shown["items"][0]["address"], "192.0.2.7");
}

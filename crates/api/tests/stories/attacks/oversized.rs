//! More than the service takes: each is refused in words, and the service lives on.

use testkit::http;

use super::{app, ask};

#[test]
fn a_url_that_is_too_long_is_refused() {
    let app = app();
    let path = format!("/api/v1/funds?cursor={}", "a".repeat(9_000));
    app.get(&path).problem(414, "url_too_long");
    let fits = format!("/api/v1/nowhere?{}", "a".repeat(8_000));
    app.get(&fits).problem(404, "path_not_found");
}

#[test]
fn headers_that_are_too_large_or_too_many_are_refused() {
    let app = app();
    let large = "x".repeat(17 * 1024);
    ask(&app, &[("X-Large", &large)]).problem(431, "headers_too_large");
    let names: Vec<String> = (0..70).map(|number| format!("X-Number-{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    ask(&app, &many).problem(431, "headers_too_large");
    ask(&app, &many[..50]).good();
}

#[test]
fn a_head_without_an_end_is_given_up() {
    let app = app();
    let mut endless = String::from("GET /healthz HTTP/1.1\r\nHost: x\r\n");
    while endless.len() < 256 * 1024 {
        endless.push_str("X-Header: 0123456789012345678901234567890123456789\r\n");
    }
    let answer = http::send_bytes(app.address, endless.as_bytes());
    assert!([400, 431].contains(&answer.status), "{}", answer.status);
    app.get("/healthz").good();
}

#[test]
fn nesting_without_an_end_is_refused_and_not_followed() {
    let app = app();
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "k"),
    ];
    for deep in [
        format!("{{\"note\":{}", "[".repeat(100_000)),
        "{\"a\":".repeat(40_000),
    ] {
        let path = "/api/v1/applications";
        let answer = http::send(app.address, "POST", path, &headers, deep.as_bytes());
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    app.get("/healthz").good();
}

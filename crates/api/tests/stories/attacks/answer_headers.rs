//! Every answer carries the headers that keep a browser from doing more with it than it should.

use serde_json::json;
use testkit::http::Answer;

use super::{app, app_with};

const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// The sources that a policy allows for a kind of content.
fn sources<'a>(policy: &'a str, kind: &str) -> Option<Vec<&'a str>> {
    let directives = policy.split(';').map(str::trim);
    let mut words = directives.map(str::split_whitespace);
    words.find_map(|mut words| (words.next() == Some(kind)).then(|| words.collect()))
}

#[track_caller]
fn assert_strict(answer: &Answer, what: &str) {
    for (name, value) in ALWAYS {
        // The pages' own files are nobody's secret, and the same for everybody.
        let value = match name {
            "cache-control" if what.starts_with("/assets/") => "no-cache",
            _ => value,
        };
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    let policy = answer.header("content-security-policy");
    assert_eq!(
        sources(policy, "default-src"),
        Some(vec!["'none'"]),
        "{what}"
    );
    assert_eq!(
        sources(policy, "frame-ancestors"),
        Some(vec!["'none'"]),
        "{what}"
    );
    assert_eq!(sources(policy, "base-uri"), Some(vec!["'none'"]), "{what}");
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    for kind in ["script-src", "style-src", "connect-src"] {
        let own = sources(policy, kind).unwrap_or_default();
        assert!(
            own.iter().all(|source| *source == "'self'"),
            "{what}: {policy}"
        );
    }
}

#[test]
fn every_answer_is_strict_whether_good_or_bad() {
    let app = app();
    for (method, path, status) in [
        ("GET", "/", 303),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/sign-in", 200),
        ("GET", "/assets/enter.js", 200),
        ("GET", "/assets/base.css", 200),
        ("GET", "/invitation", 200),
        ("GET", "/api/docs", 200),
        ("GET", "/api/docs/page.js", 200),
        ("GET", "/api/docs/page.css", 200),
        ("GET", "/api/openapi.json", 200),
        ("GET", "/nowhere", 404),
        ("DELETE", "/healthz", 405),
        ("GET", "/api/v1/batches/first", 400),
        ("GET", "/api/v1/batches/99", 404),
    ] {
        let answer = app.raw(method, path, &[], &[]);
        assert_eq!(answer.status, status, "{method} {path}");
        assert_strict(&answer, path);
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{path}: no TLS here"
        );
    }
    let refused = app.post("/api/v1/applications", "", &json!({}));
    assert!((400..500).contains(&refused.status));
    assert_strict(&refused, "a refusal");
}

#[test]
fn what_the_gate_refuses_is_strict_too() {
    let app = app_with(|settings| settings.limits.requests_per_minute_max = 6);
    let answers: Vec<Answer> = (0..3).map(|_| app.get("/healthz")).collect();
    let slowed = answers.iter().find(|answer| answer.status == 429);
    assert_strict(slowed.expect("one that is told to wait"), "429");
    let app = super::app();
    let long = format!("/{}", "x".repeat(9_000));
    let answer = app.get(&long);
    assert_eq!(answer.status, 414);
    assert_strict(&answer, "414");
}

#[test]
fn no_page_of_ours_has_a_script_or_style_within() {
    let app = app();
    for (path, sends_forms_to) in [
        ("/api/docs", "'none'"),
        ("/sign-in", "'self'"),
        ("/invitation", "'self'"),
    ] {
        let answer = app.get(path);
        let page = answer.text().to_lowercase();
        assert!(page.contains("<script"), "the page as it was looked at");
        for tag in page.split('<').filter(|tag| tag.starts_with("script")) {
            let (attributes, content) = tag.split_once('>').unwrap();
            assert!(attributes.contains(" src=\"/"), "{path}: {tag}");
            assert_eq!(content.trim(), "", "{path}: {tag}");
        }
        for never in ["<style", " style=", " onclick=", " onload=", "javascript:"] {
            assert!(!page.contains(never), "{path}: {never}");
        }
        let policy = answer.header("content-security-policy");
        assert_eq!(sources(policy, "script-src"), Some(vec!["'self'"]));
        assert_eq!(sources(policy, "style-src"), Some(vec!["'self'"]));
        assert_eq!(sources(policy, "form-action"), Some(vec![sends_forms_to]));
    }
}

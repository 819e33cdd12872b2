//! CSRF: another site can have a browser send a request with the cookie of whoever is signed in. It
//! changes nothing, at no operation.

use ledger::Operation;
use ledger::credentials::{Secret, SecretKind};
use ledger::rights::{Allowed, Reach};
use testkit::http::{self, Answer};
use testkit::visitors::{Is, Shows, Visitor};
use testkit::{TestApp, TestDatabase};

use super::place::Place;
use super::requests::{Request, of_every_operation};

const EVERYTHING: &str = "clerk,finance,auditor,admin";

/// Sends a request as a browser would, with the cookie and these headers of the page's making.
fn as_browser(place: &Place, who: &Visitor, request: &Request, sent: &[(&str, &str)]) -> Answer {
    let Shows::Session(secret) = &who.shows else {
        panic!("a browser has a session");
    };
    let cookie = format!("hitokuchi_session={}", secret.expose());
    let key = format!("csrf-{}", who.name);
    let mut headers = vec![("Cookie", cookie.as_str()), ("Idempotency-Key", &key)];
    headers.extend_from_slice(sent);
    let mut body: &[u8] = &[];
    if let Some((media_type, text)) = &request.body {
        headers.push(("Content-Type", media_type));
        body = text.as_bytes();
    }
    let (method, path) = (&request.method, &request.path);
    http::send(place.app.address, method, path, &headers, body)
}

fn changing() -> Vec<Request> {
    let all = of_every_operation().into_iter();
    all.filter(|request| request.method != "GET")
        .filter(|request| request.operation.allowed() != Allowed::Anybody)
        .collect()
}

#[test]
fn r17_what_another_site_has_a_browser_send_is_refused_at_every_operation() {
    let place = Place::of(TestApp::from(TestDatabase::sqlite()));
    let somebody_elses = Secret::new(SecretKind::Session, &[9; 32]).csrf_token();
    let before = place.visitors.audit_events();
    for request in changing() {
        let who = place.visitors.session(Is::staff(EVERYTHING), "full");
        let Shows::Session(secret) = &who.shows else {
            panic!("a session");
        };
        let own = secret.csrf_token();
        for sent in [
            vec![],
            vec![("X-CSRF-Token", "")],
            vec![("X-CSRF-Token", somebody_elses.as_str())],
            vec![
                ("X-CSRF-Token", own.as_str()),
                ("Sec-Fetch-Site", "cross-site"),
            ],
            vec![
                ("X-CSRF-Token", own.as_str()),
                ("Sec-Fetch-Site", "same-site"),
            ],
        ] {
            let answer = as_browser(&place, &who, &request, &sent);
            let found = (
                answer.status,
                answer.json()["code"].as_str().map(str::to_owned),
            );
            let expected = (403, Some("csrf_token_needed".to_owned()));
            assert_eq!(found, expected, "{} {sent:?}", request.operation);
        }
    }
    assert_eq!(place.visitors.audit_events(), before, "nothing was done");
}

#[test]
fn r17_a_page_of_the_service_is_let_in() {
    let place = Place::of(TestApp::from(TestDatabase::sqlite()));
    for request in changing() {
        let who = place.visitors.session(Is::staff(EVERYTHING), "full");
        let Shows::Session(secret) = &who.shows else {
            panic!("a session");
        };
        let own = secret.csrf_token();
        let sent = [
            ("X-CSRF-Token", own.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        let answer = as_browser(&place, &who, &request, &sent);
        assert!(
            !answer.text().contains("csrf_token_needed"),
            "{}: {}",
            request.operation,
            answer.text()
        );
    }
}

/// A link or a picture on another site is asked for by `GET`, with the cookie and no proof.
#[test]
fn r17_what_is_asked_for_by_get_changes_nothing() {
    for request in of_every_operation() {
        if request.method == "GET" {
            assert_eq!(
                request.operation.reach(),
                Reach::Read,
                "{}",
                request.operation
            );
        }
    }
    assert!(Operation::all().any(|operation| operation.reach() == Reach::Write));
}

//! What holds for every page: who may look, which forms are taken, the language, the headers.

use testkit::{TestApp, http, on_both};

on_both![
    who_has_not_signed_in_is_sent_there_and_back,
    only_a_form_of_ones_own_page_is_taken,
    refusals_are_pages_to_people_and_json_to_scripts,
];

fn who_has_not_signed_in_is_sent_there_and_back(app: TestApp) {
    let answer = http::send(app.address, "GET", "/review?coop=01", &[], &[]);
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        "/sign-in?next=%2Freview%3Fcoop%3D01"
    );

    let clerk = app.seat("aoki", "clerk");
    assert_eq!(clerk.get("/review").status, 200);
    let out = clerk.submit("/sign-out", &[]);
    assert_eq!(out.status, 303);
    let again = clerk.get("/review");
    assert_eq!(again.status, 303);
    assert_eq!(again.header("location"), "/sign-in?next=%2Freview");
}

fn only_a_form_of_ones_own_page_is_taken(app: TestApp) {
    let clerk = app.seat("aoki", "clerk");
    let other = app.seat("baba", "clerk");
    let refused = [
        clerk.submit_as_is("/sign-out", &[]),
        clerk.submit_as_is("/sign-out", &[("_csrf", "guessed"), ("_key", "k")]),
        clerk.submit_as_is(
            "/sign-out",
            &[("_csrf", &other.csrf_token()), ("_key", "k")],
        ),
    ];
    for answer in refused {
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("csrf_token_needed"));
    }
    let own = format!("_csrf={}&_key=k", clerk.csrf_token());
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let from_elsewhere = [form, ("Sec-Fetch-Site", "cross-site")];
    let answer = clerk.raw("POST", "/sign-out", &from_elsewhere, own.as_bytes());
    assert_eq!(answer.status, 403);

    let path = "/account/tokens/nightly/revoke";
    let without_key = clerk.submit_as_is(path, &[("_csrf", &clerk.csrf_token())]);
    assert_eq!(without_key.status, 400);
    assert!(without_key.text().contains("idempotency_key_missing"));
    let text = clerk.raw(
        "POST",
        "/sign-out",
        &[("Content-Type", "text/plain")],
        own.as_bytes(),
    );
    assert_eq!(text.status, 415);
    assert_eq!(clerk.get("/review").status, 200, "still signed in");
}

fn refusals_are_pages_to_people_and_json_to_scripts(app: TestApp) {
    let clerk = app.seat("aoki", "clerk");
    let page = clerk.get("/no-such-page");
    assert_eq!(page.status, 404);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text().contains("<html lang=\"ja\">"));
    let english = clerk.in_english().get("/no-such-page");
    assert!(english.text().contains("<html lang=\"en\">"));
    assert!(english.text().contains("There is no such path"));

    let json = clerk.raw(
        "GET",
        "/no-such-page",
        &[("Accept", "application/json")],
        &[],
    );
    assert_eq!(json.json()["code"], "path_not_found");
    let program = http::send(app.address, "GET", "/api/v1/no-such-thing", &[], &[]);
    assert_eq!(program.header("content-type"), "application/problem+json");
}

#[test]
fn a_choice_of_language_leads_back_into_this_service_only() {
    let app = TestApp::from(testkit::TestDatabase::sqlite());
    for (back, to) in [
        ("/review?coop=01", "/review?coop=01"),
        ("//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("", "/"),
    ] {
        let back = back
            .replace('?', "%3F")
            .replace('=', "%3D")
            .replace('\\', "%5C");
        let path = format!("/language?to=en&back={back}");
        let answer = http::send(app.address, "GET", &path, &[], &[]);
        assert_eq!(answer.status, 303, "{path}");
        assert_eq!(answer.header("location"), to, "{path}");
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("hitokuchi_language=en;"), "{cookie}");
    }
}

#[test]
fn a_page_loads_files_of_this_service_and_no_inline_code() {
    let app = TestApp::from(testkit::TestDatabase::sqlite());
    let page = app.seat("aoki", "clerk").get("/review");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), "no-store");
    let text = page.text();
    let asset = text.split("href=\"/assets/base.css").nth(1).unwrap();
    let version = asset.split('"').next().unwrap();
    let kept = http::send(
        app.address,
        "GET",
        &format!("/assets/base.css{version}"),
        &[],
        &[],
    );
    assert_eq!(kept.status, 200);
    assert_eq!(
        kept.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let unknown = http::send(app.address, "GET", "/assets/base.css?v=old", &[], &[]);
    assert_eq!(unknown.header("cache-control"), "no-cache");
}

//! Somebody new comes in; somebody comes in again; somebody cannot.

use ledger::Call;
use ledger::people::InvitePerson;
use testkit::http::{self, Answer};
use testkit::{Browser, TestApp, TestDatabase, World, on_both, people};

const PASSWORD: &str = "kumo-mikan-densha-7";

on_both![
    a_link_is_pasted_where_there_is_no_javascript,
    a_wrong_password_is_not_sent_back_and_a_right_one_leads_on,
    nobody_is_led_to_another_service,
];

#[test]
fn somebody_of_finance_takes_an_invitation_and_comes_in() {
    let app: TestApp = TestDatabase::sqlite().into();
    let link = invite(&app.world, "yamada", "finance");
    let Some(browser) = Browser::start(&app) else {
        return;
    };
    browser.go(&format!("/invitation#{link}"));
    browser.wait_for("#password");
    assert_eq!(
        browser.path(),
        "/invitation",
        "the secret has left the address"
    );
    browser.fill("#password", "short");
    browser.fill("#again", "short");
    browser.click("main button");
    browser.wait_for_text("#password-wrong", "12");
    assert_eq!(browser.value("#link"), link, "the link is still there");
    browser.fill("#password", PASSWORD);
    browser.fill("#again", PASSWORD);
    browser.click("main button");

    browser.wait_for_text("[role=status]", "パスワードを決めました");
    assert_eq!(browser.value("#name"), "yamada");
    browser.go("/batches");
    assert!(browser.path().starts_with("/sign-in?next="));
    browser.fill("#name", "yamada");
    browser.fill("#password", PASSWORD);
    browser.click("main button");

    browser.wait_for_text("h1", "2段階認証");
    assert!(!browser.exists("nav.menu"), "half in, there is no menu yet");
    browser.click("main button");
    browser.wait_for("svg.qr");
    let key = browser.value("[name=key]");
    browser.fill("#code", "000000");
    browser.click("main button");
    browser.wait_for("[role=alert]");
    assert_eq!(
        browser.value("[name=key]"),
        key,
        "the key that was scanned stays"
    );
    browser.fill("#code", &people::code_of(&app.world, &key));
    browser.click("main button");
    browser.wait_for(".recovery-codes");
    let recovery_codes = browser.texts(".recovery-codes li");
    assert_eq!(recovery_codes.len(), 10);
    browser.click("main a.button");
    browser.wait_for_path("/batches");
    assert_eq!((browser.status(), browser.complaints()), (200, Vec::new()));

    browser.click("header form button");
    browser.wait_for_text("[role=status]", "サインアウト");
    comes_again_by_a_recovery_code(&browser, &recovery_codes[0]);
}

fn comes_again_by_a_recovery_code(browser: &Browser, recovery_code: &str) {
    browser.fill("#name", "ＹＡＭＡＤＡ");
    browser.fill("#password", PASSWORD);
    browser.press(testkit::browser::keys::ENTER);
    browser.wait_for("#code");
    browser.fill("#code", recovery_code);
    browser.press(testkit::browser::keys::ENTER);
    browser.wait_for_text("[role=status]", "残りは9個");
    browser.back();
    browser.wait_for("#main");
    assert_ne!(browser.status(), 500, "the back button breaks nothing");
    browser.go("/account");
    browser.wait_for_text("dd", "9");
}

fn a_link_is_pasted_where_there_is_no_javascript(app: TestApp) {
    let link = invite(&app.world, "aoki", "clerk");
    let form = |again: &str| {
        let whole = format!("http://127.0.0.1:8080/invitation#{link}");
        post(
            &app,
            "/invitation",
            &[("link", &whole), ("password", PASSWORD), ("again", again)],
        )
    };
    let differing = form("something-else-9");
    assert_eq!(differing.status, 422);
    assert!(differing.text().contains("2つのパスワードが違います"));
    assert!(!differing.text().contains("/again"), "{}", differing.text());
    assert!(
        !differing.text().contains(PASSWORD),
        "no password is sent back"
    );
    assert!(differing.text().contains(&link), "the link is");

    let set = form(PASSWORD);
    assert_eq!(
        (set.status, set.header("location")),
        (303, "/sign-in?name=aoki")
    );
    assert_eq!(form(PASSWORD).status, 401, "a link is good once");
}

fn a_wrong_password_is_not_sent_back_and_a_right_one_leads_on(app: TestApp) {
    let link = invite(&app.world, "aoki", "clerk");
    let fields = [
        ("link", link.as_str()),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    assert_eq!(post(&app, "/invitation", &fields).status, 303);

    let wrong = [
        ("name", "aoki"),
        ("password", "kumo-mikan-densha-8"),
        ("next", "/review?coop=01"),
    ];
    let refused = post(&app, "/sign-in", &wrong);
    assert_eq!(refused.status, 401);
    let text = refused.text();
    assert!(text.contains("名前かパスワードが違います") && !text.contains("densha-8"));
    assert!(text.contains("value=\"aoki\"") && text.contains("value=\"/review?coop=01\""));

    let right = [
        ("name", "aoki"),
        ("password", PASSWORD),
        ("next", "/review?coop=01"),
    ];
    let opened = post(&app, "/sign-in", &right);
    assert_eq!(
        (opened.status, opened.header("location")),
        (303, "/review?coop=01")
    );
    let cookie = opened
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let page = http::send(app.address, "GET", "/review", &[("Cookie", &cookie)], &[]);
    assert_eq!(page.status, 200);
}

fn nobody_is_led_to_another_service(app: TestApp) {
    let seat = app.seat("aoki", "clerk");
    for (next, to) in [
        ("%2Freview", "/review"),
        ("%2F%2Felsewhere.example", "/"),
        ("https%3A%2F%2Felsewhere.example", "/"),
        ("%2F%5Celsewhere.example", "/"),
    ] {
        let answer = seat.get(&format!("/sign-in?next={next}"));
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, to),
            "{next}"
        );
    }
    let elsewhere = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "cross-site"),
    ];
    let sent = http::send(
        app.address,
        "POST",
        "/sign-in",
        &elsewhere,
        b"name=a&password=b",
    );
    assert_eq!(sent.status, 403, "another site signs nobody in");
}

/// Invites somebody and gives the secret of their link.
fn invite(world: &World, name: &str, roles: &str) -> String {
    let person = InvitePerson {
        name: name.to_owned(),
        display_name: None,
        roles: roles.parse().unwrap(),
        organization: None,
        expires_on: None,
    };
    world
        .ledger
        .invite_person(&Call::of_operator("office"), &person)
        .unwrap();
    people::link_for(world, name).expose().to_owned()
}

/// Sends a form as a page of the service does, by somebody without a session.
fn post(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let body = serde_urlencoded::to_string(fields).unwrap();
    http::send(app.address, "POST", path, &headers, body.as_bytes())
}

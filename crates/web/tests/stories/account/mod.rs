//! What people do with their own sign-in.

use testkit::people::PASSWORD;
use testkit::{TestApp, on_both};

on_both![
    a_password_is_changed_and_other_sign_ins_end,
    a_token_is_shown_once_and_revoked,
    ones_own_sign_in_elsewhere_is_ended,
    a_second_factor_is_set_up_with_the_password,
];

fn a_password_is_changed_and_other_sign_ins_end(app: TestApp) {
    let (here, there) = (app.seat("aoki", "clerk"), app.seat("aoki", "clerk"));
    let change = |current: &str, new: &str, again: &str| {
        here.submit(
            "/account/password",
            &[("current", current), ("new", new), ("again", again)],
        )
    };
    let new = "tsuki-budou-fune-52";
    assert!(
        change(PASSWORD, new, "another")
            .text()
            .contains("again-wrong")
    );
    let wrong = change("not-the-password-1", new, new);
    assert_eq!(
        wrong.status, 401,
        "a wrong one is refused, and not by sending to sign in"
    );
    assert!(wrong.text().contains("現在のパスワードが違います") && !wrong.text().contains(new));
    let short = change(PASSWORD, "short", "short");
    assert!(short.status == 422 && short.text().contains("new-wrong"));

    let changed = change(PASSWORD, new, new);
    assert_eq!(
        (changed.status, changed.header("location")),
        (303, "/account")
    );
    assert_eq!(there.get("/account").status, 303, "signed out elsewhere");
}

fn a_token_is_shown_once_and_revoked(app: TestApp) {
    let clerk = app.seat("aoki", "clerk");
    let page = clerk.get("/account/tokens/new");
    assert!(
        page.text().contains("事務") && !page.text().contains("経理"),
        "one's own roles only"
    );
    let day = (app.world.ledger.today() + chrono::TimeDelta::days(30)).to_string();
    let fields = [
        ("name", "nightly"),
        ("roles", "clerk"),
        ("scopes", "all:read"),
        ("expires_on", day.as_str()),
    ];
    let created = clerk.submit_under("key-1", "/account/tokens", &fields);
    assert_eq!(created.status, 200);
    assert!(created.text().contains("hkt_"), "{}", created.text());
    let twice = clerk.submit_under("key-1", "/account/tokens", &fields);
    assert!(
        twice.status == 200 && !twice.text().contains("hkt_"),
        "{}",
        twice.text()
    );

    let refused = clerk.submit(
        "/account/tokens",
        &[fields[0], fields[1], ("scopes", "everything"), fields[3]],
    );
    assert!(refused.status == 422 && refused.text().contains("scopes-wrong"));

    assert!(
        clerk
            .get("/account/tokens/nightly/revoke")
            .text()
            .contains("nightly")
    );
    let revoked = clerk.submit("/account/tokens/nightly/revoke", &[]);
    assert_eq!(
        (revoked.status, revoked.header("location")),
        (303, "/account")
    );
    assert!(clerk.get("/account").text().contains("取り消し済み"));
}

fn ones_own_sign_in_elsewhere_is_ended(app: TestApp) {
    let (here, there) = (app.seat("aoki", "clerk"), app.seat("aoki", "clerk"));
    let stranger = app.seat("baba", "clerk");
    let page = here.get("/account");
    let (_, after) = page
        .text()
        .split_once("/account/sessions/")
        .expect("another sign-in");
    let id = after.split('/').next().unwrap();
    let path = format!("/account/sessions/{id}/end");
    assert_eq!(
        stranger.submit(&path, &[]).status,
        404,
        "not another person's"
    );
    assert_eq!(here.submit(&path, &[]).status, 303);
    assert_eq!(there.get("/account").status, 303);
    assert_eq!(here.get("/account").status, 200);
}

fn a_second_factor_is_set_up_with_the_password(app: TestApp) {
    let clerk = app.seat("aoki", "clerk");
    let none = clerk.submit("/account/recovery-codes", &[("password", PASSWORD)]);
    assert_eq!(
        none.status, 409,
        "no second factor, nothing to stand in for"
    );
    let wrong = clerk.submit(
        "/account/second-factor",
        &[("password", "not-the-password-1")],
    );
    assert_eq!(wrong.status, 401);
    let offered = clerk.submit("/account/second-factor", &[("password", PASSWORD)]);
    assert_eq!(offered.status, 200);
    let text = offered.text();
    assert!(
        text.contains("<svg class=\"qr\"") && text.contains("otpauth://totp/"),
        "{text}"
    );
}

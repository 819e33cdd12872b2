//! Who says for whom it asks is believed only where it is a proxy of ours.

use testkit::TestApp;

use super::{app_with, ask};

/// How many of twenty requests that name this address are taken: one, where the service believes that
/// it is another address than before, as each may ask once a minute.
fn taken(app: &TestApp, forwarded_for: &str) -> usize {
    let headers = [("X-Forwarded-For", forwarded_for)];
    let answers = (0..20).map(|_| ask(app, &headers));
    answers.filter(|answer| answer.status == 200).count()
}

fn app(proxies: &str) -> TestApp {
    app_with(|settings| {
        settings.limits.requests_per_minute_max = 1;
        settings.proxies = proxies.parse().unwrap();
    })
}

#[test]
fn anybody_who_names_other_addresses_is_still_one() {
    let app = app("");
    assert_eq!(taken(&app, "198.51.100.1"), 1);
    for other in ["198.51.100.2", "127.0.0.2", "::1", "unknown"] {
        assert_eq!(taken(&app, other), 0, "{other}");
    }
}

#[test]
fn behind_a_proxy_of_ours_each_address_counts_for_itself() {
    let app = app("127.0.0.1");
    assert_eq!(taken(&app, "198.51.100.1"), 1);
    assert_eq!(taken(&app, "198.51.100.2"), 1);
    // What stands further left, the caller may have written.
    assert_eq!(taken(&app, "203.0.113.9, 198.51.100.1"), 0);
    assert_eq!(taken(&app, "203.0.113.9, 198.51.100.3, 127.0.0.1"), 1);
}

#[test]
fn a_proxy_of_ours_says_whether_the_way_is_encrypted() {
    let strict = |app: &TestApp, protocol: &str| {
        let answer = ask(app, &[("X-Forwarded-Proto", protocol)]);
        answer.header("strict-transport-security").to_owned()
    };
    let trusting = app_with(|settings| settings.proxies = "127.0.0.0/8".parse().unwrap());
    assert_eq!(strict(&trusting, "https"), "max-age=31536000");
    assert_eq!(strict(&trusting, "http"), "");
    let wary = app_with(|_| {});
    assert_eq!(strict(&wary, "https"), "");
}

//! The review in Chromium, by keyboard only.

use testkit::browser::{Browser, keys};
use testkit::{TestApp, on_both};

use super::{held, office, pays, still_held};

on_both![
    five_holds_are_cleared_by_keyboard_and_the_last_is_undone,
    going_back_after_a_decision_decides_nothing_twice,
    everything_works_without_scripts,
];

const FIVE: &str = "01,0000001,108413,1,2025-11-12\n01,0000009,133540,1,2025-11-12\n\
    01,0000008,133540,1,2025-11-12\n01,0000007,133540,1,2025-11-12\n01,0000006,133540,1,2025-11-12\n";

fn five_holds_are_cleared_by_keyboard_and_the_last_is_undone(app: TestApp) {
    office(&app);
    let ids = held(&app, FIVE);
    let Some(browser) = Browser::signed_in(&app, "aoki", "clerk") else {
        return;
    };
    browser.go("/review/next");
    // The first is a supporter: 1 adds. The reason is asked for once; Enter decides.
    browser.press("1");
    browser.wait_for_text("#chosen", "口数を足す");
    assert_eq!(browser.focused(), "reason");
    browser.press("電話で確認");
    browser.press(keys::ENTER);
    for id in &ids[1..] {
        browser.wait_for_path(&format!("/review/{id}"));
        assert_eq!(browser.value("#reason"), "電話で確認");
        // Of an unknown member, a mistake is the first way.
        browser.press("1");
    }
    browser.wait_for_path("/review/decided");
    assert_eq!(pays(&app, "2025-12"), 900);
    assert!(still_held(&app).is_empty());

    let last = ids[4];
    browser.go(&format!("/review/{last}"));
    browser.click("form[action$=\"/undo\"] button");
    browser.wait_for_text("main", "要確認に戻っています");
    assert_eq!(still_held(&app), [last]);
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}

fn going_back_after_a_decision_decides_nothing_twice(app: TestApp) {
    office(&app);
    let ids = held(&app, FIVE);
    let Some(browser) = Browser::signed_in(&app, "aoki", "clerk") else {
        return;
    };
    let first = format!("/review/{}", ids[0]);
    browser.go(&first);
    browser.fill("#reason", "電話で確認");
    browser.click("button[value=\"add\"]");
    browser.wait_for_path(&format!("/review/{}", ids[1]));

    browser.back();
    browser.wait_for_path(&first);
    if browser.exists("button[value=\"add\"]") {
        browser.fill("#reason", "電話で確認");
        browser.click("button[value=\"add\"]");
        browser.wait_for("main");
    }

    assert_eq!(pays(&app, "2025-12"), 900, "added once");
    assert_eq!(still_held(&app).len(), 4);
}

fn everything_works_without_scripts(app: TestApp) {
    office(&app);
    let ids = held(&app, FIVE);
    let Some(browser) = Browser::without_script(&app) else {
        return;
    };
    browser.be(&app, "aoki", testkit::visitors::Is::staff("clerk"));
    browser.go("/review/next");
    browser.fill("#reason", "電話で確認");
    browser.press(keys::ENTER);
    // Enter chooses no way by itself.
    browser.wait_for_text("main", "決め方のボタンを押すか");
    browser.click("button[value=\"add\"]");
    browser.wait_for_path(&format!("/review/{}", ids[1]));
    assert_eq!(pays(&app, "2025-12"), 900);
    browser.click("form.case-last button");
    browser.wait_for_path(&format!("/review/{}", ids[0]));
    assert_eq!(pays(&app, "2025-12"), 600);
}

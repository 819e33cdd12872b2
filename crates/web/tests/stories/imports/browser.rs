//! The same in a real Chromium: with a script and without one.

use testkit::browser::{Browser, axe};
use testkit::{TestApp, TestDatabase};

use super::{applications, office};
use crate::results::{answer, handed_over};

/// Nothing on the page is in anybody's way, and its policy was kept.
fn is_well(browser: &Browser, name: &str) {
    browser.picture(name);
    if axe::is_installed() {
        assert_eq!(browser.axe(), [], "{name}");
    }
    assert_eq!(browser.complaints(), [] as [String; 0], "{name}");
}

#[test]
fn a_file_is_chosen_seen_and_taken() {
    let app = TestApp::from(TestDatabase::sqlite());
    office(&app);
    let Some(browser) = Browser::signed_in(&app, "aoki", "clerk") else {
        return;
    };
    browser.go("/imports");
    is_well(&browser, "imports");

    browser.upload_bytes("#file", "申込.csv", applications().as_bytes());
    browser.click("main button.main");
    browser.wait_for("form[action$='/take']");
    is_well(&browser, "imports-trial");
    let trial = browser.path();
    browser.click("form[action$='/take'] button");
    browser.wait_for("a[href^='/review?import_id=']");
    is_well(&browser, "imports-taken");
    let job = browser.path();
    browser.reload();
    assert_eq!(browser.texts(".figure"), ["3", "2", "1"]);
    browser.back();
    browser.reload();
    browser.wait_for("main .notice.care a");

    assert_ne!(trial, job);
    assert_eq!(browser.path(), trial);
    assert!(!browser.exists("form[action$='/take']"));
    let found = app.get("/api/v1/applications?limit=500").good();
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
}

#[test]
fn a_file_is_seen_and_taken_without_any_script() {
    let app = TestApp::from(TestDatabase::sqlite());
    office(&app);
    let Some(browser) = Browser::without_script(&app) else {
        return;
    };
    browser.be(&app, "aoki", testkit::visitors::Is::staff("clerk"));
    browser.go("/imports");

    browser.upload_bytes("#file", "bad.csv", b"a,b\n");
    browser.click("main button.main");
    browser.wait_for("#table-wrong");
    browser.upload_bytes("#file", "申込.csv", applications().as_bytes());
    browser.click("main button.main");
    browser.wait_for("form[action$='/take']");
    browser.click("form[action$='/take'] button");
    browser.wait_for("a[href^='/review?import_id=']");
}

#[test]
fn the_pages_of_results_are_for_everybody() {
    let app = TestApp::from(TestDatabase::sqlite());
    let keys = handed_over(&app);
    let Some(browser) = Browser::signed_in(&app, "keiri", "finance") else {
        return;
    };
    browser.go("/results");
    is_well(&browser, "results");
    browser.upload_bytes("#file", "結果.csv", answer(&keys).as_bytes());
    browser.click("main button.main");
    browser.wait_for("form[action$='/take']");
    is_well(&browser, "results-trial");
    browser.click("form[action$='/take'] button");
    browser.wait_for("a[href^='/results/held?file=']");
    is_well(&browser, "results-taken");
    for (path, name) in [
        ("/results/batches/1", "batch-results"),
        ("/results/batches/1/charges?code=1", "failed-charges"),
        ("/results/files/1", "result-file"),
        ("/results/held", "held-results"),
        ("/results/held/1", "held-result"),
        ("/results/charge", "charge-find"),
        (
            &format!("/results/charge?key={}", keys[0]),
            "results-charge",
        ),
        ("/language?to=en&back=/results", "results-en"),
        ("/imports", "imports-en"),
    ] {
        browser.go(path);
        is_well(&browser, name);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_line_by_line() {
    let app = TestApp::from(TestDatabase::sqlite());
    office(&app);
    let Some(browser) = Browser::signed_in(&app, "aoki", "clerk") else {
        return;
    };
    browser.go("/imports");
    let bad = "単協コード,組合員番号,注文番号,口数,受付日\n01,0000001,164151,二百,2025-07-16\n";
    browser.upload_bytes("#file", "bad.csv", bad.as_bytes());
    browser.click("main button.main");
    browser.wait_for("a[href$='errors.csv']");
    is_well(&browser, "imports-refused");
    browser.click("a[href$='errors.csv']");
    let (name, content) = browser.downloaded();

    assert_eq!(name, "import-errors.csv");
    assert!(content.starts_with("\u{feff}\"行\"".as_bytes()));
}

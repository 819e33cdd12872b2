//! The books in a real Chromium: entering, reversing, closing; back does nothing twice.

use testkit::browser::{Browser, Look};
use testkit::on_both;

use super::desk::Desk;

on_both!(
    a_month_of_the_books_in_the_browser,
    paper_shows_the_report_and_nothing_else,
);

/// Dues of 10,000 yen, with so much on the other side.
fn write_dues(browser: &Browser, credit: &str) {
    browser.fill("#description", "会員団体の年会費");
    browser.fill("#reason", "入金を確認");
    browser.fill("[name='lines/0/account']", "1121");
    browser.fill("[name='lines/0/debit']", "１０,０００");
    browser.fill("[name='lines/1/account']", "4111");
    browser.fill("[name='lines/1/credit']", credit);
}

fn a_month_of_the_books_in_the_browser(desk: Desk) {
    let Some(browser) = Browser::signed_in(&desk.app, "aoki", "finance") else {
        return;
    };
    browser.go("/books/entries/new");
    write_dues(&browser, "9000");
    browser.wait_for_text("output[data-sum='difference']", "¥1,000");
    browser.fill("[name='lines/1/credit']", "10000");
    browser.wait_for_text("output[data-sum='difference']", "¥0");
    browser.click("button[value='post']");
    browser.wait_for_path("/approvals");
    let call = desk.app.world.office();
    let ledger = &desk.app.world.ledger;
    let waiting = || {
        let filter = ledger::two_persons::PendingFilter::default();
        let all = ledger::PageRequest::default();
        let waiting = ledger.list_pending_actions(&call, &filter, &all);
        waiting.expect("what waits").items.len()
    };
    browser.back();
    browser.wait_for_path("/books/entries/new");
    write_dues(&browser, "10000");
    browser.click("button[value='post']");
    browser.wait_for_text(".notice.wrong", "承認待ちです");
    assert_eq!(waiting(), 1, "back and again does nothing twice");
    ledger.approve_pending_action(&call, 1).expect("approve");

    browser.go("/books/entries/2/reverse");
    browser.fill("#reason", "二重に記帳した");
    browser.click("main button.grave");
    browser.wait_for_path("/approvals");
    ledger.approve_pending_action(&call, 2).expect("approve");
    browser.go("/books/entries/2");
    browser.wait_for_text(".notice.care", "仕訳 3");

    browser.go("/books/periods?year=2025");
    browser.click("a[href='/books/periods/close?month=2025-08']");
    browser.wait_for_text("main", "もう開けません");
    browser.click("main button.grave");
    browser.wait_for_path("/books/periods");
    browser.wait_for_text(".notice.done", "月を締めました");
    browser.back();
    browser.wait_for_text("h1", "締め");
    let closed = ledger.list_periods(&call).expect("the periods");
    assert_eq!(closed.len(), 1);
    // Chromium calls a refusal that it was shown a failure to load.
    let mut complaints = browser.complaints();
    complaints.retain(|complaint| !complaint.contains("409 (Conflict)"));
    assert_eq!(complaints, Vec::<String>::new());
}

fn paper_shows_the_report_and_nothing_else(desk: Desk) {
    let Some(browser) = Browser::signed_in(&desk.app, "aoki", "finance") else {
        return;
    };
    browser.look(Look {
        print: true,
        ..Look::default()
    });
    browser.go("/books?span=2025");
    let shown = |css: &str| {
        let script = "return getComputedStyle(document.querySelector(arguments[0])).display";
        let display = browser.script(script, &[css.into()]);
        display.as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(
        shown("main thead"),
        "table-header-group",
        "repeated on every sheet"
    );
    for hidden in ["main form.filter", ".menu", "header.top", ".books-tabs"] {
        assert_eq!(shown(hidden), "none", "{hidden}");
    }
    let stamp = browser.text("main .only-print");
    assert!(stamp.contains("2025年12月1日 印刷"), "{stamp}");
    assert!(browser.text("main table").contains("2025年度（令和7年度）"));
}

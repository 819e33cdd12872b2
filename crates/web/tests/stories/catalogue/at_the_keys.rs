//! In Chromium, without a mouse: the next four weeks, one of them corrected.

use testkit::browser::{Browser, keys};
use testkit::{TestApp, on_both};

on_both!(four_weeks_are_saved_by_keyboard_with_one_corrected);

fn four_weeks_are_saved_by_keyboard_with_one_corrected(app: TestApp) {
    app.world.load_newsletters();
    app.world.set_today("2025-11-12");
    let Some(browser) = Browser::signed_in(&app, "baba", "finance") else {
        return;
    };
    browser.go("/catalogue/cycles/new");
    assert_eq!(browser.count("fieldset.several"), 4);
    assert_eq!(browser.value("[id='cycles/1/cycle']"), "2025年12月1回");
    browser.script(
        "document.getElementById('cycles/1/cycle').focus(); return null;",
        &[],
    );
    browser.press_together(&[keys::CONTROL, "a"]);
    browser.press("2025w48");
    browser.script(
        "document.querySelector('form button.main:not(.visually-hidden)').focus(); return null;",
        &[],
    );
    browser.press(keys::ENTER);

    browser.wait_for(".notice.done");
    assert!(
        browser.text(".notice.done").contains("4件"),
        "{}",
        browser.text(".notice.done")
    );
    assert_eq!(browser.path(), "/catalogue?month=2025-11");
    browser.go("/catalogue?month=2025-12");
    let rows = browser.texts("table.dense tbody th");
    assert!(
        rows.iter().any(|row| row.contains("2025年12月2回")),
        "{rows:?}"
    );
    let saved = app
        .world
        .ledger
        .list_cycles(&app.world.office(), &ledger::PageRequest::default());
    let saved: Vec<String> = saved
        .expect("cycles")
        .items
        .into_iter()
        .map(|one| one.cycle)
        .collect();
    assert_eq!(
        saved,
        [
            "2025年7月4回",
            "2025年11月3回",
            "2025年11月4回",
            "2025w48",
            "2025年12月2回",
            "2025年12月3回"
        ]
    );
    browser.back();
    browser.back();
    assert_eq!(browser.path(), "/catalogue/cycles/new");
    assert_eq!(browser.complaints(), [""; 0]);
}

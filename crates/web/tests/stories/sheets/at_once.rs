//! Two people on one sheet.

use testkit::browser::keys;

use super::{clerk, key, line, lines, office, put, sheet};

#[test]
fn two_clerks_on_one_sheet_overwrite_nothing_of_one_another() {
    let app = office();
    let sheet = sheet(&app);
    put(&app, "chiba", sheet, "0010106", 1);
    let (Some(aoki), Some(baba)) = (clerk(&app, "aoki", sheet), clerk(&app, "baba", sheet)) else {
        return;
    };
    for (browser, member) in [(&aoki, "0010231"), (&baba, "0010321")] {
        key(browser, "164160", &format!("{member}{0}2{0}", keys::ENTER));
    }
    // Each sees the other's line, too.
    for browser in [&aoki, &baba] {
        browser.wait_for_text("#keying-state-words", "すべて保存しました");
    }
    baba.wait_for("tr[data-line='3']");
    let mut both = lines(&app, sheet);
    both.sort();
    assert_eq!(
        both,
        [line("0010106", 1), line("0010231", 2), line("0010321", 2)]
    );

    // Both correct line 1; the later of them is told of the earlier.
    let begin = |browser: &testkit::browser::Browser| {
        browser.click("tr[data-line='1'] button");
        browser.wait_for_text("#editing-words", "1行目");
        browser.press(keys::ENTER);
    };
    begin(&aoki);
    begin(&baba);
    aoki.press(&format!("5{}", keys::ENTER));
    aoki.until("the correction", |_| {
        lines(&app, sheet)
            .contains(&line("0010106", 5))
            .then_some(())
    });
    baba.press(&format!("7{}", keys::ENTER));
    baba.wait_for_text("tr[data-unsaved]", "先に直しました");
    assert!(lines(&app, sheet).contains(&line("0010106", 5)));

    // Nothing of hers is lost either: she takes it back and decides.
    baba.click("tr[data-unsaved] button");
    baba.wait_for_text("#editing-words", "1行目");
    assert_eq!(baba.value("#units"), "7");
    baba.click("#units");
    baba.press(keys::ENTER);
    baba.until("her correction", |_| {
        lines(&app, sheet)
            .contains(&line("0010106", 7))
            .then_some(())
    });
}

#[test]
fn a_second_keying_is_blind_and_differing_lines_are_settled_side_by_side() {
    let app = office();
    let sheet = sheet(&app);
    put(&app, "aoki", sheet, "0010231", 1);
    put(&app, "aoki", sheet, "0010321", 2);
    let Some(browser) = testkit::browser::Browser::signed_in(&app, "baba", "clerk") else {
        return;
    };
    browser.go(&format!("/sheets/{sheet}/second"));
    browser.wait_for("#keying[data-ready=yes]");
    assert_eq!(browser.count("tr[data-line]"), 0, "nothing of the first");
    browser.fill("#order_number", "164151");
    browser.click("#member_number");
    browser.press(&format!("0010231{0}1{0}0010321{0}3{0}", keys::ENTER));
    browser.wait_for("tr[data-line='2']");
    browser.go(&format!("/sheets/{sheet}/comparison"));
    assert!(!browser.texts("main")[0].contains("0010231"), "still blind");
    browser.click("form[action$=comparison] button");

    browser.wait_for_text("h2", "2行目");
    assert_eq!(browser.count("section"), 1);
    assert_eq!(browser.texts("td.is-other"), ["2", "3"]);
    browser.click("section tbody tr:first-child button");
    browser.wait_for_text(".notice.done", "一致しています");
    assert_eq!(lines(&app, sheet), [line("0010231", 1), line("0010321", 2)]);
}

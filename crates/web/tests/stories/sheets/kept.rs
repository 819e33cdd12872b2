//! Nothing that was keyed is lost.

use testkit::browser::keys;
use testkit::visitors::Is;

use super::{desk, kept, key, line};

#[test]
fn what_is_keyed_while_the_connection_is_cut_is_saved_when_it_is_back_and_once() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    key(browser, "164160", &format!("0010106{0}1{0}", keys::ENTER));
    browser.wait_for("tr[data-line='1']");
    browser.network_offline(true);
    browser.press(&format!("0010231{0}2{0}0010321{0}3{0}", keys::ENTER));

    browser.wait_for_text("#keying-state-words", "まだ保存していない行が2行");
    assert_eq!(browser.count("tr[data-unsaved]"), 2);
    assert_eq!(desk.lines(), [line("0010106", 1)]);
    browser.network_offline(false);

    browser.wait_for_text("#keying-state-words", "すべて保存しました");
    assert_eq!(
        desk.lines(),
        [line("0010106", 1), line("0010231", 2), line("0010321", 3)]
    );
}

#[test]
fn an_answer_that_was_lost_on_the_way_makes_no_second_line() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "164160");
    // The line arrives, its answer does not.
    browser.script(
        "const sent = window.fetch; let lost = 0;
         window.fetch = async (address, options) => {
           const answer = await sent(address, options);
           if (String(address).endsWith('/lines') && lost === 0) { lost += 1; throw new TypeError('lost'); }
           return answer;
         };",
        &[],
    );
    browser.click("#member_number");
    browser.press(&format!("0010106{0}1{0}", keys::ENTER));
    browser.wait_for("tr[data-line='1']");

    browser.wait_for_text("#keying-state-words", "すべて保存しました");
    assert_eq!(desk.lines(), [line("0010106", 1)]);
}

#[test]
fn a_closed_tab_and_a_reload_in_the_middle_of_a_line_bring_every_line_back() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "164160");
    browser.script(
        "window.fetch = async () => { throw new TypeError('cut'); }",
        &[],
    );
    browser.click("#member_number");
    browser.press(&format!("0010106{0}1{0}0010231{0}2{0}00103", keys::ENTER));
    browser.wait_for_text("#keying-state-words", "まだ保存していない行が2行");
    assert_eq!(desk.lines(), []);

    // What is not saved is told wherever one might go on without it.
    browser.close_tab_and_go("/sheets");
    browser.wait_for_text("[data-unsaved-of]", &format!("入力束 {}", desk.sheet));
    browser.go(&format!("/sheets/{}/first", desk.sheet));

    browser.wait_for_text("#keying-state-words", "すべて保存しました");
    browser.wait_for("#keying[data-ready=yes]");
    assert_eq!(desk.lines(), [line("0010106", 1), line("0010231", 2)]);
    assert_eq!(browser.value("#member_number"), "00103");
    assert_eq!(browser.value("#order_number"), "164160");
    browser.reload();
    browser.wait_for("#keying[data-ready=yes]");
    assert_eq!(browser.value("#member_number"), "00103");
}

#[test]
fn after_a_reload_a_line_says_again_why_it_would_be_held() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    let why = "この番号の組合員はいません";
    key(
        browser,
        "164160",
        &format!("9999999{0}1{0}0010106{0}1{0}", keys::ENTER),
    );
    browser.wait_for_text("tr[data-line='1']", why);
    browser.wait_for("tr[data-line='2']");

    browser.reload();

    browser.wait_for_text("tr[data-line='1'].is-care", why);
    assert!(!browser.exists("tr[data-line='2'].is-care"));
}

#[test]
fn a_session_that_ends_while_one_keys_loses_nothing_and_nobody_else_sends_it() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "164160");
    browser.set_cookie("hitokuchi_session", "ended");
    browser.click("#member_number");
    browser.press(&format!("0010106{0}1{0}0010231{0}2{0}", keys::ENTER));
    browser.wait_for_text("#keying-state-words", "サインインの期限が切れました");
    browser.wait_for("#keying-sign-in");

    browser.be(&desk.app, "baba", Is::staff("clerk"));
    browser.wait_for_text("#keying-state-words", "別の人がサインインしています");
    assert_eq!(desk.lines(), []);
    browser.be(&desk.app, "aoki", Is::staff("clerk"));

    browser.wait_for_text("#keying-state-words", "すべて保存しました");
    assert_eq!(desk.lines(), [line("0010106", 1), line("0010231", 2)]);
    let keyed_by = kept(&desk.app, desk.sheet).lines;
    assert!(keyed_by.iter().all(|line| line.keyed_by == "user:aoki"));
}

#[test]
fn lines_of_a_sheet_that_was_posted_meanwhile_stay_to_be_seen() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "164160");
    let discard = ledger::intake::sheets::DiscardSheet {
        reason: "同じ束を2度開いた".to_owned(),
    };
    let world = &desk.app.world;
    world
        .ledger
        .discard_sheet(&world.office(), desk.sheet, discard)
        .expect("it is open");
    browser.click("#member_number");
    browser.press(&format!("0010106{0}1{0}", keys::ENTER));

    browser.wait_for_text("tr[data-unsaved]", "破棄されています");
    browser.wait_for_text("#keying-state-words", "保存できない行があります");
    assert!(browser.texts("tr[data-unsaved]")[0].contains("0010106"));
}

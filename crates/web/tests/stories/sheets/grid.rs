//! The grid under the fingers.

use serde_json::json;
use testkit::browser::{axe, keys};

use super::{desk, kept, key, line};

#[test]
fn a_line_takes_its_digits_and_two_keys_while_the_order_number_stays() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    assert_eq!(browser.focused(), "member_number", "one begins to type");
    // While there is no order number, Enter leads there.
    browser.press(&format!("0010106{}", keys::ENTER));
    assert_eq!(browser.focused(), "order_number");
    browser.press(&format!("164160{0}2{0}", keys::ENTER));
    browser.wait_for("tr[data-line='1']");
    assert_eq!(browser.focused(), "member_number");

    browser.script(
        "window.pressed = 0; document.addEventListener('keydown', () => { window.pressed += 1; }, true)",
        &[],
    );
    browser.press(&format!("0010231{0}12{0}", keys::ENTER));
    browser.wait_for("tr[data-line='2']");

    let pressed = browser.script("return window.pressed", &[]);
    assert_eq!(pressed, json!("0010231".len() + "12".len() + 2));
    assert_eq!(desk.lines(), [line("0010106", 2), line("0010231", 12)]);
    // It can be typed over all the same.
    browser.press(&format!("{}164151", keys::TAB));
    assert_eq!(browser.value("#order_number"), "164151");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn the_line_that_would_double_charge_a_supporter_says_so_before_it_is_left() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "164151");
    browser.wait_for_text("#look-order", "インクルファンド・サポーター登録寄付");
    browser.wait_for_text("#look-order", "¥300");
    browser.wait_for_text("#look-order", "2025年7月14日");

    browser.click("#member_number");
    browser.press("0010106");

    browser.wait_for_text("#look-member", "サポーター登録 1口（2024年4月から）");
    browser.wait_for_text("#look-member", "二重の請求");
    assert_eq!(
        browser.focused(),
        "member_number",
        "the line is not left yet"
    );
    assert_eq!(desk.lines(), []);
    // It is not in the way of the fingers; and it still stands beside the line.
    browser.press(&format!("{0}1{0}", keys::ENTER));
    browser.wait_for_text("tr[data-line='1']", "二重の請求");
    assert_eq!(desk.lines(), [line("0010106", 1)]);
}

#[test]
fn a_number_that_means_nothing_today_explains_itself() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "108413");
    browser.wait_for_text("#look-order", "2025年11月3回");
    browser.wait_for_text("#look-order", "164151");

    browser.click("#member_number");
    browser.press("9999999");
    browser.wait_for_text("#look-member", "この番号の組合員はいません");
}

#[test]
fn enter_that_ends_a_conversion_moves_nothing_and_full_width_digits_count() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.fill("#order_number", "１６４１６０");
    browser.click("#member_number");
    browser.compose("００１０１０６");
    browser.end_conversion("００１０１０６");
    assert_eq!(browser.focused(), "member_number");
    browser.press(keys::ENTER);
    assert_eq!(browser.focused(), "units");
    browser.compose("２");
    browser.end_conversion("２");
    assert_eq!(browser.focused(), "units");
    assert_eq!(desk.lines(), []);

    browser.press(keys::ENTER);

    browser.wait_for("tr[data-line='1']");
    assert_eq!(desk.lines(), [line("0010106", 2)]);
}

#[test]
fn what_cannot_be_a_line_stays_in_its_fields() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    key(browser, "164160", &format!("0010106{0}100{0}", keys::ENTER));

    browser.wait_for_text(".field-wrong", "1〜99");
    assert_eq!(browser.focused(), "units");
    assert_eq!(browser.value("#member_number"), "0010106");
    assert_eq!(desk.lines(), []);
}

#[test]
fn enter_can_be_told_to_send_the_line_at_once() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    browser.click("#enter-next");
    browser.fill("#order_number", "164160");
    browser.fill("#units", "2");
    browser.click("#member_number");
    browser.press(&format!("0010106{}", keys::ENTER));

    browser.wait_for("tr[data-line='1']");
    assert_eq!(desk.lines(), [line("0010106", 2)]);
}

#[test]
fn the_difference_from_the_cover_is_in_sight_all_the_time() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    let off = "tr[data-total=units] td:last-child";
    assert_eq!(browser.text(off), "-3");
    key(browser, "164151", &format!("0010106{0}2{0}", keys::ENTER));
    browser.wait_for_text(off, "-1");
    browser.wait_for_text("tr[data-total=amount] td:last-child", "-300");
    browser.press(&format!("0010231{0}1{0}", keys::ENTER));
    browser.wait_for_text("tr[data-total=lines].is-even td:last-child", "0");
    browser.wait_for_text("tr[data-total=amount].is-even td:last-child", "0");
}

#[test]
fn a_line_is_corrected_and_taken_out_by_the_keyboard() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    key(browser, "164160", &format!("0010106{0}2{0}", keys::ENTER));
    browser.wait_for("tr[data-line='1']");
    browser.press(keys::UP);
    browser.wait_for_text("#editing-words", "1行目");
    browser.press(keys::ENTER);
    browser.press(&format!("5{}", keys::ENTER));
    browser.wait_for_text("tr[data-line='1']", "5");
    browser.until("the correction", |_| {
        (desk.lines() == [line("0010106", 5)]).then_some(())
    });

    browser.click("tr[data-line='1'] button");
    browser.click("#take-out");
    browser.wait_until_gone("tr[data-line='1']");
    browser.until("an empty sheet", |_| desk.lines().is_empty().then_some(()));
}

#[test]
fn five_hundred_lines_are_pasted_from_a_spreadsheet() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    let row = |number: usize, units: &str| format!("{number:07}\t164160\t{units}\r\n");
    let mut table: Vec<String> = (1..=500).map(|number| row(number, "１")).collect();
    let whole = table.concat();
    table[6] = row(7, "百");
    browser.click("#member_number");
    browser.paste(&table.concat());

    // One line cannot be read: none is taken, all stay, and the line is named.
    browser.wait_for_text("#paste-wrong", "7行目");
    assert_eq!(browser.count("#paste-wrong li"), 1);
    assert_eq!(desk.lines(), []);
    let stays = browser.value("#paste-text");
    assert_eq!(stays.lines().count(), 500);
    browser.script(
        "document.getElementById('paste-text').value = arguments[0]",
        &[json!(whole)],
    );
    browser.click("#paste-again");

    browser.wait_for("tr[data-line='500']");
    let kept = kept(&desk.app, desk.sheet);
    assert_eq!(kept.lines.len(), 500);
    assert_eq!(kept.keyed.and_then(|keyed| keyed.units), Some(500));
    browser.wait_for_text("#keying-state-words", "すべて保存しました");
}

#[test]
fn nothing_on_the_page_shuts_anybody_out() {
    let Some(desk) = desk() else {
        return;
    };
    let browser = &desk.browser;
    if !axe::is_installed() {
        return;
    }
    key(browser, "164151", &format!("0010106{0}100{0}", keys::ENTER));
    browser.wait_for_text("#look-member", "二重の請求");
    assert_eq!(browser.axe(), []);
    for path in [
        "",
        "/second",
        "/cover",
        "/comparison",
        "/posting",
        "/discard",
    ] {
        browser.go(&format!("/sheets/{}{path}", desk.sheet));
        assert_eq!(browser.axe(), [], "{path}");
    }
    browser.go("/sheets/new");
    assert_eq!(browser.axe(), []);
}

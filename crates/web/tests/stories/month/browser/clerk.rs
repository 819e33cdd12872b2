//! What the clerk does: by keyboard, but for the file.

use testkit::Browser;
use testkit::browser::keys::{CONTROL, ENTER, ESCAPE, SHIFT, TAB};

use super::{fact, in_one_line, rows};

/// What comes in over the web.
const FILE: &str = "単協コード,組合員番号,注文番号,口数,受付日\n\
    01,0000003,108413,1,2025-11-12\n01,0000010,108413,1,2025-11-12\n01,0000006,133540,2,2025-11-12\n\
    01,0000007,133540,1,2025-11-12\n01,0000008,133540,1,2025-11-12\n01,0000090,133540,1,2025-11-12\n";

/// Opens a sheet and keys its lines, from the menu on without a mouse.
pub fn keys_the_sheet(clerk: &Browser) {
    clerk.tab_to("nav.menu a[href='/sheets']");
    clerk.press(ENTER);
    clerk.tab_to("a[href='/sheets/new']");
    clerk.press(ENTER);
    clerk.tab_to("#coop");
    clerk.press(&format!("{ENTER}{ENTER}"));
    assert_eq!(clerk.focused(), "received_on");
    clerk.press_date("2025-11-11");
    assert_eq!(clerk.value("#received_on"), "2025-11-11");
    // 5 lines; 2 + 1 + 2 + 1 + 3 units; 600 + 300 + 1,000 + 500 + 1,500 yen; 1 + 3 + 2 + 4 + 5.
    clerk.press(&format!("{0}5{0}9{0}3900{0}15", ENTER));
    clerk.picture("01-a-new-sheet");
    clerk.press(ENTER);
    clerk.wait_for("#keying[data-ready=yes]");

    // The line that would charge a supporter twice says so before it is left.
    clerk.press(&format!("0000001{0}108413{0}2", ENTER));
    clerk.wait_for_text("#look-member", "サポーター登録 2口（2025年11月から）");
    clerk.wait_for_text("#look-member", "（インクルファンド） 月 ¥600");
    clerk.wait_for_text("#look-member", "二重の請求");
    clerk.wait_for_text("#look-order", "¥600");
    clerk.picture("02-would-charge-twice");
    clerk.press(&format!("{0}0000003{0}1{0}", ENTER));
    // The campaign's number is typed over the supporters'.
    clerk.press(&format!("0000002{TAB}133540{0}2{0}0000004{0}1{0}", ENTER));
    clerk.wait_for("tr[data-line='4']");
    // 9 - 6 units are to come, 3,900 - 2,400 yen.
    clerk.wait_for_text("tr[data-total=units] td:last-child", "-3");
    clerk.wait_for_text("tr[data-total=amount] td:last-child", "-1,500");
    clerk.press(&format!("0000005{0}3{0}", ENTER));
    clerk.wait_for_text("#keying-state-words", "すべて保存しました");
    clerk.until("totals that agree", |clerk| {
        (clerk.count("tr[data-total].is-even") == 4).then_some(())
    });
    // What the number means stays in sight, without what the line that was left came to.
    clerk.wait_for_text("#look-order", "133540 パン＆カフェ こすもす");
    assert!(!clerk.exists("#look-order .figure"));
    clerk.picture("03-keyed");
}

/// Posts it: four lines are applications, that of the supporter waits for a decision.
pub fn posts_the_sheet(clerk: &Browser) {
    clerk.press_together(&[SHIFT, TAB]);
    clerk.press(ENTER);
    clerk.wait_for_text(".notice.done", "合っています");
    clerk.picture("04-the-sheet");
    clerk.tab_to("a.button.main[href$='/posting']");
    clerk.press(ENTER);
    clerk.wait_for_text("main", "5行、あわせて ¥3,900");
    clerk.wait_for_text("main li", "そのまま申込になる行: 4行");
    let held = rows(clerk, "main tbody tr");
    assert_eq!(
        held,
        ["1 0000001 108413 2 すでにサポーター（二重の請求になるおそれ）"]
    );
    clerk.picture("05-posting");
    clerk.tab_to("main button.main");
    clerk.press(ENTER);
    clerk.wait_for_text("[role=status]", "登録しました。1行は要確認です。");
    assert_eq!(fact(clerk, "状態"), "登録済み");
    clerk.picture("06-posted");
}

/// Drops a file, sees what it would do, and takes it.
pub fn takes_the_file(clerk: &Browser) {
    clerk.go("/imports");
    clerk.fill("#channel", "インターネット");
    clerk.drop_bytes("[data-drop]", "eくらぶ-11月3回.csv", FILE.as_bytes());
    clerk.picture("07-a-file");
    clerk.click("main button.main");
    clerk.wait_for("form[action$='/take']");
    clerk.picture("08-what-it-would-do");
    assert_eq!(clerk.texts(".card .figure"), ["6", "3", "3"]);
    // 2 + 1 + 1 units of 500 yen.
    let tables = rows(clerk, "main .table-box tbody tr");
    assert_eq!(
        tables[0],
        "133540 パン＆カフェ こすもす 団体寄付 2025年11月3回 2025年12月 3 4 ¥2,000"
    );
    let held = |reason: &str| tables.iter().any(|row| row.starts_with(reason));
    assert!(held("組合員番号が名簿にありません 1 ¥500"), "{tables:?}");
    assert!(
        held("同じ企画回に同じ申込がすでにあります 1 ¥300"),
        "{tables:?}"
    );
    assert!(held("すでにサポーター登録があります 1 ¥300"), "{tables:?}");
    clerk.click("form[action$='/take'] button");
    clerk.wait_for_text("[role=status]", "取り込みました。");
    assert_eq!(clerk.texts(".card .figure"), ["6", "3", "3"]);
    clerk.picture("09-taken");
}

/// Decides the four held lines without a mouse. The first is decided, undone, and decided again.
pub fn clears_the_review(clerk: &Browser) {
    clerk.go("/review");
    clerk.picture("10-review");
    clerk.tab_to("main a.button.main");
    clerk.press(ENTER);
    // The supporter of 2 units: adding 2 would have her pay 1,200 yen in place of 600.
    clerk.wait_for_text("main", "0000001");
    pays(clerk, "add", "¥600", "¥1,200");
    clerk.picture("11-already-a-supporter");
    chooses(clerk, "add");
    clerk.wait_for_text("#chosen", "口数を足す");
    clerk.press(&format!("増やしたいとのこと{ENTER}"));
    clerk.wait_for_text("[role=status]", "受け付けました");
    clerk.press("u");
    clerk.wait_for_text("[role=status]", "要確認に戻っています");
    clerk.picture("12-undone");
    decides(clerk, "mistake", "登録済みと気づかずに書いたもの");

    // The new supporter, who wrote the same on the sheet.
    clerk.wait_for_text("main", "0000003");
    clerk.wait_for_text(".case-reasons", "同じ申込がもうある");
    decides(
        clerk,
        "mistake",
        "注文用紙とインターネットの両方に書いたもの",
    );
    // The supporter of 3 units, who wants a fourth.
    clerk.wait_for_text("main", "0000010");
    pays(clerk, "add", "¥900", "¥1,200");
    decides(clerk, "add", "口数を増やしたいと本人に確かめた");
    // The number that nobody has: 0000009 meant it.
    clerk.wait_for_text("main", "0000090");
    clerk.press("e");
    clerk.press(&format!("0000009{ENTER}{ENTER}{ENTER}{ENTER}"));
    clerk.wait_for_text("main", "妨げる理由はありません");
    pays(clerk, "accept", "¥0", "¥500");
    clerk.picture("13-corrected");
    decides(clerk, "accept", "本人に電話で番号を確かめた");
    clerk.wait_for_path("/review/decided");
    clerk.picture("14-decided");
    clerk.go("/review");
    clerk.wait_for_text("main", "要確認の申込はありません");
}

/// What the table of ways says that one would have the member pay in December, now and then.
#[track_caller]
fn pays(clerk: &Browser, way: &str, now: &str, then: &str) {
    let december = format!("tr:has(button[value={way}]) td:nth-of-type(2)");
    let said = in_one_line(&clerk.text(&december));
    assert_eq!(said, format!("いま {now} → 決めた後 {then}"));
}

/// Presses the digit that stands on a way.
fn chooses(clerk: &Browser, way: &str) {
    let digit = clerk.attribute(&format!("button[value={way}]"), "data-key");
    clerk.press(&digit);
}

/// Writes a reason over the one that stands there, and presses a way's digit.
fn decides(clerk: &Browser, way: &str, reason: &str) {
    clerk.tab_to("#reason");
    clerk.press_together(&[CONTROL, "a"]);
    clerk.press(&format!("{reason}{ESCAPE}"));
    chooses(clerk, way);
}

/// The supporter asks on the telephone: two applications, one charge.
pub fn why_this_amount(clerk: &Browser) {
    clerk.go("/members/01/0000001/why/2025-12");
    clerk.picture("23-why");
    assert_eq!(clerk.text("main p.figure"), "請求 ¥600");
    assert_eq!(clerk.count("main ol li"), 1);
    clerk.wait_for_text(
        "main td",
        "登録済みと気づかずに書いたもの、chiba、2025年11月12日",
    );
}

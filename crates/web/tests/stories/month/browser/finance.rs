//! What finance does: Aoki closes and settles, Baba approves and hands over.

use sha2::{Digest, Sha256};
use testkit::Browser;

use super::{DECEMBER, THE_BATCH, fact, rows};

/// A bar between November's 1,800 yen and December's 7,600.
struct Bar {
    step: &'static str,
    /// Its row of the table: charges and yen.
    row: &'static str,
    /// What its lines come to.
    total: &'static str,
    members: &'static [&'static str],
}

/// 1,800 + 300 + 300 - 300 + 5,500 = 7,600.
const BARS: [Bar; 4] = [
    Bar {
        step: "new",
        row: "新規 1 ¥300",
        total: "1件、合計 ¥300",
        members: &["0000003"],
    },
    Bar {
        step: "raised",
        row: "増額 1 ¥300",
        total: "1件、合計 ¥300",
        members: &["0000010"],
    },
    Bar {
        step: "withdrawn",
        row: "脱退 1 −¥300",
        total: "1件、合計 −¥300",
        members: &["0000011"],
    },
    Bar {
        step: "one_time",
        row: "今月の今回限りの寄付 7 ¥5,500",
        total: "7件、合計 ¥5,500",
        members: &[
            "0000002", "0000004", "0000005", "0000006", "0000007", "0000008", "0000009",
        ],
    },
];

/// From the board into the month, and into every bar of the way from November.
pub fn looks_into_the_month(aoki: &Browser) {
    aoki.click("nav.menu a[href='/batches']");
    aoki.wait_for_path("/batches");
    aoki.picture("15-board");
    let cell = format!("td:has(a[href='{DECEMBER}'])");
    aoki.wait_for_text(&cell, "未締め");
    aoki.wait_for_text(&cell, "いま締めると ¥7,600 10件");
    aoki.click(&format!("a[href='{DECEMBER}']"));
    aoki.wait_for_path(DECEMBER);
    aoki.picture("16-month");
    assert_eq!(fact(aoki, "今回"), "¥7,600 10件");
    assert_eq!(fact(aoki, "先月"), "¥1,800");
    let table = rows(aoki, "table.batches-bridge tbody tr");
    assert_eq!(aoki.count("figure.chart a"), BARS.len());
    for bar in BARS {
        assert!(table.iter().any(|row| row == bar.row), "{table:?}");
        aoki.click(&format!(
            "figure.chart a[href$='/bridge/{}'] rect",
            bar.step
        ));
        aoki.wait_for_path(&format!("{DECEMBER}/bridge/{}", bar.step));
        aoki.picture(&format!("17-bar-{}", bar.step));
        aoki.wait_for_text("main p", bar.total);
        assert_eq!(aoki.texts("main tbody td:first-child"), bar.members);
        aoki.back();
        aoki.wait_for_path(DECEMBER);
    }
}

pub fn closes_the_month(aoki: &Browser) {
    aoki.click("a.button.main");
    aoki.wait_for_path(&format!("{DECEMBER}/close"));
    aoki.picture("18-close");
    assert_eq!(fact(aoki, "金額"), "¥7,600");
    // 7,600 - 1,800
    assert_eq!(fact(aoki, "差"), "¥5,800");
    aoki.click("main form button.main");
    aoki.wait_for_path(THE_BATCH);
}

/// She closed it: the page says that another has to approve it, and has no button for her.
pub fn cannot_approve_her_own(aoki: &Browser) {
    aoki.wait_for_text("main .notice.care", "あなたは承認できません");
    aoki.picture("19-her-own");
    assert!(!aoki.exists("form[action$='/approve']"));
    assert!(!aoki.exists("form[action$='/export']"));
    aoki.go("/");
    aoki.wait_for_text("main", "ほかの人の承認を待つ請求データ");
    aoki.picture("20-waits-for-another");
}

/// Approves, makes the file in UTF-8, compares it with the screen, and gives what was downloaded.
pub fn approves_and_hands_over(baba: &Browser) -> String {
    baba.picture("21-waits-for-me");
    baba.click(&format!("a[href='{THE_BATCH}']"));
    baba.wait_for_text("main", "10件、合計 ¥7,600 を単協に渡してよいか");
    baba.click("main form[action$='/approve'] button");
    baba.wait_for("#profile");
    assert!(fact(baba, "承認した人").starts_with("baba "));
    baba.fill("#profile", "標準（UTF-8）");
    baba.click("main form[action$='/export'] button");
    baba.wait_for(".sha256");
    baba.picture("22-exported");
    let compared = rows(baba, "table.batches-compare tbody tr");
    assert_eq!(compared, ["件数 10 10 一致", "金額 ¥7,600 ¥7,600 一致"]);
    baba.click("a[download]");
    let (name, bytes) = baba.downloaded();
    assert_eq!(name, "01-2025-12-1.csv");
    let own: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(baba.text(".sha256"), own);
    baba.fill("#sha256", &own);
    baba.click("form.filter button");
    baba.wait_for_text("[role=status]", "手元のファイルは、出力したものと同じです");
    let file = String::from_utf8(bytes).expect("a file in UTF-8");
    is_the_file(&file);
    file
}

/// A charge a line: each supporter and each giver once.
fn is_the_file(file: &str) {
    let mut charged: Vec<(String, i64)> = lines(file)
        .iter()
        .map(|line| (line[1].clone(), line[6].parse().expect("yen")))
        .collect();
    charged.sort();
    let expected = [
        ("0000001", 600),
        ("0000002", 1_000),
        ("0000003", 300),
        ("0000004", 500),
        ("0000005", 1_500),
        ("0000006", 1_000),
        ("0000007", 500),
        ("0000008", 500),
        ("0000009", 500),
        ("0000010", 1_200),
    ];
    assert_eq!(
        charged,
        expected.map(|(member, yen)| (member.to_owned(), yen))
    );
    assert_eq!(expected.iter().map(|(_, yen)| yen).sum::<i64>(), 7_600);
}

/// Co-op, member number, order number, kind, units, price, yen, month, key of each charge.
fn lines(file: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let cells = line.split(',');
        cells
            .map(|cell| cell.trim_matches('"').to_owned())
            .collect()
    };
    file.lines().skip(1).map(cells).collect()
}

/// The co-op's answer: all but the 1,500 yen of 0000005 could be collected.
fn answer(file: &str) -> String {
    let mut answer = "請求キー,結果コード,集金日\n".to_owned();
    for line in lines(file) {
        let result = match line[1].as_str() {
            "0000005" => "1,",
            _ => "0,2025-12-27",
        };
        answer += &format!("{},{result}\n", line[8]);
    }
    answer
}

/// Uploads the answer, sees what it would do, and takes it: 7,600 - 1,500 yen by 9 charges.
pub fn takes_the_results(aoki: &Browser, file: &str) {
    aoki.picture("24-results");
    aoki.wait_for_text("section[aria-labelledby=waiting] tbody tr", "¥7,600");
    aoki.upload_bytes("#file", "結果-2025-12.csv", answer(file).as_bytes());
    aoki.click("section[aria-labelledby=choose] button.main");
    aoki.wait_for("form[action$='/take']");
    aoki.picture("25-what-it-would-do");
    let cards = rows(aoki, ".card");
    assert_eq!(
        cards,
        [
            "集金済みになる 9 ¥6,100",
            "集金できなかったことになる 1 ¥1,500",
            "保留になる行 0",
            "変わらない行 0"
        ]
    );
    aoki.wait_for_text("main", "資金不足");
    aoki.wait_for_text("main", "繰り越さない");
    aoki.click("form[action$='/take'] button");
    aoki.wait_for_text("[role=status]", "取り込みました。");
    let cards = rows(aoki, ".card");
    assert_eq!(
        cards[..2],
        ["集金済み 9 ¥6,100", "集金できなかった 1 ¥1,500"]
    );
}

/// Exported = collected + failed + outstanding: 7,600 = 6,100 + 1,500 + 0.
pub fn sees_it_settled(aoki: &Browser) {
    aoki.go("/batches");
    let cell = format!("td:has(a[href='{DECEMBER}'])");
    aoki.wait_for_text(&cell, "集金結果がそろった");
    aoki.go(THE_BATCH);
    aoki.picture("26-settled");
    assert_eq!(fact(aoki, "金額"), "¥7,600");
    assert_eq!(fact(aoki, "集金済み"), "¥6,100 9件");
    assert_eq!(fact(aoki, "集金できなかった"), "¥1,500 1件");
    assert_eq!(fact(aoki, "結果待ち"), "¥0 0件");
}

//! 請求, ダッシュボード, 承認待ち: from the preview to the file, by two people, each thing once.

mod browser;

use ledger::ReferenceTable::{Members, Pledges};
use sha2::{Digest, Sha256};
use testkit::http::Answer;
use testkit::{Seat, TestApp, on_both};

on_both!(
    a_month_is_closed_once_however_often_it_is_pressed,
    who_closed_a_batch_is_told_why_they_may_not_approve_it,
    the_file_is_the_one_whose_sha256_the_screen_shows,
    a_held_application_stands_in_the_way_with_a_link_to_it,
    the_lines_of_the_bars_add_up_to_the_yen,
    a_preview_says_that_last_month_is_open,
    a_batch_is_voided_with_a_reason,
    the_board_shows_how_far_each_month_has_come,
    each_role_sees_what_waits_for_it,
    what_one_entered_another_approves_or_rejects,
    a_clerk_may_look_and_not_close,
);

/// An office with two supporters of co-op 01, on a day when August may be closed.
pub struct Office(TestApp);

impl From<testkit::TestDatabase> for Office {
    fn from(database: testkit::TestDatabase) -> Self {
        let app = TestApp::from(database);
        app.world.load_newsletters();
        app.world.set_today("2025-09-10");
        let members = "coop,member_number\n01,0000001\n01,0000002\n01,0000003\n";
        app.world.import(Members, members);
        let pledges = "coop,member_number,fund,units,unit_price,from_month,order_number\n\
            01,0000001,inclufund,2,300,2025-08,\n01,0000002,inclufund,1,300,2025-08,\n";
        app.world.import(Pledges, pledges);
        Self(app)
    }
}

impl std::ops::Deref for Office {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.0
    }
}

impl Office {
    fn finance(&self, name: &str) -> Seat {
        self.seat(name, "finance")
    }

    /// Takes a line of paper of co-op 01 as `member,order number,units,day`.
    fn applies(&self, line: &str) {
        let rows = format!("coop,member_number,order_number,units,received_on\n01,{line}\n");
        self.world
            .take_applications(rows, ledger::intake::ImportApplications::default());
    }
}

const AUGUST: &str = "/batches/01/2025-08";

fn close(seat: &Seat) -> Answer {
    seat.submit(&format!("{AUGUST}/close"), &[("sequence", "1")])
}

#[track_caller]
fn goes_to(answer: &Answer, path: &str) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, path),
        "{}",
        answer.text()
    );
}

#[track_caller]
fn shows(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text().to_owned();
    for word in words {
        assert!(text.contains(word), "no {word}: {text}");
    }
}

fn a_month_is_closed_once_however_often_it_is_pressed(office: Office) {
    let aoki = office.finance("aoki");
    shows(
        &aoki.get(&format!("{AUGUST}/close")),
        &["¥900 で締める", "2件"],
    );
    let form = [("sequence", "1")];

    let once = aoki.submit_under("close-1", &format!("{AUGUST}/close"), &form);
    let twice = aoki.submit_under("close-1", &format!("{AUGUST}/close"), &form);
    let later = close(&aoki);

    for answer in [&once, &twice, &later] {
        goes_to(answer, "/batches/01/2025-08/1");
    }
    let page = aoki.get(AUGUST).text().to_owned();
    assert!(page.contains("第1回") && !page.contains("第2回"), "{page}");
    // What came since is closed by who has seen it, not by the form of before.
    office.applies("0000003,164160,1,2025-07-15");
    office.seat("chiba", "clerk");
    goes_to(&close(&aoki), "/batches/01/2025-08/1");
    assert!(!aoki.get(AUGUST).text().contains("第2回"));
}

fn who_closed_a_batch_is_told_why_they_may_not_approve_it(office: Office) {
    let (aoki, baba) = (office.finance("aoki"), office.finance("baba"));
    close(&aoki);
    let batch = "/batches/01/2025-08/1";

    shows(
        &aoki.get(batch),
        &["あなたが締めた請求データなので、あなたは承認できません"],
    );
    let refused = aoki.submit(&format!("{batch}/approve"), &[]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("経理の別の人がしてください"));
    let early = baba.submit(&format!("{batch}/export"), &[("profile", "standard")]);
    assert_eq!(early.status, 409);
    goes_to(&baba.submit(&format!("{batch}/approve"), &[]), batch);
    shows(&baba.get(batch), &["baba", "ファイルに出力する"]);
}

fn the_file_is_the_one_whose_sha256_the_screen_shows(office: Office) {
    let (aoki, baba) = (office.finance("aoki"), office.finance("baba"));
    close(&aoki);
    let batch = "/batches/01/2025-08/1";
    baba.submit(&format!("{batch}/approve"), &[]);
    assert_eq!(
        baba.get(&format!("{batch}/file?profile=standard")).status,
        409
    );
    goes_to(
        &aoki.submit(&format!("{batch}/export"), &[("profile", "standard")]),
        batch,
    );

    let file = aoki.get(&format!("{batch}/file?profile=standard"));

    assert_eq!(file.status, 200);
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"01-2025-08-1.csv\""
    );
    let sha256 = hex(&file.body);
    shows(&aoki.get(batch), &[&sha256, "一致", "集金結果"]);
    assert!(!aoki.get(batch).text().contains("不一致"));
    let same = aoki.get(&format!("{batch}?sha256={}", sha256.to_uppercase()));
    shows(&same, &["一致: 手元のファイルは"]);
    let other = aoki.get(&format!("{batch}?sha256={}", "0".repeat(64)));
    shows(&other, &["不一致: 手元のファイルは"]);
    let again = baba.get(&format!("{batch}/file?profile=standard"));
    assert_eq!(again.body, file.body);
    let sheet = baba.get(&format!("{batch}/control-sheet?profile=standard"));
    shows(&sheet, &[&sha256, "記録の連鎖"]);
    shows(
        &aoki.get(&format!("{batch}/charges")),
        &["0000001", "0000002", "¥600"],
    );
    let one = aoki
        .get(&format!("{batch}/charges?member=0000002"))
        .text()
        .to_owned();
    assert!(one.contains("0000002") && !one.contains("0000001"), "{one}");
}

fn hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn a_held_application_stands_in_the_way_with_a_link_to_it(office: Office) {
    office.applies("0000009,164160,1,2025-07-15");
    let aoki = office.finance("aoki");

    let page = aoki.get(AUGUST);

    shows(
        &page,
        &[
            "要確認の申込が1件あるので、締められません",
            "href=\"/review/",
        ],
    );
    assert!(!page.text().contains("この月を締める"));
    let asked = aoki.get(&format!("{AUGUST}/close"));
    shows(&asked, &["要確認の申込が1件あるので、締められません"]);
    assert!(!asked.text().contains("で締める"), "{}", asked.text());
    let refused = close(&aoki);
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("要確認の申込が 1 件残っている"),
        "{}",
        refused.text()
    );
}

/// The first amount after a word, as `¥1,200`.
fn yen_after(page: &str, word: &str) -> i64 {
    let found = page.split_once(word);
    let (_, after) = found.unwrap_or_else(|| panic!("no {word}: {page}"));
    let (before, digits) = after.split_once('¥').expect("an amount");
    let digits: String = digits
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ',')
        .filter(char::is_ascii_digit)
        .collect();
    let amount: i64 = digits.parse().expect("digits");
    if before.ends_with('−') {
        -amount
    } else {
        amount
    }
}

fn the_lines_of_the_bars_add_up_to_the_yen(office: Office) {
    let aoki = office.finance("aoki");
    close(&aoki);
    let september = "/batches/01/2025-09";
    office.world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month,order_number\n01,0000003,inclufund,3,300,2025-09,\n",
    );
    let page = aoki.get(september).text().to_owned();
    assert!(
        page.contains("<svg") && page.contains("先月の ¥900 から今回の ¥1,800 まで"),
        "{page}"
    );
    let table = page
        .split("batches-bridge")
        .nth(1)
        .expect("the table of the bridge");
    let mut sum = yen_after(table, "先月");
    let mut links = 0;
    for link in table.split("href=\"").skip(1) {
        let path = link.split('"').next().expect("an address");
        if !path.starts_with(&format!("{september}/bridge/")) {
            continue;
        }
        let step = yen_after(link, "</th>");
        let lines = aoki.get(path).text().to_owned();
        assert_eq!(yen_after(&lines, "合計"), step, "{lines}");
        let body = lines.split("<tbody>").nth(1).expect("rows");
        let rows = body.split("<tr>").skip(1);
        let of_rows: i64 = rows
            .map(|row| {
                yen_after(
                    row,
                    row.rsplit_once("<td class=\"num\">").expect("a figure").0,
                )
            })
            .sum();
        assert_eq!(of_rows, step, "{lines}");
        assert!(
            page.contains(&format!("<a href=\"{path}\" aria-label=")),
            "a bar leads there"
        );
        sum += step;
        links += 1;
    }
    assert_eq!((links, sum), (1, 1_800));
}

fn a_preview_says_that_last_month_is_open(office: Office) {
    let aoki = office.finance("aoki");
    shows(&aoki.get(AUGUST), &["この単協の最初の請求です"]);
    close(&aoki);
    assert!(
        !aoki
            .get("/batches/01/2025-09")
            .text()
            .contains("まだ締められていない")
    );

    let october = aoki.get("/batches/01/2025-10");

    shows(
        &october,
        &["先月がまだ締められていないので、¥0 は実際の額ではありません"],
    );
}

fn a_batch_is_voided_with_a_reason(office: Office) {
    let aoki = office.finance("aoki");
    close(&aoki);
    let void = "/batches/01/2025-08/1/void";
    shows(&aoki.get(void), &["¥900 の請求データを取り消す"]);
    let without = aoki.submit(void, &[("reason", " ")]);
    assert_eq!(without.status, 422);

    goes_to(&aoki.submit(void, &[("reason", "口数の誤り")]), AUGUST);

    shows(
        &aoki.get("/batches/01/2025-08/1"),
        &["この請求データは取り消されました", "口数の誤り"],
    );
    shows(
        &aoki.get(&format!("{AUGUST}/close")),
        &["第2回", "¥900 で締める"],
    );
}

fn the_board_shows_how_far_each_month_has_come(office: Office) {
    let aoki = office.finance("aoki");
    shows(
        &aoki.get("/batches"),
        &["締めが遅れている", "いま締めると", "¥900"],
    );
    close(&aoki);
    let board = aoki.get("/batches");
    shows(
        &board,
        &["締め済み・承認待ち", "href=\"/batches/01/2025-08\""],
    );
    shows(
        &aoki.in_english().get("/batches"),
        &["closed, to be approved", "Aug 2025"],
    );
    shows(&aoki.get("/batches?until=2024-12"), &["2024年12月"]);
    assert_eq!(aoki.get("/batches/99/2025-08").status, 404);
}

fn each_role_sees_what_waits_for_it(office: Office) {
    let (aoki, baba) = (office.finance("aoki"), office.finance("baba"));
    let clerk = office.seat("chiba", "clerk");
    shows(
        &aoki.get("/"),
        &["2025年9月10日の仕事", "締める月", "遅れています"],
    );
    shows(
        &clerk.get("/"),
        &["今日、あなたを待っているものはありません"],
    );
    close(&aoki);
    shows(
        &baba.get("/"),
        &["承認を待つ請求データ", "href=\"/batches/01/2025-08/1\""],
    );
    let own = aoki.get("/").text().to_owned();
    assert!(own.contains("ほかの人の承認を待つ請求データ"), "{own}");
    office.applies("0000009,164160,1,2025-07-15");
    shows(
        &clerk.get("/"),
        &["要確認の申込", "href=\"/review?month=2025-08\""],
    );
    shows(
        &office.seat("mori", "auditor").get("/"),
        &["この7日間の記録"],
    );
    let organisation = office.seat_of_organization("kobayashi", "kosumosu");
    goes_to(&organisation.get("/"), "/own-campaigns");
    assert_eq!(organisation.get("/batches").status, 403);
}

fn what_one_entered_another_approves_or_rejects(office: Office) {
    let (aoki, baba) = (office.finance("aoki"), office.finance("baba"));
    let person = office.world.person("doi", "finance");
    let entry = |description: &str| ledger::accounting::PostJournalEntry {
        date: None,
        description: description.to_owned(),
        reason: "領収書".to_owned(),
        lines: vec![line("5211", Some(500), None), line("1111", None, Some(500))],
    };
    for words in ["切手代", "封筒代"] {
        let waits = office
            .world
            .ledger
            .post_journal_entry(&person, &entry(words));
        assert!(
            waits.expect("enter it").done().is_err(),
            "it waits for another person"
        );
    }
    shows(&aoki.get("/"), &["承認を待つ入力"]);
    shows(
        &aoki.get("/approvals"),
        &["切手代", "封筒代", "手入力の仕訳", "doi"],
    );
    shows(
        &aoki.get("/approvals/1"),
        &["切手代", "¥500", "承認して記帳する"],
    );

    goes_to(&aoki.submit("/approvals/1/approve", &[]), "/approvals/1");
    shows(&aoki.get("/approvals/1"), &["承認済み", "/books/entries/"]);
    assert_eq!(baba.submit("/approvals/1/approve", &[]).status, 409);
    assert_eq!(baba.submit("/approvals/2/reject", &[]).status, 422);
    let rejected = baba.submit("/approvals/2/reject", &[("reason", "金額が違う")]);
    goes_to(&rejected, "/approvals/2");
    shows(&baba.get("/approvals/2"), &["却下", "金額が違う"]);
    shows(
        &baba.get("/approvals"),
        &["承認を待っているものはありません"],
    );
    shows(&baba.get("/approvals?show=all"), &["承認済み", "却下"]);
}

fn line(
    account: &str,
    debit: Option<i64>,
    credit: Option<i64>,
) -> ledger::accounting::NewJournalLine {
    ledger::accounting::NewJournalLine {
        account: account.to_owned(),
        debit: debit.map(domain::Yen::new),
        credit: credit.map(domain::Yen::new),
        fund: None,
        coop: None,
        campaign: None,
    }
}

fn a_clerk_may_look_and_not_close(office: Office) {
    let clerk = office.seat("chiba", "clerk");

    let page = clerk.get(AUGUST);

    shows(&page, &["¥900"]);
    assert!(!page.text().contains("この月を締める"));
    assert_eq!(clerk.get(&format!("{AUGUST}/close")).status, 403);
    assert_eq!(close(&clerk).status, 403);
}

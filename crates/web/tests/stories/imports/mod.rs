//! Files come in at the pages: seen first, then taken, and never twice.

mod browser;

use std::time::{Duration, Instant};

use testkit::http::Answer;
use testkit::seat::Seat;
use testkit::{TestApp, on_both};

on_both![
    what_a_file_would_do_is_what_is_then_taken,
    a_file_is_taken_once_however_often_somebody_presses,
    the_same_file_again_says_when_and_by_whom,
    a_file_that_cannot_be_read_lists_its_lines,
    a_file_of_cp932_is_read_and_its_kind_told_by_its_headings,
    what_stops_when_members_leave_is_seen_before,
    a_form_of_another_page_brings_no_file,
    who_may_not_take_a_kind_of_file_is_told_so,
];

const HEADER: &str = "単協コード,組合員番号,注文番号,口数,受付日\n";

/// The newsletters' facts and two members.
pub fn office(app: &TestApp) {
    app.world.load_newsletters();
    app.world.import(
        ledger::ReferenceTable::Members,
        "coop,member_number\n01,0000001\n01,0000002\n",
    );
}

/// Waits until a file on its way has come to an end, and gives its page.
pub fn ended(seat: &Seat, address: &str) -> Answer {
    let began = Instant::now();
    loop {
        let page = seat.get(address);
        assert_eq!(page.status, 200, "{}", page.text());
        if !page.text().contains("data-progress") {
            return page;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it never ends");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Sends a file and gives the address and the page of what it would do.
pub fn tried(seat: &Seat, to: &str, fields: &[(&str, &str)], content: &[u8]) -> (String, Answer) {
    let sent = seat.upload(to, fields, "申込.csv", content);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let address = sent.header("location").to_owned();
    let page = ended(seat, &address);
    (address, page)
}

/// Takes what was tried and gives the address and the page of what came of it.
pub fn taken(seat: &Seat, trial: &str) -> (String, Answer) {
    let id = trial.rsplit('/').next().unwrap();
    let sent = seat.submit(&format!("/imports/{id}/take"), &[]);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let address = sent.header("location").to_owned();
    let page = ended(seat, &address);
    (address, page)
}

pub fn applications() -> String {
    format!(
        "{HEADER}01,0000001,164151,2,2025-07-16\n01,0000002,164160,3,2025-07-16\n01,0000009,164160,1,2025-07-16\n"
    )
}

fn count(app: &TestApp) -> usize {
    let page = app.get("/api/v1/applications?limit=500").good();
    page["items"].as_array().unwrap().len()
}

/// The figures of the cards, in their order.
fn figures(page: &Answer) -> Vec<&str> {
    let cards = page.text().split("<p class=\"figure\">").skip(1);
    cards.map(|card| card.split('<').next().unwrap()).collect()
}

fn what_a_file_would_do_is_what_is_then_taken(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");

    let (trial, seen) = tried(
        &clerk,
        "/imports",
        &[("table", "auto")],
        applications().as_bytes(),
    );
    let before = count(&app);
    let (_, done) = taken(&clerk, &trial);

    assert_eq!(figures(&seen), ["3", "2", "1"]);
    assert!(seen.text().contains("¥2,100"), "{}", seen.text());
    assert!(seen.text().contains("組合員番号が名簿にありません"));
    assert!(seen.text().contains("まだ何も取り込んでいません"));
    assert_eq!(before, 0, "seeing it changed nothing");
    assert_eq!(figures(&done), ["3", "2", "1"]);
    assert!(done.text().contains("/review?import_id="));
    assert_eq!(count(&app), 3);
    let list = clerk.get("/imports");
    assert!(list.text().contains("申込.csv"));
    let english = clerk.in_english().get(&trial);
    assert!(english.text().contains("Nobody has this member number"));
}

fn a_file_is_taken_once_however_often_somebody_presses(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let (trial, _) = tried(
        &clerk,
        "/imports",
        &[("table", "applications")],
        applications().as_bytes(),
    );
    let take = format!("{trial}/take");

    let first = clerk.submit_under("double", &take, &[]);
    let second = clerk.submit_under("double", &take, &[]);
    let from_another_tab = clerk.submit(&take, &[]);
    ended(&clerk, first.header("location"));
    let back = clerk.get(&trial);

    assert_eq!(first.status, 303);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(
        first.header("location"),
        from_another_tab.header("location")
    );
    assert_eq!(count(&app), 3);
    assert!(back.text().contains("もう取り込みが始まっています"));
    assert!(
        !back.text().contains("/take"),
        "the back button offers nothing"
    );
}

fn the_same_file_again_says_when_and_by_whom(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let kind = [("table", "applications")];
    let (trial, _) = tried(&clerk, "/imports", &kind, applications().as_bytes());
    taken(&clerk, &trial);
    let other = app.seat("baba", "clerk");

    let (_, seen) = tried(&other, "/imports", &kind, applications().as_bytes());

    assert!(seen.text().contains("このファイルは前に取り込まれています"));
    assert!(seen.text().contains("aoki さんが取り込みました"));
    assert!(!seen.text().contains("/take"));
}

fn a_file_that_cannot_be_read_lists_its_lines(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let bad = format!("{HEADER}01,0000001,164151,二百,2025-07-16\n01,0000002,164160,3,きのう\n");

    let (trial, seen) = tried(&clerk, "/imports", &[("table", "auto")], bad.as_bytes());
    let id = trial.rsplit('/').next().unwrap();
    let csv = clerk.get(&format!("/imports/{id}/errors.csv"));

    assert!(seen.text().contains("取り込めません"));
    for place in ["口数", "受付日", "二百", "きのう"] {
        assert!(seen.text().contains(place), "{place}: {}", seen.text());
    }
    assert!(!seen.text().contains("/take"));
    assert!(
        csv.text()
            .starts_with("\u{feff}\"行\",\"列\",\"理由と直し方\"\r\n2,\"口数\",")
    );
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(count(&app), 0);
}

fn a_file_of_cp932_is_read_and_its_kind_told_by_its_headings(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    // 単協コード,組合員番号,氏名 / 01,0000003,見本 in CP932.
    let members = b"\x92\x50\x8b\xa6\x83\x52\x81\x5b\x83\x68,\x91\x67\x8d\x87\x88\xf5\x94\xd4\x8d\x86,\x8e\x81\x96\xbc\r\n01,0000003,\x8c\xa9\x96\x7b\r\n";

    let (trial, seen) = tried(&clerk, "/imports", &[("table", "auto")], members);
    let (_, done) = taken(&clerk, &trial);
    let strange = clerk.upload("/imports", &[("table", "auto")], "x.csv", b"a,b\n1,2\n");

    assert!(seen.text().contains("<dd>組合員</dd>"), "{}", seen.text());
    assert_eq!(figures(&seen), ["1", "1", "0", "0"]);
    assert_eq!(figures(&done), ["1", "1", "0", "0"]);
    assert_eq!(strange.status, 422);
    assert!(strange.text().contains("どの種類とも合いません"));
}

fn what_stops_when_members_leave_is_seen_before(app: TestApp) {
    office(&app);
    app.world.import(
        ledger::ReferenceTable::Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-08\n",
    );
    let clerk = app.seat("aoki", "clerk");
    let leaves = "単協コード,組合員番号,脱退日\n01,0000001,2025-09-10\n";

    let (trial, seen) = tried(
        &clerk,
        "/imports",
        &[("table", "members")],
        leaves.as_bytes(),
    );
    let (_, done) = taken(&clerk, &trial);

    for page in [&seen, &done] {
        assert!(
            page.text().contains("2025-10 から請求しません"),
            "{}",
            page.text()
        );
    }
}

fn a_form_of_another_page_brings_no_file(app: TestApp) {
    office(&app);
    let clerk = app.seat("aoki", "clerk");
    let other = app.seat("baba", "clerk");
    let token = other.csrf_token();
    let file = applications();

    let without = clerk.upload_as_is("/imports", &[("table", "auto")], "x.csv", file.as_bytes());
    let of_another = clerk.upload_as_is(
        "/imports",
        &[("_csrf", &token), ("_key", "k"), ("table", "auto")],
        "x.csv",
        file.as_bytes(),
    );
    let empty = clerk.upload("/imports", &[("table", "auto")], "", b"");

    assert_eq!((without.status, of_another.status), (403, 403));
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("中身のあるファイルを選んでください"));
    assert_eq!(count(&app), 0);
}

fn who_may_not_take_a_kind_of_file_is_told_so(app: TestApp) {
    office(&app);
    let finance = app.seat("aoki", "finance");
    let auditor = app.seat("kanji", "auditor");
    let file = applications();

    let refused = finance.upload(
        "/imports",
        &[("table", "applications")],
        "x.csv",
        file.as_bytes(),
    );
    let looked = auditor.get("/imports");
    let sent = auditor.upload(
        "/imports",
        &[("table", "applications")],
        "x.csv",
        file.as_bytes(),
    );

    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("権限がありません"));
    assert_eq!(looked.status, 200);
    assert!(!looked.text().contains("type=\"file\""));
    assert_eq!(sent.status, 403);
    assert_eq!(count(&app), 0);
}

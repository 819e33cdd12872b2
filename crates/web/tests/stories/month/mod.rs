//! The whole month by three people in three sessions: a clerk takes in a file and clears the review, one
//! of finance closes, another approves and hands over, the answer comes in, and the campaign has moved.

mod browser;

use ledger::ReferenceTable::{Members, Pledges};
use testkit::{Seat, TestApp, on_both};

use crate::imports::{taken, tried};
use crate::results::links;

on_both!(a_month_by_three_people_in_three_sessions);

const DECEMBER: &str = "/batches/01/2025-12";
/// A supporter who applies again, a campaign's gift, and a number that nobody has.
const FILE: &str = "単協コード,組合員番号,注文番号,口数,受付日\n\
    01,0000001,108413,3,2025-11-12\n01,0000002,133540,2,2025-11-12\n01,0000009,133540,1,2025-11-12\n";

fn office(app: &TestApp) {
    app.world.load_newsletters();
    app.world.set_today("2025-12-01");
    app.world
        .import(Members, "coop,member_number\n01,0000001\n01,0000002\n");
    app.world.import(
        Pledges,
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-12\n",
    );
}

#[track_caller]
fn says(seat: &Seat, path: &str, words: &[&str]) {
    let page = seat.get(path);
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    for word in words {
        assert!(
            page.text().contains(word),
            "{path}: no {word}: {}",
            page.text()
        );
    }
}

#[track_caller]
fn does(seat: &Seat, path: &str, fields: &[(&str, &str)]) {
    let answer = seat.submit(path, fields);
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
}

/// The clerk takes in the file and decides what is held: nobody is charged double.
fn takes_in_and_reviews(clerk: &Seat) {
    let kind = [("table", "applications")];
    let (trial, _) = tried(clerk, "/imports", &kind, FILE.as_bytes());
    taken(clerk, &trial);
    says(clerk, "/", &["要確認の申込"]);
    let list = clerk.get("/review");
    let mut held: Vec<&str> = links(list.text(), "/review/")
        .into_iter()
        .filter(|link| link["/review/".len()..].bytes().all(|b| b.is_ascii_digit()))
        .collect();
    held.dedup();
    assert_eq!(held.len(), 2, "{}", list.text());
    let why = ("reason", "本人に電話で確かめた");
    for hold in held {
        does(clerk, hold, &[("decision", "mistake"), why]);
    }
}

fn a_month_by_three_people_in_three_sessions(app: TestApp) {
    office(&app);
    let clerk = app.seat("chiba", "clerk");
    let (aoki, baba) = (app.seat("aoki", "finance"), app.seat("baba", "finance"));
    takes_in_and_reviews(&clerk);
    says(&aoki, DECEMBER, &["¥1,600", "この月を締める"]);
    assert_eq!(clerk.get(&format!("{DECEMBER}/close")).status, 403);

    does(&aoki, &format!("{DECEMBER}/close"), &[("sequence", "1")]);
    let batch = format!("{DECEMBER}/1");
    says(&aoki, "/", &["ほかの人の承認を待つ請求データ"]);
    says(&baba, "/", &["承認を待つ請求データ", &batch]);
    does(&baba, &format!("{batch}/approve"), &[]);
    does(
        &baba,
        &format!("{batch}/export"),
        &[("profile", "standard-utf8")],
    );
    let file = baba.get(&format!("{batch}/file?profile=standard-utf8"));
    let keys: Vec<&str> = file
        .text()
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').next())
        .map(|key| key.trim_matches(['"', '\r']))
        .collect();
    assert_eq!(keys.len(), 2, "{}", file.text());

    app.world.set_today("2025-12-29");
    let answer = format!(
        "請求キー,結果コード,集金日\n{},0,2025-12-27\n{},0,2025-12-27\n",
        keys[0], keys[1]
    );
    let kind = [("table", "results")];
    let (trial, _) = tried(&aoki, "/results", &kind, answer.as_bytes());
    taken(&aoki, &trial);

    says(&aoki, "/batches", &["集金結果がそろった"]);
    says(&aoki, &batch, &["¥1,600", "集金済み"]);
    says(&clerk, "/campaigns/kosumosu-2025", &["集金", "¥1,000"]);
    says(&clerk, "/", &["今日、あなたを待っているものはありません"]);
}

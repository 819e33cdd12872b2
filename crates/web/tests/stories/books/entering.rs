//! What finance enters: entries, reversals, remittances, the close of a month and a year.

use testkit::{Seat, on_both};

use super::desk::{Desk, hidden, shown};

on_both!(
    an_entry_waits_for_a_second_person,
    what_is_wrong_with_an_entry_stands_beside_its_line,
    more_lines_come_without_losing_what_is_written,
    a_remittance_is_matched_and_sent_twice_is_booked_once,
    an_entry_is_reversed_once,
    a_month_closes_after_it_was_said_what_that_does,
    a_closed_month_is_refused_beside_what_was_asked,
);

const DUES: [(&str, &str); 8] = [
    ("date", "2025-11-20"),
    ("description", "会員団体の年会費"),
    ("reason", "入金を確認"),
    ("lines/0/account", "1121"),
    ("lines/0/debit", "１０,０００"),
    ("lines/2/account", "4111"),
    ("lines/2/credit", "10000"),
    ("do", "post"),
];

fn entries(desk: &Desk) -> usize {
    let call = desk.app.world.office();
    let all = ledger::PageRequest::default();
    let list = desk.app.world.ledger.list_journal_entries(
        &call,
        &ledger::accounting::JournalFilter::default(),
        &all,
    );
    list.expect("the journal").items.len()
}

fn remit(seat: &Seat) -> String {
    let answer = seat.submit(
        "/books/remittances/new",
        &[
            ("coop", "01"),
            ("received_on", "2025-09-10"),
            ("amount", "570"),
            ("fee", "330"),
        ],
    );
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

fn an_entry_waits_for_a_second_person(desk: Desk) {
    let seat = desk.seat("finance");
    let form = shown(&seat, "/books/entries/new");
    let key = hidden(&form, "_key");

    for _ in 0..2 {
        let answer = seat.submit_under(&key, "/books/entries/new", &DUES);
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(answer.header("location"), "/approvals");
    }

    assert_eq!(entries(&desk), 1, "nothing is booked yet");
    let call = desk.app.world.office();
    let waiting = desk.app.world.ledger.list_pending_actions(
        &call,
        &ledger::two_persons::PendingFilter::default(),
        &ledger::PageRequest::default(),
    );
    assert_eq!(
        waiting.expect("what waits").items.len(),
        1,
        "sent twice, it waits once"
    );
}

fn what_is_wrong_with_an_entry_stands_beside_its_line(desk: Desk) {
    let seat = desk.seat("finance");
    let mut written = DUES;
    written[6] = ("lines/2/credit", "-5");
    let answer = seat.submit("/books/entries/new", &written);
    assert_eq!(answer.status, 422);
    // The empty line between fell out: what was the third is the second.
    assert!(
        answer.text().contains("id=\"lines/1/debit-wrong\""),
        "{}",
        answer.text()
    );
    assert!(
        answer.text().contains("value=\"会員団体の年会費\""),
        "what was written stays"
    );

    let mut written = DUES;
    written[6] = ("lines/2/credit", "9999");
    let answer = seat.submit("/books/entries/new", &written);
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .text()
            .contains("<output data-sum=\"difference\">¥1</output>"),
        "{}",
        answer.text()
    );
    assert_eq!(entries(&desk), 1);
}

fn more_lines_come_without_losing_what_is_written(desk: Desk) {
    let seat = desk.seat("finance");
    let mut written = DUES;
    written[7] = ("do", "more");
    let answer = seat.submit("/books/entries/new", &written);
    assert_eq!(answer.status, 200);
    let page = answer.text();
    assert!(page.contains("name=\"lines/5/account\""), "{page}");
    assert!(
        page.contains("name=\"lines/0/debit\" value=\"１０,０００\""),
        "{page}"
    );
    assert!(
        page.contains("<output data-sum=\"debit\">¥10,000</output>"),
        "{page}"
    );
}

fn a_remittance_is_matched_and_sent_twice_is_booked_once(desk: Desk) {
    let seat = desk.seat("finance");
    let due = shown(&seat, "/books/remittances/new?coop=01");
    assert!(due.contains("今の未収額は ¥900 です。"), "{due}");
    let to = remit(&seat);
    assert_eq!(to, "/books/remittances/1");
    let shown = shown(&seat, &to);
    for told in ["¥570", "¥330", "2025年8月"] {
        assert!(shown.contains(told), "{told} in {shown}");
    }
    let key = hidden(&due, "_key");
    let again = [
        ("coop", "01"),
        ("received_on", "2025-09-11"),
        ("amount", "10"),
    ];
    for _ in 0..2 {
        let answer = seat.submit_under(&key, "/books/remittances/new", &again);
        assert_eq!(answer.header("location"), "/books/remittances/2");
    }
    let late = seat.submit(
        "/books/remittances/new",
        &[
            ("coop", "01"),
            ("received_on", "2025-12-02"),
            ("amount", "10"),
        ],
    );
    assert_eq!(late.status, 422);
    assert!(
        late.text().contains("id=\"received_on-wrong\""),
        "{}",
        late.text()
    );
}

fn an_entry_is_reversed_once(desk: Desk) {
    let seat = desk.seat("finance");
    remit(&seat);
    let page = shown(&seat, "/books/entries/2");
    assert!(page.contains("/books/entries/2/reverse"));
    let written = [("date", "2025-09-12"), ("reason", "別の単協の送金だった")];
    let answer = seat.submit("/books/entries/2/reverse", &written);
    assert_eq!(answer.header("location"), "/approvals", "{}", answer.text());
    approve(&desk);

    let page = shown(&seat, "/books/entries/2");
    assert!(
        page.contains("<a href=\"/books/entries/3\">仕訳 3</a>"),
        "{page}"
    );
    assert!(!page.contains("/books/entries/2/reverse"));
    let answer = seat.submit_under("another", "/books/entries/2/reverse", &written);
    assert_eq!(answer.status, 409);
    assert!(
        answer.text().contains("すでに取り消されています"),
        "{}",
        answer.text()
    );
}

/// The operator approves the one thing that waits.
fn approve(desk: &Desk) {
    let call = desk.app.world.office();
    let decided = desk.app.world.ledger.approve_pending_action(&call, 1);
    decided.expect("approve");
}

fn a_month_closes_after_it_was_said_what_that_does(desk: Desk) {
    let seat = desk.seat("finance");
    let year = shown(&seat, "/books/periods?year=2025");
    let confirm = "/books/periods/close?month=2025-08";
    assert!(year.contains(confirm), "{year}");
    let told = shown(&seat, confirm);
    for words in [
        "これより前の月も、すべて締めたものになります",
        "締めると、もう開けません",
        "今ある仕訳は 1 件、借方の合計は ¥900",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    let key = hidden(&told, "_key");
    for _ in 0..2 {
        let answer = seat.submit_under(&key, "/books/periods/close", &[("month", "2025-08")]);
        assert_eq!(answer.header("location"), "/books/periods?year=2025");
    }
    let year = shown(&seat, "/books/periods?year=2025");
    assert_eq!(
        year.matches("締め済み").count(),
        5,
        "April to August: {year}"
    );
}

fn a_closed_month_is_refused_beside_what_was_asked(desk: Desk) {
    let seat = desk.seat("finance");
    let first = seat.submit_under("one", "/books/periods/close", &[("month", "2025-08")]);
    assert_eq!(first.status, 303);
    let again = seat.submit_under("two", "/books/periods/close", &[("month", "2025-08")]);
    assert_eq!(again.status, 409);
    assert!(
        again
            .text()
            .contains("2025年8月の会計期間は締められています"),
        "{}",
        again.text()
    );
    let ahead = seat.get("/books/periods/close?month=2025-12");
    assert_eq!(ahead.status, 409);
    let march = seat.get("/books/periods/close?fiscal_year=2025");
    assert_eq!(march.status, 409);
    assert!(
        !march.text().contains("action=\"/books/periods/close\""),
        "nothing to press"
    );
}

//! What the pages show is what the use cases give.

use ledger::accounting::reports::{ReportFilter, SplitBy};
use testkit::on_both;

use super::desk::{Desk, shown};

on_both!(
    the_figures_on_the_pages_are_those_of_the_use_cases,
    a_figure_leads_to_its_lines_and_they_to_the_sheet,
    reports_are_taken_along_as_csv,
    whoever_has_no_business_with_the_books_is_kept_out,
    what_cannot_be_read_stands_beside_its_field,
    every_page_speaks_english_too,
    a_report_is_printed_as_it_stands,
);

/// The pages that show figures, and those that lead to them.
const PAGES: [&str; 9] = [
    "/books",
    "/books/ledger?account=1131",
    "/books/funds",
    "/books/receivables",
    "/books/payables",
    "/books/years",
    "/books/entries",
    "/books/remittances",
    "/books/periods",
];

fn yen(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let grouped: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|three| std::str::from_utf8(three).expect("digits"))
        .collect();
    let sign = if amount < 0 { "−" } else { "" };
    format!("{sign}¥{}", grouped.join(","))
}

fn the_figures_on_the_pages_are_those_of_the_use_cases(desk: Desk) {
    let seat = desk.seat("finance");
    let ledger = &desk.app.world.ledger;
    let call = desk.app.world.office();
    let filter = ReportFilter {
        from: Some("2025-04-01".parse().expect("a day")),
        to: Some("2026-03-31".parse().expect("a day")),
        ..ReportFilter::default()
    };

    let balance = ledger.trial_balance(&call, &filter, SplitBy::default());
    let balance = balance.expect("the trial balance");
    let page = shown(&seat, "/books");
    assert_eq!(balance.rows.len(), 2);
    for row in &balance.rows {
        assert!(page.contains(&format!("{} {}</a>", row.account, row.name)));
        for figure in [row.opening, row.debit, row.credit, row.balance] {
            let cell = format!("<td class=\"num\">{}</td>", yen(figure.get()));
            assert!(page.contains(&cell), "{cell} of {} in {page}", row.account);
        }
    }
    assert!(page.contains("2025年度（令和7年度）"));

    let due = ledger.receivables(&call, None, None, false).expect("due");
    let page = shown(&seat, "/books/receivables");
    assert!(page.contains(&format!(">{}</a></td>", yen(due.due.get()))));
    assert!(page.contains(&format!("<td class=\"num\">{}</td>", due.rows[0].age_days)));

    let years = ledger.compare_fiscal_years(&call, 2025).expect("the years");
    let page = shown(&seat, "/books/years?year=2025");
    assert!(page.contains(&format!(
        "<td class=\"num\">{}</td>",
        yen(years.this_year.surplus.get())
    )));
    let funds = ledger.fund_balances(&call, &filter).expect("the funds");
    assert!(shown(&seat, "/books/funds").contains(&yen(funds.balance.get())));
}

fn a_figure_leads_to_its_lines_and_they_to_the_sheet(desk: Desk) {
    let seat = desk.seat("auditor");
    let balance = shown(&seat, "/books?span=2025-08");
    let lines = "/books/ledger?account=4211&#38;span=2025-08";
    assert!(balance.contains(lines), "{balance}");

    let ledger = shown(&seat, "/books/ledger?account=4211&span=2025-08");
    assert!(ledger.contains("<a href=\"/books/entries/1\">1</a>"));
    assert!(ledger.contains("−¥900"), "the balance runs: {ledger}");

    let entry = shown(&seat, "/books/entries/1");
    for told in [
        "結果.csv",
        "0000001",
        "0000002",
        "¥600",
        "¥300",
        "登録の引き継ぎ",
        "の2行目",
    ] {
        assert!(entry.contains(told), "{told} in {entry}");
    }
    let head = desk
        .app
        .world
        .ledger
        .list_chain_heads(&desk.app.world.office());
    let head = head.expect("the heads").pop().expect("the journal's");
    assert!(
        entry.contains(&head.sha256),
        "its hash, which is the journal's last"
    );
    let why = entry
        .split("href=\"")
        .find(|rest| rest.starts_with("/members/01/0000001/why/2025-08"))
        .and_then(|rest| rest.split('"').next())
        .expect("the way to why");
    assert!(shown(&seat, why).contains("¥600"));
    shown(&seat, "/results/batches/1");
    assert!(
        !entry.contains("/books/entries/1/reverse"),
        "an auditor changes nothing"
    );
    assert_eq!(seat.get("/books/entries/99").status, 404);
}

fn reports_are_taken_along_as_csv(desk: Desk) {
    let seat = desk.seat("finance");
    for path in [
        "/books/trial-balance.csv?span=2025",
        "/books/ledger.csv?account=1131&span=2025",
        "/books/funds.csv",
        "/books/receivables.csv",
        "/books/payables.csv",
        "/books/years.csv?year=2025",
    ] {
        let answer = seat.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.body.starts_with("\u{feff}\"".as_bytes()),
            "{path} begins with a BOM"
        );
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment;")
        );
        assert!(answer.header("content-type").starts_with("text/csv"));
    }
    let auditor = desk.seat("auditor");
    let log = shown(&auditor, "/audit-log?action=download_report");
    assert!(log.contains("帳票 trial-balance"), "{log}");
}

fn whoever_has_no_business_with_the_books_is_kept_out(desk: Desk) {
    for roles in ["clerk", "admin"] {
        let seat = desk.seat(roles);
        for path in PAGES
            .into_iter()
            .chain(["/books/entries/1", "/books/trial-balance.csv"])
        {
            assert_eq!(seat.get(path).status, 403, "{roles} at {path}");
        }
    }
    let auditor = desk.seat("auditor");
    for path in [
        "/books/entries/new",
        "/books/entries/1/reverse",
        "/books/remittances/new",
        "/books/periods/close?month=2025-08",
    ] {
        assert_eq!(auditor.get(path).status, 403, "an auditor at {path}");
    }
    let finance = desk.seat("finance");
    assert_eq!(finance.get("/audit-log").status, 403);
}

fn what_cannot_be_read_stands_beside_its_field(desk: Desk) {
    let seat = desk.seat("finance");
    let answer = seat.get("/books/entries?amount_min=abc");
    assert_eq!(answer.status, 422);
    assert!(
        answer.text().contains("id=\"amount_min-wrong\""),
        "{}",
        answer.text()
    );
    assert!(
        answer.text().contains("value=\"abc\""),
        "what was written stays"
    );
    let answer = seat.get("/books/ledger?account=9999");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("勘定科目 9999 はありません"));
}

fn every_page_speaks_english_too(desk: Desk) {
    let seat = desk.seat("finance,auditor").in_english();
    let own = ["/books/entries/1", "/audit-log", "/verification/run"];
    for path in PAGES.into_iter().chain(own) {
        let page = shown(&seat, path);
        assert!(page.contains("<html lang=\"en\">"), "{path}");
        let shows_a_key = |text: &str| {
            ["books-", "audit-log-", "proof-"]
                .iter()
                .any(|area| text.trim_start().starts_with(area))
        };
        assert!(!page.split('>').any(shows_a_key), "{path}: {page}");
    }
}

/// What a printed sheet of the trial balance has on it: the whole of its main part.
fn a_report_is_printed_as_it_stands(desk: Desk) {
    let seat = desk.seat("auditor");
    let page = shown(&seat, "/books?span=2025&by_coop=1");
    let main = page
        .split_once("<main")
        .and_then(|(_, rest)| rest.split_once("</main>"))
        .map(|(main, _)| main)
        .expect("the main part");
    let table = main
        .split_once("class=\"quiet only-print\"")
        .expect("what is printed");
    insta::assert_snapshot!("printed_trial_balance", table.1);
}

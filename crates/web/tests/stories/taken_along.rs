//! Lists are taken along as CSV for a spreadsheet: whole, as they are filtered, by whoever may see them.

use ledger::intake::ImportApplications;
use testkit::{Seat, TestApp, on_both};

use crate::imports::{taken, tried};
use crate::results::{answer, handed_over, links};
use crate::review;

on_both![
    everything_held_that_fits_is_taken_along_and_no_formula,
    the_charges_that_failed_are_taken_along,
    the_journal_is_taken_along_as_it_is_filtered,
    campaigns_are_taken_along_with_their_stages,
    whoever_does_not_see_a_list_does_not_take_it_along,
];

/// The lines of a file that a link leads to, without the headings, which it has to begin with.
fn lines(seat: &Seat, link: &str, headings: &str) -> Vec<String> {
    let file = seat.get(&link.replace("&amp;", "&").replace("&#38;", "&"));
    assert_eq!(file.status, 200, "{link}: {}", file.text());
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let named = file.header("content-disposition");
    assert!(named.starts_with("attachment; filename=\"") && named.ends_with(".csv\""));
    let text = file.text().strip_prefix('\u{feff}').expect("a BOM");
    let mut lines = text.split_terminator("\r\n").map(str::to_owned);
    let first = lines.next().expect("headings");
    assert!(first.starts_with(headings), "{first}");
    lines.collect()
}

/// The link of a page to the list as a file.
fn link(seat: &Seat, page: &str, begins: &str) -> String {
    let page = seat.get(page);
    assert_eq!(page.status, 200, "{}", page.text());
    let found = links(page.text(), begins);
    assert_eq!(found.len(), 1, "{}", page.text());
    found[0].to_owned()
}

fn told(app: &TestApp, list: &str) -> bool {
    let auditor = app.seat("kanji", "auditor");
    let log = auditor.get("/audit-log?action=download_report");
    log.text().contains(&format!("帳票 {list}"))
}

fn everything_held_that_fits_is_taken_along_and_no_formula(app: TestApp) {
    review::office(&app);
    let rows: String = (0..1_000)
        .map(|number| format!("01,9{number:06},133540,1,2025-11-12,\n"))
        .collect();
    let text = format!(
        "coop,member_number,order_number,units,received_on,note\n{rows}\
         01,0000001,108413,2,2025-11-12,=1+1\n"
    );
    app.world
        .take_applications(text, ImportApplications::default());
    let clerk = app.seat("aoki", "clerk");

    let all = link(&clerk, "/review", "/review.csv");
    let all = lines(&clerk, &all, "\"申込番号\",\"単協コード\"");
    let supporters = link(&clerk, "/review?only=already_supporter", "/review.csv?");
    let supporters = lines(&clerk, &supporters, "\"申込番号\"");

    assert_eq!(all.len(), 1_001);
    let first = all.iter().find(|line| line.contains("\"9000000\""));
    let first = first.expect("the first line of the file");
    for cell in ["\"133540\",\"1\"", "\"組合員番号が名簿にありません\""] {
        assert!(first.contains(cell), "{cell}: {first}");
    }
    assert_eq!(supporters.len(), 1);
    for cell in [
        "\"0000001\"",
        "\"すでにサポーター登録があります\"",
        "\"'=1+1\"",
    ] {
        assert!(supporters[0].contains(cell), "{cell}: {}", supporters[0]);
    }
    assert!(told(&app, "holds"));
    assert_eq!(clerk.get("/review.csv?coop=99").status, 404);
}

/// August of four supporters, of which the answer came.
fn answered(app: &TestApp) -> (Seat, Vec<String>) {
    let keys = handed_over(app);
    let finance = app.seat("keiri", "finance");
    let file = answer(&keys);
    let (trial, _) = tried(
        &finance,
        "/results",
        &[("table", "results")],
        file.as_bytes(),
    );
    taken(&finance, &trial);
    (finance, keys)
}

fn the_charges_that_failed_are_taken_along(app: TestApp) {
    let (finance, keys) = answered(&app);

    let page = "/results/batches/1/charges?code=1";
    let failed = link(&finance, page, "/results/batches/1/charges.csv");
    let failed = lines(&finance, &failed, "\"請求キー\",\"単協コード\",\"集金月\"");

    let row = format!(
        "\"{}\",\"01\",\"2025-08\",\"1\",\"0000003\",\"\",\"サポーター\",\"3\",\"300\",\"900\",\"1\",\"資金不足\",\"\",\"\"",
        keys[2]
    );
    assert_eq!(failed, [row]);
    let collected = "/results/batches/1/charges.csv?code=0";
    let collected = lines(&finance, collected, "\"請求キー\"");
    assert_eq!(collected.len(), 2);
    assert!(collected[0].ends_with("\"0\",\"集金済み\",\"2025-08-27\",\"\""));
    assert!(told(&app, "charges"));
    let of_none = finance.get("/results/batches/99/charges.csv?code=1");
    assert_eq!(of_none.status, 404);
}

fn the_journal_is_taken_along_as_it_is_filtered(app: TestApp) {
    let (finance, keys) = answered(&app);
    let charge = format!("/results/charge/{}/reverse", keys[1]);
    finance.submit(&charge, &[("reason", "単協の記録違い")]);

    let all = link(&finance, "/books/entries", "/books/entries.csv");
    let all = lines(&finance, &all, "\"仕訳番号\",\"発生日\",\"計上日\"");
    let reversals = link(
        &finance,
        "/books/entries?source=reversal",
        "/books/entries.csv",
    );
    let reversals = lines(&finance, &reversals, "\"仕訳番号\"");

    // One entry for the answer and one that takes a part of it back, of two lines each.
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all[0].starts_with("\"2\",") && all[3].starts_with("\"1\","));
    assert_eq!(reversals, all[..2]);
    assert!(reversals[0].contains("単協の記録違い"), "{}", reversals[0]);
    let debits: i64 = all.iter().map(|line| cell(line, 8)).sum();
    let credits: i64 = all.iter().map(|line| cell(line, 9)).sum();
    assert_eq!((debits, credits), (1_200, 1_200));
    assert!(told(&app, "journal-entries"));
    assert_eq!(finance.get("/books/entries.csv?account=x").status, 422);
}

/// The number in a field of a line, counted from 0.
fn cell(line: &str, place: usize) -> i64 {
    let fields = line.trim_matches('"').split("\",\"");
    let field = fields.into_iter().nth(place).expect("a field");
    field.parse().expect("a number")
}

fn campaigns_are_taken_along_with_their_stages(app: TestApp) {
    review::office(&app);
    let gift =
        "coop,member_number,order_number,units,received_on\n01,0000002,133540,4,2025-11-12\n";
    app.world
        .take_applications(gift, ImportApplications::default());
    let clerk = app.seat("aoki", "clerk");

    let all = link(&clerk, "/campaigns", "/campaigns.csv");
    let all = lines(&clerk, &all, "\"募集コード\",\"題名\"");

    let kosumosu = all
        .iter()
        .find(|line| line.starts_with("\"kosumosu-2025\""));
    let kosumosu = kosumosu.expect("the campaign");
    assert!(
        kosumosu.contains("\"100000\",\"1\",\"4\",\"2000\",\"2.0\",\"0\",\"0\",\"0\",\"0.0\""),
        "{kosumosu}"
    );
    assert!(told(&app, "campaign-progress"));
}

fn whoever_does_not_see_a_list_does_not_take_it_along(app: TestApp) {
    handed_over(&app);
    let lists = [
        ("/review.csv", ["admin"].as_slice()),
        ("/results/batches/1/charges.csv?code=1", &["admin"]),
        ("/books/entries.csv", &["admin", "clerk"]),
        ("/campaigns.csv", &["admin"]),
    ];
    for (list, strangers) in lists {
        for roles in strangers {
            assert_eq!(
                app.seat(roles, roles).get(list).status,
                403,
                "{roles}: {list}"
            );
        }
        assert_eq!(app.seat("kanji", "auditor").get(list).status, 200, "{list}");
    }
    let admin = app.seat("admin", "admin").get("/campaigns");
    assert_eq!(admin.status, 200);
    assert!(links(admin.text(), "/campaigns.csv").is_empty());
}

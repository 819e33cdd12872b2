//! The books by command: what was collected, handed over, passed on, written by hand, reported,
//! exported and closed.

use serde_json::Value;
use testkit::on_both;

use crate::office::Office;

on_both!(
    the_books_are_kept_by_command,
    what_the_books_refuse_changes_nothing,
);

/// December of co-op 01: a supporter and a gift to the campaign, closed, handed over, collected.
fn collected(office: &Office) {
    office.import_newsletter();
    let file = office.file("members.csv", "coop,member_number\n01,0000001\n");
    office.import("members", &file, &[]);
    let file = office.file(
        "pledges.csv",
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-12\n",
    );
    office.import("pledges", &file, &[]);
    let file = office.file(
        "applications.csv",
        "coop,member_number,order_number,units,received_on,channel\n\
         01,0000001,133540,4,2025-11-12,web\n",
    );
    office.import("applications", &file, &[]);
    let month = ["--coop", "01", "--month", "2025-12"];
    office.json(&[&["batch", "close"][..], &month].concat());
    let export = [
        &[
            "batch",
            "export",
            "--out",
            "12.csv",
            "--profile",
            "standard-utf8",
        ][..],
        &month,
    ];
    office.json(&export.concat());
    let batch = std::fs::read_to_string(office.folder.path().join("12.csv")).unwrap();
    let rows: String = batch
        .lines()
        .skip(1)
        .map(|line| {
            let key = line.rsplit(',').next().unwrap().trim_matches('"');
            format!("{key},0,2025-12-26\n")
        })
        .collect();
    let file = office.file("results.csv", format!("請求キー,結果コード,集金日\n{rows}"));
    let taken = office.json(&["results", "import", file.to_str().unwrap()]);
    assert_eq!(taken["collected"], 2, "{taken}");
}

fn balance(office: &Office, account: &str) -> Value {
    office.json(&["report", "ledger", "--account", account])["balance"].clone()
}

fn the_books_are_kept_by_command(office: Office) {
    collected(&office);
    let accounts = office.json(&["journal", "accounts"]);
    assert_eq!(accounts["accounts"][0]["account"], "1111");
    assert_eq!(balance(&office, "1131"), 2_600);

    let remittance = office.json(&[
        "remittance",
        "record",
        "--coop",
        "01",
        "--received-on",
        "2026-01-10",
        "--amount",
        "2270",
        "--fee",
        "330",
    ]);
    assert_eq!(
        (&remittance["due"], &remittance["difference"]),
        (&2_600.into(), &0.into())
    );
    assert_eq!(
        office.json(&["remittance", "list"])["remittances"][0],
        remittance
    );
    assert_eq!(balance(&office, "1121"), 2_270);
    assert_eq!(office.json(&["report", "receivables"])["due"], 0);

    let payable = office.json(&["report", "payables"]);
    assert_eq!(payable["payable"], 2_000, "{payable}");
    let payout = office.json(&[
        "payout",
        "record",
        "--campaign",
        "kosumosu-2025",
        "--paid-on",
        "2026-01-20",
        "--amount",
        "2000",
    ]);
    assert_eq!(office.json(&["payout", "list"])["payouts"][0], payout);
    let progress = office.json(&["campaign", "progress", "kosumosu-2025"]);
    let campaign = &progress["campaigns"][0];
    for stage in ["applied", "billed", "collected", "paid_out"] {
        assert_eq!(campaign[stage]["amount"], 2_000, "{campaign}");
        assert_eq!(campaign[stage]["percent"], "2.0", "{campaign}");
    }

    let posted = office.json(&[
        "journal",
        "post",
        "--date",
        "2026-01-25",
        "--description",
        "年会費",
        "--reason",
        "入金を確認",
        "--debit",
        "1121=10000",
        "--credit",
        "4111=10000",
    ]);
    let id = posted["entry_id"].to_string();
    assert_eq!(office.json(&["journal", "show", &id]), posted);
    let reversal = office.json(&[
        "journal",
        "reverse",
        &id,
        "--date",
        "2026-01-26",
        "--reason",
        "二重に記帳",
    ]);
    assert_eq!(reversal["reverses"], posted["entry_id"]);
    let list = office.json(&["journal", "list", "--source", "reversal"]);
    assert_eq!(list["entries"][0], reversal);

    let trial = office.json(&[
        "report",
        "trial-balance",
        "--by",
        "fund",
        "--to",
        "2026-03-31",
    ]);
    assert_eq!(trial["balance"], 0, "{trial}");
    let csv = office.run(&["report", "trial-balance", "--csv"]);
    assert_eq!(csv.status, 0, "{csv:?}");
    assert!(csv.out.starts_with("\u{feff}\"科目コード\""), "{}", csv.out);
    let funds = office.json(&["report", "funds"]);
    assert_eq!(funds["rows"][0]["fund"], "inclufund", "{funds}");

    office.json(&["period", "close", "--month", "2025-12"]);
    let year = office.json(&["period", "close", "--year", "2025"]);
    assert_eq!(year["surplus"], 600 - 330, "{year}");
    let periods = office.json(&["period", "list"]);
    assert_eq!(periods["periods"][0]["month"], "2026-03");
    let exported = office.json(&[
        "journal",
        "export",
        "--format",
        "hledger",
        "--out",
        "仕訳.journal",
    ]);
    let journal = std::fs::read_to_string(office.folder.path().join("仕訳.journal")).unwrap();
    let transactions = journal
        .lines()
        .filter(|line| line.starts_with("20"))
        .count();
    assert_eq!(exported["entries"], transactions);
    let verified = office.json(&["verify"]);
    assert_eq!(verified["ok"], true, "{verified}");
}

fn what_the_books_refuse_changes_nothing(office: Office) {
    collected(&office);
    let before = office.json(&["journal", "list"]);

    for (arguments, words) in [
        (
            &[
                "payout",
                "record",
                "--campaign",
                "kosumosu-2025",
                "--amount",
                "2001",
            ][..],
            "2,000円",
        ),
        (
            &[
                "payout",
                "record",
                "--campaign",
                "kosumosu-2025",
                "--amount",
                "1",
                "--returned",
            ],
            "0円",
        ),
        (
            &["remittance", "record", "--coop", "01", "--amount", "0"],
            "0円",
        ),
        (
            &[
                "remittance",
                "record",
                "--coop",
                "01",
                "--amount",
                "9",
                "--share",
                "99=9",
            ],
            "請求データ 99",
        ),
        (
            &[
                "journal",
                "post",
                "--description",
                "x",
                "--reason",
                "x",
                "--debit",
                "1121=9",
                "--credit",
                "1131=9",
            ],
            "1131",
        ),
        (
            &[
                "journal",
                "post",
                "--description",
                "x",
                "--reason",
                "x",
                "--debit",
                "1121=9",
                "--credit",
                "4111=8",
            ],
            "差額 1円",
        ),
        (
            &["journal", "reverse", "1", "--reason", "x"],
            "settlement reverse",
        ),
        (&["journal", "show", "99"], "仕訳 99"),
        (&["period", "close", "--year", "2098"], "2025年度"),
        (
            &["period", "close", "--month", "2026-03"],
            "2025年度の締めと一緒に",
        ),
        (
            &["period", "close", "--month", "2026-03"],
            "period close --year",
        ),
        (
            &["report", "ledger", "--account", "9999"],
            "journal accounts",
        ),
        (&["campaign", "progress", "nothing"], "nothing"),
    ] {
        let said = office.run(arguments);
        assert!(said.refused().contains(words), "{arguments:?}: {said:?}");
    }
    let usage = office.run(&["journal", "post", "--debit", "1121", "--credit", "4111=9"]);
    assert_eq!(usage.status, 2, "{usage:?}");

    assert_eq!(office.json(&["journal", "list"]), before);
}

//! R17 with the real program: what waits for a second person is decided by command, too.

use serde_json::{Value, json};
use testkit::on_both;

use crate::office::Office;
use crate::service::Service;

on_both!(
    what_was_entered_over_rest_is_decided_by_command,
    a_batch_is_approved_by_command,
    in_a_one_person_office_nothing_waits,
);

fn enter(service: &Service, amount: i64) -> (u16, Value) {
    let dues = json!({
        "description": "会員団体の年会費", "reason": "入金を確認",
        "lines": [{ "account": "1121", "debit": amount }, { "account": "4111", "credit": amount }],
    });
    let key = format!("dues-{amount}");
    let answer = service.post("/api/v1/journal-entries", &key, &dues);
    (answer.status, answer.good())
}

fn entries(office: &Office) -> usize {
    let entries = office.json(&["journal", "list"]);
    entries["entries"].as_array().unwrap().len()
}

fn what_was_entered_over_rest_is_decided_by_command(office: Office) {
    let service = Service::start(&office);
    let (status, first) = enter(&service, 10_000);
    let (_, second) = enter(&service, 20_000);
    assert_eq!((status, entries(&office)), (202, 0));
    let (first, second) = (
        first["pending_id"].to_string(),
        second["pending_id"].to_string(),
    );

    let listed = office.json(&["pending", "list"]);
    assert_eq!(listed["pending_actions"].as_array().map(Vec::len), Some(2));
    let shown = office.run(&["pending", "show", &first]).out;
    for words in [
        "手入力の仕訳",
        "user:office/test",
        "会員団体の年会費",
        "借方 1121 10,000円",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let approved = office.json(&["pending", "approve", &first]);
    let rejected = office.json(&["pending", "reject", &second, "--reason", "請求書待ち"]);

    assert_eq!(approved["ground"], "operator");
    assert_eq!(approved["decided_by"], "cli:office");
    assert_eq!(rejected["state"], "rejected");
    assert_eq!(entries(&office), 1);
    let again = office.run(&["pending", "approve", &first]);
    assert!(again.refused().contains("cli:office"), "{again:?}");
    assert_eq!(office.run(&["pending", "approve", "9"]).status, 1);
    let nothing = office.run(&["pending", "list"]).out;
    assert!(nothing.contains("承認待ちのものはありません"), "{nothing}");
    assert_eq!(office.json(&["verify"])["ok"], true);
}

fn a_batch_is_approved_by_command(office: Office) {
    office.import_newsletter();
    let file = office.file("members.csv", "coop,member_number\n01,0000001\n");
    office.import("members", &file, &[]);
    let file = office.file(
        "pledges.csv",
        "coop,member_number,fund,units,unit_price,from_month\n01,0000001,inclufund,2,300,2025-12\n",
    );
    office.import("pledges", &file, &[]);
    let closed = office.json(&["batch", "close", "--coop", "01", "--month", "2025-12"]);
    let batch = closed["batch_id"].to_string();

    let before = office.run(&["batch", "status"]).out;
    let approved = office.json(&["batch", "approve", &batch]);
    let after = office.run(&["batch", "status"]).out;
    let again = office.run(&["batch", "approve", &batch]);

    assert!(before.contains("未承認"), "{before}");
    assert_eq!(approved["ground"], "operator");
    assert!(after.contains("承認済み"), "{after}");
    assert!(again.refused().contains("cli:office"), "{again:?}");
    let service = Service::start(&office);
    let month = json!({ "coop": "01", "month": "2025-12" });
    let exported = service.post("/api/v1/batches/export", "export", &month);
    assert_eq!(exported.good()["amount"], 600);
    assert_eq!(office.json(&["verify"])["ok"], true);
}

fn in_a_one_person_office_nothing_waits(office: Office) {
    office.file("hitokuchi.toml", "one_person_office = true\n");
    let service = Service::start(&office);

    let (status, entry) = enter(&service, 10_000);

    assert_eq!(
        (status, &entry["posted_by"]),
        (200, &json!("user:office/test"))
    );
    assert_eq!(entries(&office), 1);
    let listed = office.json(&["pending", "list"]);
    assert_eq!(listed["pending_actions"], json!([]));
}

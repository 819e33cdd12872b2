//! R17 over REST: what one person of finance asks for waits at a place of its own until another says yes.

use serde_json::{Value, json};
use testkit::app::Person;
use testkit::http::Answer;
use testkit::{TestApp, on_both};

on_both!(
    an_entry_by_hand_waits_at_a_place_of_its_own,
    a_batch_is_exported_when_another_person_has_approved_it,
    deciding_is_asked_once_under_its_key,
);

fn dues(amount: i64) -> Value {
    json!({
        "description": "会員団体の年会費", "reason": "入金を確認",
        "lines": [{ "account": "1121", "debit": amount }, { "account": "4111", "credit": amount }],
    })
}

fn enter(person: &Person, key: &str, amount: i64) -> Answer {
    person.post("/api/v1/journal-entries", key, &dues(amount))
}

/// The place of what waits.
fn waits(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.header("location").to_owned()
}

fn entries(app: &TestApp) -> usize {
    let entries = app.get("/api/v1/journal-entries").good();
    entries["items"].as_array().unwrap().len()
}

fn an_entry_by_hand_waits_at_a_place_of_its_own(app: TestApp) {
    let aoki = app.person("aoki", "finance");
    let baba = app.person("baba", "finance");
    let clerk = app.person("chiba", "clerk");

    let entered = enter(&aoki, "1", 10_000);
    let place = waits(&entered);

    let waiting = aoki.get(&place).good();
    assert_eq!(waiting, entered.json());
    assert_eq!(waiting["operation"], "post_journal_entry");
    assert_eq!(waiting["request"]["date"], "2025-07-14", "the day is kept");
    assert_eq!(entries(&app), 0);
    let again = enter(&aoki, "2", 10_000).problem(409, "pending_already");
    assert_eq!(again["context"]["pending_id"], waiting["pending_id"]);

    let approve = format!("{place}/approve");
    let own = aoki.post(&approve, "3", &Value::Null);
    own.problem(409, "needs_second_person");
    let not_theirs = clerk.post(&approve, "3", &Value::Null);
    not_theirs.problem(403, "not_permitted");
    let none = baba.post("/api/v1/pending-actions/9/approve", "3", &Value::Null);
    none.problem(404, "pending_not_found");
    let approved = baba.post(&approve, "4", &Value::Null).good();

    assert_eq!(approved["state"], "approved");
    assert_eq!(approved["ground"], "second_person");
    let entry = format!("/api/v1/journal-entries/{}", approved["entry_id"]);
    assert_eq!(app.get(&entry).good()["posted_by"], "user:aoki/test");
    let late = baba.post(&format!("{place}/withdraw"), "5", &Value::Null);
    late.problem(409, "pending_already_decided");
}

fn a_batch_is_exported_when_another_person_has_approved_it(app: TestApp) {
    app.world.load_sample();
    app.world.set_today("2025-07-20");
    let aoki = app.person("aoki", "finance");
    let baba = app.person("baba", "finance");
    let month = json!({ "coop": "01", "month": "2025-08" });
    let closed = aoki.post("/api/v1/batches", "1", &month).good();
    let place = format!("/api/v1/batches/{}", closed["batch_id"]);
    let export = |key| aoki.post("/api/v1/batches/export", key, &month);
    let approve =
        |person: &Person, key| person.post(&format!("{place}/approve"), key, &Value::Null);

    let refused = export("2").problem(409, "batch_not_approved");
    assert_eq!(refused["context"]["batch_id"], closed["batch_id"]);
    approve(&aoki, "3").problem(409, "needs_second_person");
    let approved = approve(&baba, "4").good();
    approve(&baba, "5").problem(409, "batch_already_approved");

    assert_eq!(approved["approved_by"], "user:baba/test");
    assert_eq!(app.get(&place).good()["approval"], approved);
    // A refusal is not kept under its key: what was in the way is gone.
    assert_eq!(export("2").good()["amount"], closed["amount"]);
}

fn deciding_is_asked_once_under_its_key(app: TestApp) {
    let aoki = app.person("aoki", "finance");
    let baba = app.person("baba", "finance");
    let first = waits(&enter(&aoki, "1", 100));
    let second = waits(&enter(&aoki, "2", 200));
    let reject = |place: &str, key, reason: &str| {
        let body = json!({ "reason": reason });
        baba.post(&format!("{place}/reject"), key, &body)
    };

    reject(&first, "3", " ").problem(422, "reason_missing");
    reject(&first, "", "請求書待ち").problem(400, "idempotency_key_missing");
    let rejected = reject(&first, "3", "請求書待ち").good();
    assert_eq!(reject(&first, "3", "請求書待ち").good(), rejected);
    reject(&second, "3", "請求書待ち").problem(422, "idempotency_key_reused");
    let approve = |key| baba.post(&format!("{second}/approve"), key, &Value::Null);
    assert_eq!(approve("4").good(), approve("4").good());

    assert_eq!(entries(&app), 1);
    // What was entered gives the answer of the first time, whatever has become of it.
    assert_eq!(enter(&aoki, "2", 200).json()["state"], "pending");
}

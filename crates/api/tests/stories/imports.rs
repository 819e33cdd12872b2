//! A file is sent, and the caller asks how far it is.

use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use testkit::{TestApp, TestDatabase, World, fixtures, on_both};

on_both!(
    the_newsletters_facts_come_in_over_rest,
    a_file_with_bad_lines_is_refused_with_each_of_them,
    the_same_upload_under_one_key_is_one_import,
);

/// Asks until the import has ended.
pub fn ended(app: &TestApp, id: &Value) -> Value {
    let path = format!("/api/v1/imports/{}", id.as_str().expect("the import's id"));
    for _ in 0..6_000 {
        let job = app.get(&path).good();
        if job["state"] != "running" {
            return job;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("the import did not end");
}

/// Sends a file and waits for its import to be done.
pub fn import(app: &TestApp, parameters: &str, file: &[u8]) -> Value {
    let started = app.upload(&format!("/api/v1/imports?{parameters}"), file);
    assert_eq!(started.status, 202, "{}", started.text());
    let id = started.json()["id"].clone();
    assert_eq!(
        started.header("location"),
        format!("/api/v1/imports/{}", id.as_str().unwrap())
    );
    let job = ended(app, &id);
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

fn the_newsletters_facts_come_in_over_rest(app: TestApp) {
    for (table, file) in fixtures::NEWSLETTER {
        let imported = import(&app, &format!("table={table}"), &fixtures::bytes(file));
        assert!(imported["added"].as_u64() > Some(0), "{imported}");
    }

    let page = app.get("/api/v1/offerings?limit=3").good();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(3));
    let cursor = page["next_cursor"].as_str().expect("a next page");
    let rest = app
        .get(&format!("/api/v1/offerings?limit=3&cursor={cursor}"))
        .good();
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(1));
    assert!(rest.get("next_cursor").is_none(), "{rest}");

    let answer = app.get("/api/v1/order-numbers/108413?on=2025-07-16").good();
    assert_eq!(answer["found"], false);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("2025年11月3回")
    );
}

fn a_file_with_bad_lines_is_refused_with_each_of_them(app: TestApp) {
    let file = "企画回,ISO週,申込開始,申込終了,集金月\n\
                2025年7月4回,2025-W29,2025-07-14,2025-07-18,2025-13\n\
                2025年8月1回,2025-W32,2025-08-04,2025-02-31,2025-09\n";
    let started = app
        .upload(
            "/api/v1/imports?table=cycles&file=cycles.csv",
            file.as_bytes(),
        )
        .good();
    let job = ended(&app, &started["id"]);

    assert_eq!(job["state"], "refused", "{job}");
    assert_eq!(job["file"], "cycles.csv");
    let lines: Vec<_> = job["refusal"]["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["line"].clone())
        .collect();
    assert_eq!(lines, [2, 3], "{job}");
    assert_eq!(
        app.get("/api/v1/cycles").good()["items"],
        serde_json::json!([])
    );
}

fn the_same_upload_under_one_key_is_one_import(app: TestApp) {
    let file = fixtures::bytes("newsletter/funds.csv");
    let send = |file: &[u8]| {
        let headers = [("Content-Type", "text/csv"), ("Idempotency-Key", "funds-1")];
        app.raw("POST", "/api/v1/imports?table=funds", &headers, file)
    };
    let first = send(&file).good();
    let again = send(&file).good();
    assert_eq!(first["id"], again["id"]);
    ended(&app, &first["id"]);

    let other = send("基金コード,基金名\nx,y\n".as_bytes());
    other.problem(422, "idempotency_key_reused");
}

#[test]
fn a_file_over_the_limit_is_refused_before_it_is_read() {
    let settings = front::Settings {
        limits: front::Limits {
            upload_bytes_max: 1_000,
            ..front::Limits::default()
        },
        ..front::Settings::default()
    };
    let app = TestApp::over(World::from(TestDatabase::sqlite()), settings);
    let path = "/api/v1/imports?table=funds";

    app.upload(path, &[b'x'; 1_001])
        .problem(413, "body_too_large");
    let headers = [
        ("Content-Type", "text/csv"),
        ("Content-Length", "99999999999"),
    ];
    app.raw("POST", path, &headers, b"x")
        .problem(413, "body_too_large");
}

#[test]
fn what_is_not_sent_as_a_file_is_refused() {
    let app = TestApp::from(TestDatabase::sqlite());
    let path = "/api/v1/imports?table=funds";
    app.post(path, "", &serde_json::json!({}))
        .problem(415, "unsupported_media_type");
    app.upload("/api/v1/imports?table=nothing", b"x")
        .problem(400, "query_unreadable");
    app.upload("/api/v1/imports", b"x")
        .problem(400, "query_unreadable");
    app.get("/api/v1/imports/none")
        .problem(404, "import_not_found");
}

#[test]
fn an_import_whose_process_died_says_so_and_asks_for_the_file_again() {
    let app = TestApp::from(TestDatabase::sqlite());
    let request = ledger::StartImport {
        table: "funds".to_owned(),
        file: "funds.csv".to_owned(),
        sha256: "00".to_owned(),
        channel: None,
        received_on: None,
        coop: None,
    };
    app.world
        .ledger
        .start_import(
            &app.world.office(),
            &request,
            "job-of-the-dead",
            "another process",
        )
        .unwrap();
    let path = "/api/v1/imports/job-of-the-dead";
    assert_eq!(
        app.get(path).good()["state"],
        "running",
        "it may live still"
    );

    app.world.set_today("2025-07-15");

    let job = app.get(path).good();
    assert_eq!(job["state"], "failed");
    assert_eq!(job["refusal"]["code"], "import_interrupted");
    assert!(
        job["refusal"]["message"]
            .as_str()
            .unwrap()
            .contains("もう一度送ってください")
    );
}

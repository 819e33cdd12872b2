//! What a caller gets who sends a body that cannot be: each bad field by its JSON pointer, and
//! nothing is written.

use serde_json::{Value, json};
use testkit::http::{self, Answer};
use testkit::{TestApp, TestDatabase, World, fixtures};

const PATH: &str = "/api/v1/applications";

fn app() -> TestApp {
    let world = World::from(TestDatabase::sqlite());
    let call = world.office();
    for (table, file) in fixtures::NEWSLETTER.into_iter().chain(fixtures::SAMPLE) {
        let source = ledger::FileSource::new(&fixtures::path(file));
        world
            .ledger
            .import_reference(&call, table.parse().unwrap(), &source)
            .unwrap();
    }
    TestApp::over(world, front::Settings::default())
}

fn good() -> Value {
    json!({
        "coop": "01", "member_number": "0010762", "order_number": "164160", "units": 2,
        "received_on": "2025-07-16", "channel": "phone",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = good();
    body[name] = value;
    body
}

fn send(app: &TestApp, body: &[u8]) -> Answer {
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "k"),
    ];
    app.raw("POST", PATH, &headers, body)
}

fn applications(app: &TestApp) -> usize {
    app.get(PATH).good()["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let app = app();
    for body in ["", "{", "{\"coop\": }", "coop=01", "\u{feff}{}", "\0"] {
        send(&app, body.as_bytes()).problem(400, "json_unreadable");
    }
    let half_a_character = [&b"{\"coop\": \"\xe5\x8d"[..], b"\"}"].concat();
    send(&app, &half_a_character).problem(400, "json_unreadable");
    assert_eq!(applications(&app), 0);
}

#[test]
fn a_field_that_cannot_be_read_is_named() {
    let app = app();
    let mut missing = good();
    missing.as_object_mut().unwrap().remove("coop");
    let cases = [
        (
            with("unit", json!(1)),
            "unit",
            "「unit」という項目はありません",
        ),
        (with("units", json!("2")), "units", "整数"),
        (with("units", json!(2.5)), "units", "整数"),
        (with("coop", json!(1)), "coop", "読めません"),
        (missing, "", "「coop」がありません"),
        (json!(["01", "0010762"]), "", "オブジェクト"),
    ];
    for (body, pointer, words) in cases {
        let problem = send(&app, body.to_string().as_bytes()).problem(422, "field_unreadable");
        let place = &problem["problems"][0];
        assert!(
            place["detail"].as_str().unwrap().contains(words),
            "{problem}"
        );
        if !pointer.is_empty() {
            assert_eq!(place["pointer"], format!("/{pointer}"), "{problem}");
        }
    }
    assert_eq!(applications(&app), 0);
}

#[test]
fn a_value_that_is_not_what_it_has_to_be_is_refused_by_its_pointer() {
    let app = app();
    let cases = [
        ("units", json!(0)),
        ("units", json!(100)),
        ("units", json!(-1)),
        ("units", json!(i64::MAX)),
        ("received_on", json!("2025-13-01")),
        ("received_on", json!("2025-02-31")),
        ("received_on", json!("9999-01-01")),
        ("order_number", json!("12345")),
        ("order_number", json!("一二三四五六")),
        ("member_number", json!("-1")),
        ("member_number", json!("")),
        ("channel", json!("fax")),
        ("channel", json!("member_change")),
        ("coop", json!("99")),
    ];
    for (name, value) in cases {
        let answer = send(&app, with(name, value.clone()).to_string().as_bytes());
        assert!(
            [404, 422].contains(&answer.status),
            "{name} {value}: {}",
            answer.text()
        );
        if answer.status == 422 {
            let problem = answer.json();
            assert_eq!(
                problem["problems"][0]["pointer"],
                format!("/{name}"),
                "{problem}"
            );
        }
    }
    assert_eq!(applications(&app), 0);

    let full_width = with("order_number", json!("１６４１６０"));
    let recorded = send(&app, full_width.to_string().as_bytes()).good();
    assert_eq!(recorded["order_number"], "164160");
    assert_eq!(recorded["state"], "posted");
}

#[test]
fn a_body_over_the_limit_is_refused_whether_it_says_so_or_not() {
    let app = app();
    let long = with("note", json!("あ".repeat(100_000)));
    send(&app, long.to_string().as_bytes()).problem(413, "body_too_large");
    let chunk = "x".repeat(0x10000);
    let mut chunked = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIdempotency-Key: k\r\n\
         Authorization: Bearer {}\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        app.office.token
    );
    for _ in 0..5 {
        chunked.push_str(&format!("10000\r\n{chunk}\r\n"));
    }
    chunked.push_str("0\r\n\r\n");
    http::send_bytes(app.address, chunked.as_bytes()).problem(413, "body_too_large");
}

#[test]
fn another_content_type_is_refused() {
    let app = app();
    let body = good().to_string();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
    ] {
        let headers = [("Content-Type", content_type), ("Idempotency-Key", "k")];
        app.raw("POST", PATH, &headers, body.as_bytes())
            .problem(415, "unsupported_media_type");
    }
    let headers = [
        ("Content-Type", "application/json; charset=utf-8"),
        ("Idempotency-Key", "k"),
    ];
    app.raw("POST", PATH, &headers, body.as_bytes()).good();
}

#[test]
fn what_moves_money_needs_a_key_that_can_be_read() {
    let app = app();
    let document = serde_json::to_value(api::document()).unwrap();
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(parameters) = item["post"]["parameters"].as_array() else {
            continue;
        };
        let is_required = |p: &Value| p["name"] == "Idempotency-Key" && p["required"] == true;
        if !parameters.iter().any(is_required) {
            continue;
        }
        let path = path.replace("{coop}", "01").replace("{number}", "0010106");
        let path = path.replace("{id}", "1").replace("{fund}", "inclufund");
        let problem = app
            .post(&path, "", &json!({}))
            .problem(400, "idempotency_key_missing");
        assert_eq!(
            problem["problems"][0]["parameter"], "Idempotency-Key",
            "{path}"
        );
        asked += 1;
    }
    assert!(asked > 10, "only {asked} operations need a key");
    let long = "k".repeat(201);
    app.post(PATH, &long, &good())
        .problem(400, "idempotency_key");
}

#[test]
fn the_same_key_with_another_body_is_refused_and_with_the_same_gives_the_same() {
    let app = app();
    let first = app.post(PATH, "form-1", &good()).good();
    assert_eq!(app.post(PATH, "form-1", &good()).good(), first);
    app.post(PATH, "form-1", &with("units", json!(3)))
        .problem(422, "idempotency_key_reused");
    assert_eq!(applications(&app), 1);
}

#[test]
fn the_same_key_while_the_first_is_under_way_counts_once() {
    let app = app();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| app.post(PATH, "form-2", &good()).good()))
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert_eq!(applications(&app), 1);
}

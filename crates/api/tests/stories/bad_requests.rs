//! What a caller gets who sends what cannot be: always problem+json, with a code, and never a 5xx.

use serde_json::json;
use testkit::{TestApp, TestDatabase, http};

fn app() -> TestApp {
    TestApp::from(TestDatabase::sqlite())
}

#[test]
fn a_path_that_is_not_there_is_said_to_be_missing() {
    let app = app();
    for path in [
        "/api",
        "/api/v1/batch",
        "/api/v1/members/",
        "/api/v2/batches",
    ] {
        app.get(path).problem(404, "path_not_found");
    }
    // What is not the API's is a page's.
    let page = app.get("/%E3%81%82");
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("path_not_found"), "{}", page.text());
}

#[test]
fn the_top_leads_to_the_page_to_sign_in() {
    let answer = app().get("/");
    assert_eq!(answer.status, 303);
    assert_eq!(answer.header("location"), "/sign-in");
}

#[test]
fn a_path_with_a_part_that_cannot_be_read_is_no_question() {
    let app = app();
    for path in [
        "/api/v1/batches/first",
        "/api/v1/members/01/!!",
        "/api/v1/members/01/!!/pledges",
        "/api/v1/members/01/!!/pledges/inclufund",
        "/api/v1/members/01/0010106/pledges/!!",
        "/api/v1/members/!!/0010106/pledges",
        "/api/v1/members/01/0010106/amounts/2025-13",
    ] {
        app.get(path).problem(400, "path_unreadable");
    }
}

#[test]
fn a_method_that_a_path_does_not_know_is_told_which_ones_it_does() {
    let app = app();
    let answer = app.send("DELETE", "/api/v1/cooperatives", "", &json!({}));
    answer.problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET");
}

#[test]
fn a_query_that_cannot_be_read_names_the_parameter() {
    let app = app();
    let cases = [
        ("/api/v1/funds?limit=many", "limit"),
        ("/api/v1/funds?limit=-1", "limit"),
        ("/api/v1/funds?limit=99999999999999999999", "limit"),
        ("/api/v1/funds?page=2", "page"),
        ("/api/v1/funds?limit=1&limit=2", "limit"),
        ("/api/v1/order-numbers/108413?on=2025-02-31", "on"),
        ("/api/v1/order-numbers/108413?on=9999-01-01", "on"),
        ("/api/v1/order-numbers/108413?channel=fax", "channel"),
        ("/api/v1/imports/1?x=1", ""),
    ];
    for (path, parameter) in cases {
        let answer = app.get(path);
        if parameter.is_empty() {
            answer.problem(404, "import_not_found");
            continue;
        }
        let problem = answer.problem(400, "query_unreadable");
        assert_eq!(
            problem["problems"][0]["parameter"], parameter,
            "{path}: {problem}"
        );
    }
}

#[test]
fn a_number_of_rows_outside_the_bounds_is_refused() {
    let app = app();
    for limit in ["0", "501"] {
        app.get(&format!("/api/v1/funds?limit={limit}"))
            .problem(422, "limit_out_of_range");
    }
}

#[test]
fn a_made_up_cursor_is_refused() {
    let app = app();
    for cursor in ["abc", "00", "zz", "66756e64733a78", "%FF%FE", "637963"] {
        app.get(&format!("/api/v1/funds?cursor={cursor}"))
            .problem(422, "cursor_unreadable");
    }
}

#[test]
fn an_order_number_that_is_no_number_is_refused_with_the_way_to_write_it() {
    let app = app();
    for number in [
        "12345",
        "1234567",
        "abcdef",
        "%E4%B8%80%E4%BA%8C%E4%B8%89%E5%9B%9B%E4%BA%94%E5%85%AD",
    ] {
        let problem = app
            .get(&format!("/api/v1/order-numbers/{number}"))
            .problem(422, "order_number_unreadable");
        assert!(
            problem["detail"].as_str().unwrap().contains("164151"),
            "{problem}"
        );
    }
}

#[test]
fn what_is_no_http_is_refused_and_the_service_lives_on() {
    let app = app();
    let answer = http::send_bytes(app.address, b"\x16\x03\x01 nonsense\r\n\r\n");
    assert_eq!(answer.status, 400);
    app.get("/healthz").good();
}

#[test]
fn every_answer_has_an_id_to_ask_about_it() {
    let app = app();
    let headers = [("X-Request-Id", "desk-7.42")];
    let answer = http::send(app.address, "GET", "/healthz", &headers, &[]);
    assert_eq!(answer.header("x-request-id"), "desk-7.42");

    let long = "x".repeat(65);
    let headers = [("X-Request-Id", long.as_str())];
    let answer = http::send(app.address, "GET", "/nowhere", &headers, &[]);
    assert_eq!(
        answer.header("x-request-id").len(),
        36,
        "an id of the service's own"
    );
}

#[test]
fn the_counts_name_operations_and_statuses_and_nobody() {
    let app = app();
    app.get("/api/v1/order-numbers/108413");
    app.get("/api/v1/nobody/0010106");
    let counts = app.get("/metrics");
    let text = counts.text();
    assert!(
        text.contains(
            r#"hitokuchi_requests_total{operation="look_up_order_number",status="200"} 1"#
        ),
        "{text}"
    );
    assert!(
        text.contains(r#"hitokuchi_requests_total{operation="unknown",status="404"} 1"#),
        "{text}"
    );
    assert!(!text.contains("0010106"), "{text}");
}

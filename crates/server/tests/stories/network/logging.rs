//! The log says what was asked and how it went, and nothing about anybody.

use serde_json::json;
use testkit::people::{OFFICE, token_of};
use testkit::{TestDatabase, fixtures, http, on_both};

use crate::office::Office;
use crate::service::Service;

on_both!(nothing_that_was_sent_about_a_person_is_in_the_log);

const NUMBER: &str = "0010106";
const NAME: &str = "見本 あおい";
const NOTE: &str = "玄関先で受け取り希望";

fn nothing_that_was_sent_about_a_person_is_in_the_log(office: Office) {
    office.import_newsletter();
    let service = Service::start_with(&office, &[("LOG", "debug")]);
    let named = "/api/v1/imports?table=members&file=%E3%81%82%E3%81%8A%E3%81%84.csv";
    service
        .upload(named, &fixtures::bytes("sample/members.csv"))
        .good();
    let wrong =
        format!("単協コード,組合員番号,氏名,フリガナ,班・個別・デポー\n99,{NUMBER},{NAME},x,zzz\n");
    service.upload("/api/v1/imports?table=members", wrong.as_bytes());
    for path in [
        format!("/api/v1/members/01/{NUMBER}"),
        format!("/api/v1/members/01/{NUMBER}/pledges"),
        format!("/api/v1/members/01/{NUMBER}/amounts/2025-12"),
        format!("/api/v1/members/01/{NUMBER}/amounts/never"),
        format!("/api/v1/applications?coop=01&member_number={NUMBER}"),
        format!("/api/v1/charges?coop=01&member_number={NUMBER}"),
        format!("/api/v1/nobody/{NUMBER}"),
        format!("/{NUMBER}/{}", "x".repeat(9_000)),
    ] {
        service.get(&path);
    }
    let body = json!({
        "coop": "01", "member_number": NUMBER, "order_number": "164160", "units": 1,
        "received_on": "2025-07-16", "channel": "phone", "note": NOTE,
    });
    service.post("/api/v1/applications", "k", &body);
    let mut wrong = body.clone();
    wrong["units"] = json!(NUMBER);
    service.post("/api/v1/applications", "l", &wrong);
    let secret = token_of("nobody-whom-we-know");
    for shown in [
        ("Authorization", format!("Bearer {secret}")),
        ("Authorization", format!("Basic {secret}")),
        ("Cookie", format!("hitokuchi_session={secret}")),
    ] {
        let headers = [
            (shown.0, shown.1.as_str()),
            ("X-Forwarded-For", "198.51.100.77"),
        ];
        http::send(service.address, "GET", "/api/v1/funds", &headers, &[]);
    }
    http::send_bytes(
        service.address,
        format!("GET /{NUMBER} {NAME}\r\n\r\n").as_bytes(),
    );

    let words = [
        NUMBER,
        NAME,
        "あおい",
        NOTE,
        "198.51.100.77",
        &secret,
        &token_of(OFFICE.0),
    ];
    service.assert_log_has_none_of(&words.map(str::to_owned));
    let log = service.log();
    assert!(log.contains("\"operation\":\"find_member\""), "{log}");
    assert!(
        log.contains("\"route\":\"/api/v1/members/{coop}/{number}\""),
        "{log}"
    );
}

#[test]
fn what_goes_wrong_within_a_request_is_logged_under_its_id() {
    let office = Office::from(TestDatabase::sqlite());
    // A file stands where the folder of uploads would be made.
    let blocked = office.file("uploads", "");
    let folder = blocked.join("within");
    let settings = [("UPLOAD_FOLDER", folder.to_str().unwrap())];
    let service = Service::start_with(&office, &settings);
    let headers = [("Content-Type", "text/csv"), ("X-Request-Id", "desk-7")];
    let path = "/api/v1/imports?table=funds";
    let answer = service.raw(OFFICE.0, "POST", path, &headers, b"x");
    answer.problem(507, "disk");
    let log = service.log();
    let errors: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("\"ERROR\""))
        .collect();
    assert_eq!(errors.len(), 1, "{log}");
    assert!(errors[0].contains("desk-7"), "{log}");
}

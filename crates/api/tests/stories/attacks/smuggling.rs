//! Requests that a proxy in front might read otherwise than the service: where a request ends must
//! never be a matter of taste.

use testkit::http;

use super::app;

/// A second request, hidden in what one reader takes for the body of the first.
const HIDDEN: &str = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn a_request_whose_end_can_be_read_in_two_ways_is_refused_and_the_connection_closed() {
    let app = app();
    let post = format!(
        "POST /api/v1/applications HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
         Idempotency-Key: k\r\nAuthorization: Bearer {}\r\n",
        app.office.token
    );
    let length = HIDDEN.len();
    let cases = [
        // Length and chunks, in either order.
        format!("{post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"),
        format!(
            "{post}Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n\r\n0\r\n\r\n{HIDDEN}"
        ),
        // Two lengths, also where they agree; a list of them; one with a sign.
        format!("{post}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: 0, {length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: +{length}\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: 0x10\r\n\r\n{HIDDEN}"),
        format!("{post}Content-Length: -1\r\n\r\n{HIDDEN}"),
        // Other codings than chunked, and two of them.
        format!("{post}Transfer-Encoding: gzip\r\n\r\n{HIDDEN}"),
        format!("{post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{HIDDEN}"),
        format!(
            "{post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{HIDDEN}"
        ),
        // A name with a blank before its colon, a header that goes on in the next line.
        format!("{post}Content-Length : {length}\r\n\r\n{HIDDEN}"),
        format!("{post}X-Folded: a\r\n Content-Length: {length}\r\n\r\n{HIDDEN}"),
        // Chunks in HTTP/1.0, which knows none.
        format!(
            "POST /api/v1/applications HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"
        ),
        // Two hosts, none.
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n{HIDDEN}"),
        format!("GET /healthz HTTP/1.1\r\n\r\n{HIDDEN}"),
        // A chunk whose length is none, or past all numbers.
        format!("{post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{HIDDEN}"),
        format!("{post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{HIDDEN}"),
    ];
    for case in cases {
        let answer = http::send_bytes(app.address, case.as_bytes());
        assert_eq!(answer.status, 400, "{case}: {}", answer.text());
        let rest = answer.text();
        assert!(
            !rest.contains("HTTP/1.1"),
            "the hidden one was answered: {case}: {rest}"
        );
    }
    let counts = app.get("/metrics");
    let metrics = r#"operation="show_metrics""#;
    assert!(
        !counts.text().contains(metrics),
        "a hidden request ran: {}",
        counts.text()
    );
}

#[test]
fn two_requests_in_one_breath_are_two_answers() {
    let app = app();
    let both = format!(
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n{}",
        HIDDEN.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    );
    let answer = http::send_bytes(app.address, both.as_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.text().matches("HTTP/1.1 200").count(),
        1,
        "the other one, in what follows"
    );
}

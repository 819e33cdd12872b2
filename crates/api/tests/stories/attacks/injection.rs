//! Line ends where they would begin a header of the sender's own, and paths that lead elsewhere.

use testkit::http::{self, Answer};

use super::{app, ask};

/// Sends a request's head as it is.
fn head(address: std::net::SocketAddr, lines: &str) -> Answer {
    let head = format!("{lines}\r\nHost: x\r\nConnection: close\r\n\r\n");
    http::send_bytes(address, head.as_bytes())
}

#[track_caller]
fn assert_not_injected(answer: &Answer) {
    for (name, value) in &answer.headers {
        assert!(
            name != "x-injected" && name != "set-cookie",
            "{name}: {value}"
        );
    }
}

#[test]
fn an_id_of_a_request_brings_no_header_of_its_own() {
    let app = app();
    for id in [
        "a%0d%0aX-Injected:%201",
        "a b",
        "a\tb",
        "一",
        "\"><script>",
        "a\u{0}b",
    ] {
        let answer = ask(&app, &[("X-Request-Id", id)]);
        assert_not_injected(&answer);
        let given = answer.header("x-request-id");
        let is_plain = id.bytes().all(|byte| byte.is_ascii_graphic());
        assert!(
            given == id || answer.status == 400 || (!is_plain && given.len() == 36),
            "{id}: {given}"
        );
    }
    // Real line ends end the header that they stand in: it is the sender's own request.
    for ends in ["\r\n", "\n", "\r"] {
        let id = format!("a{ends}X-Injected: 1");
        let answer = ask(&app, &[("X-Request-Id", &id)]);
        assert_not_injected(&answer);
    }
}

#[test]
fn line_ends_in_a_path_or_query_come_back_in_no_header() {
    let app = app();
    for path in [
        "/nowhere%0d%0aX-Injected:%201",
        "/%0d%0aSet-Cookie:%20a=1",
        "/api/v1/reports/trial-balance%0d%0aX-Injected:%201/csv",
        "/api/v1/reports/trial-balance/csv?fiscal_year=2025%0d%0aX-Injected:%201",
        "/api/v1/batches/1/file?profile=standard%0d%0aX-Injected:%201",
        "/api/v1/funds?limit=1%0d%0aX-Injected:%201",
        "/api/v1/imports?table=fundz&file=a%0d%0aX-Injected:%201",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = http::send(app.address, method, path, &[], &[]);
            assert!(
                (400..500).contains(&answer.status),
                "{method} {path}: {}",
                answer.status
            );
            assert_not_injected(&answer);
        }
    }
}

#[test]
fn a_path_leads_to_operations_and_never_to_files() {
    let app = app();
    for path in [
        "/../../etc/passwd",
        "/api/docs/../../../etc/passwd",
        "/api/docs/..%2f..%2f..%2fetc%2fpasswd",
        "/api/docs/%2e%2e/%2e%2e/etc/passwd",
        "/api/docs/..\\..\\etc\\passwd",
        "/api/docs//etc/passwd",
        "/api/v1/reports/..%2f..%2fetc%2fpasswd/csv",
        "/api/v1/batches/..%2f1/file",
        "/api/v1/batches/1/file?profile=..%2f..%2fetc%2fpasswd",
        "/api/v1/imports/..%2f..%2fetc%2fpasswd",
        "/api/v1/members/..%2f01/0010106",
    ] {
        let answer = head(app.address, &format!("GET {path} HTTP/1.1"));
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("root:"), "{path}");
    }
}

#[test]
fn a_file_is_kept_where_the_service_keeps_files_whatever_its_sender_calls_it() {
    let app = app();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("written.csv");
    let name = target.to_str().unwrap().replace('/', "%2f");
    let taken = app.upload(
        &format!("/api/v1/imports?table=funds&file=..%2f..%2f..%2f{name}"),
        b"fund,name\nx,y\n",
    );
    assert_eq!(
        taken.status,
        202,
        "a name is words about a file: {}",
        taken.text()
    );
    for path in [
        format!("/api/v1/imports?table={name}"),
        format!("/api/v1/imports/{name}"),
    ] {
        let answer = app.upload(&path, b"fund,name\nx,y\n");
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.status
        );
    }
    assert!(!target.exists());
}

//! Counts and health at an address of their own.

use testkit::http;

use super::office;
use crate::service::Service;

const WATCHED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

#[test]
fn what_watches_over_the_service_may_have_an_address_of_its_own() {
    let office = office();
    let service = Service::start_with(&office, &[("METRICS_LISTEN", "127.0.0.1:0")]);
    let watch = service.metrics_address.unwrap();
    assert_ne!(watch, service.address);
    for path in WATCHED {
        service.get(path).problem(404, "path_not_found");
        let answer = http::send(watch, "GET", path, &[], &[]);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for path in ["/", "/api/docs", "/api/openapi.json", "/api/v1/funds"] {
        http::send(watch, "GET", path, &[], &[]).problem(404, "path_not_found");
    }
    service.get("/api/openapi.json").good();
    let counts = http::send(watch, "GET", "/metrics", &[], &[]);
    assert!(
        counts.text().contains("hitokuchi_requests_total"),
        "{}",
        counts.text()
    );
}

#[test]
fn without_one_they_are_where_everything_is() {
    let office = office();
    let service = Service::start(&office);
    assert_eq!(service.metrics_address, None);
    for path in WATCHED {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
}

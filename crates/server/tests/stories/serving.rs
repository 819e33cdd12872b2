//! The service starts on good settings only, and stops when it has done what it took in.

use serde_json::json;
use testkit::{TestDatabase, fixtures, on_both};

use crate::office::Office;
use crate::service::Service;

on_both!(a_service_that_is_stopped_finishes_what_it_took_in);

fn a_service_that_is_stopped_finishes_what_it_took_in(office: Office) {
    for signal in ["-TERM", "-INT"] {
        let service = Service::start(&office);
        let path = "/api/v1/imports?table=cooperatives";
        let started = service
            .upload(path, &fixtures::bytes("newsletter/cooperatives.csv"))
            .good();

        let stopped = service.stop(signal);

        assert_eq!(stopped.status.code(), Some(0), "{stopped:?}");
        let service = Service::start(&office);
        let job = service
            .get(&format!(
                "/api/v1/imports/{}",
                started["id"].as_str().unwrap()
            ))
            .good();
        assert_eq!(job["state"], "done", "{job}");
        let coops = service.get("/api/v1/cooperatives").good();
        assert_eq!(coops["items"].as_array().map(Vec::len), Some(5));
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let office = Office::from(TestDatabase::sqlite());
    let taken = Service::start(&office);
    let address = taken.address.to_string();
    let said = office.run(&["serve", "--listen", &address]);
    assert!(said.refused().contains(&address), "{said:?}");
}

#[test]
fn a_service_does_not_start_where_its_database_has_vanished() {
    let office = Office::from(TestDatabase::sqlite());
    office.import_newsletter();
    let file = office.database.folder().unwrap().join("hitokuchi.db");
    for name in ["hitokuchi.db", "hitokuchi.db-wal", "hitokuchi.db-shm"] {
        let file = file.with_file_name(name);
        if file.exists() {
            std::fs::remove_file(file).unwrap();
        }
    }

    let said = office.run(&["serve", "--listen", "127.0.0.1:0"]);

    assert!(said.refused().contains("バックアップ"), "{said:?}");
    assert!(!file.exists());
}

#[test]
fn the_service_says_where_to_look_and_what_to_try() {
    let office = Office::from(TestDatabase::sqlite());
    let service = Service::start(&office);
    let page = service.get("/api/docs");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let key = "a-key-of-the-story";
    let refused = service.post(
        "/api/v1/batches",
        key,
        &json!({ "coop": "01", "month": "2025-08" }),
    );
    refused.problem(404, "cooperative_not_found");
}

//! R17: the operator of the machine invites people, changes what they may do, and makes tokens.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;
use testkit::{TestDatabase, http, on_both};

use crate::office::Office;
use crate::service::Service;

on_both!(
    r17_people_are_managed_by_command,
    r17_a_token_made_by_command_opens_the_service_until_it_is_revoked,
);

fn r17_people_are_managed_by_command(office: Office) {
    office.import_newsletter();
    let invited = office.run(&[
        "user",
        "add",
        "aoki",
        "--role",
        "clerk",
        "--role",
        "finance",
        "--display-name",
        "見本 青木",
    ]);
    assert_eq!(invited.status, 0, "{invited:?}");
    assert!(
        invited
            .out
            .contains("http://127.0.0.1:8080/invitation#hkl_"),
        "{invited:?}"
    );
    let organization = [
        "user",
        "add",
        "dantai",
        "--role",
        "organization",
        "--organization",
        "kosumosu",
    ];
    let bound = office.json(&organization);
    assert_eq!(bound["organization"], "kosumosu");
    assert_eq!(bound["state"], "invited");

    let people = office.json(&["user", "list"])["people"].clone();
    assert_eq!(people.as_array().map(Vec::len), Some(2), "{people}");
    assert_eq!(people[0]["name"], "aoki");
    assert_eq!(people[0]["roles"], serde_json::json!(["clerk", "finance"]));
    assert_eq!(people[0]["invited_by"], "cli:office");
    assert!(!people.to_string().contains("hkl_"), "{people}");
    let told = office.run(&["user", "list"]).out;
    assert!(told.contains("事務局・経理  招待中  見本 青木"), "{told}");

    let changed = office.json(&["user", "roles", "aoki", "--role", "auditor"]);
    assert_eq!(changed["roles"], serde_json::json!(["auditor"]));
    assert_eq!(
        office.json(&["user", "disable", "aoki"])["state"],
        "disabled"
    );
    let refused = office.run(&["user", "reset", "aoki"]);
    assert!(
        refused.refused().contains("止められています"),
        "{refused:?}"
    );
    let enabled = office.run(&["user", "enable", "aoki"]);
    assert!(enabled.out.contains("user reset aoki"), "{enabled:?}");
    let again = office.json(&["user", "reset", "aoki"]);
    assert!(again["link"].as_str().is_some(), "{again}");

    let taken = office.run(&["user", "add", "aoki", "--role", "clerk"]);
    assert!(taken.refused().contains("もう使われています"), "{taken:?}");
    let unknown = office.run(&["user", "add", "baba", "--role", "boss"]);
    assert_eq!(unknown.status, 2, "{unknown:?}");
    assert!(unknown.err.contains("clerk（事務局）"), "{unknown:?}");
    assert_eq!(office.json(&["verify"])["ok"], true);
}

fn r17_a_token_made_by_command_opens_the_service_until_it_is_revoked(office: Office) {
    let service = Service::start(&office);
    office.json(&["user", "add", "aoki", "--role", "clerk"]);
    let add = |name: &str, role: &str, scope: &str| {
        let words = [
            "token", "add", "aoki", name, "--role", role, "--scope", scope,
        ];
        office.run(&[&words[..], &["--json"]].concat())
    };
    let made = add("nightly", "clerk", "reference:read").json();
    let secret = made["secret"].as_str().unwrap();
    let bearer = format!("Bearer {secret}");
    let headers = [("Authorization", bearer.as_str())];
    let get = |path: &str| http::send(service.address, "GET", path, &headers, &[]);

    get("/api/v1/cooperatives").good();
    get("/api/v1/holds").problem(403, "outside_scope");
    let listed = office.json(&["token", "list", "aoki"]);
    assert_eq!(listed["tokens"][0]["name"], "nightly");
    assert!(listed["tokens"][0]["last_used_at"].is_string(), "{listed}");
    assert!(!listed.to_string().contains(secret), "{listed}");

    for (name, role, scope, status, words) in [
        ("nightly", "clerk", "all", 1, "もうあります"),
        ("another", "finance", "all", 1, "その中から"),
        ("another", "clerk", "money", 1, "範囲「money」はありません"),
        ("Another", "clerk", "all", 1, "英小文字"),
        ("another", "boss", "all", 2, "はありません"),
    ] {
        let refused = add(name, role, scope);
        assert_eq!(refused.status, status, "{refused:?}");
        assert!(refused.err.contains(words), "{refused:?}");
    }

    office.json(&["token", "revoke", "aoki", "nightly"]);
    get("/api/v1/cooperatives").problem(401, "token_refused");
}

/// Starts the service, reads what it says first, and stops it.
fn greeting(office: &Office) -> Value {
    let mut command = office.command(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let mut child = command
        .env("HITOKUCHI_PUBLIC_URL", "https://hitokuchi.example.jp")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    serde_json::from_str(&line).unwrap()
}

#[test]
fn r17_a_service_that_nobody_can_administer_shows_a_link_once() {
    let office = Office::from(TestDatabase::sqlite());

    let first = greeting(&office)["first_admin"].clone();

    assert_eq!(first["name"], "admin");
    let link = first["link"].as_str().unwrap();
    assert!(
        link.starts_with("https://hitokuchi.example.jp/invitation#hkl_"),
        "{link}"
    );
    let again = greeting(&office)["first_admin"].clone();
    assert_eq!(again["name"], "admin");
    assert_eq!(again["link"], Value::Null);
    let reset = office.json(&["user", "reset", "admin"]);
    assert_ne!(reset["link"], link);
    let people = office.json(&["user", "list"])["people"].clone();
    assert_eq!(people.as_array().map(Vec::len), Some(1), "{people}");
}

//! One story that asks for every operation. What it sent and got is what the document shows as
//! examples: `crates/api/src/openapi_examples.json`. After a change that is meant, write them anew with
//! `UPDATE_EXAMPLES=1 cargo test -p hitokuchi-api every_operation_is_asked_for`.

use std::collections::BTreeMap;
use std::path::Path;

use domain::Clock;
use ledger::BytesSource;
use ledger::credentials::TotpKey;
use ledger::settlement::ImportResults;
use serde_json::{Value, json};
use testkit::app::Person;
use testkit::http::{self, Answer};
use testkit::{TestApp, TestDatabase, fixtures, people};

use crate::imports::ended;

/// Stands in the document for the random name of an import.
const IMPORT_ID: &str = "0b9e2a4c-6f3d-4a51-9c70-2f5d8e1b7a63";

/// The storyteller: asks, and keeps the first request and answer of each operation.
struct Tale {
    app: TestApp,
    /// Who approves what the office did.
    second: Person,
    kept: BTreeMap<String, Value>,
    keys: u32,
}

impl Tale {
    fn get(&mut self, operation: &str, path: &str) -> Value {
        let answer = self.app.get(path);
        self.keep(operation, "get", path, None, &answer)
    }

    fn send(&mut self, operation: &str, method: &str, path: &str, body: Value) -> Value {
        self.send_as(&self.app.office.clone(), operation, method, path, body)
    }

    fn post(&mut self, operation: &str, path: &str, body: Value) -> Value {
        self.send(operation, "POST", path, body)
    }

    fn send_as(
        &mut self,
        who: &Person,
        operation: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Value {
        self.keys += 1;
        let key = format!("tale-{}", self.keys);
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key.as_str()),
        ];
        let text = body.to_string();
        let answer = who.raw(method, path, &headers, text.as_bytes());
        let body = Some(body).filter(|body| !body.is_null());
        self.keep(operation, &method.to_lowercase(), path, body, &answer)
    }

    /// Asks for something that waits for a second person, who approves it.
    fn post_approved(&mut self, operation: &str, path: &str, body: Value) -> Value {
        let waiting = self.post(operation, path, body);
        assert_eq!(waiting["state"], "pending", "{waiting}");
        let path = format!("/api/v1/pending-actions/{}/approve", waiting["pending_id"]);
        self.post_as_second("approve_pending_action", &path)
    }

    fn post_as_second(&mut self, operation: &str, path: &str) -> Value {
        self.send_as(&self.second.clone(), operation, "POST", path, Value::Null)
    }

    /// Keeps an answer, having made sure that it is a good one of that operation.
    fn keep(
        &mut self,
        operation: &str,
        method: &str,
        path: &str,
        request: Option<Value>,
        answer: &Answer,
    ) -> Value {
        assert!(answer.status < 300, "{operation}: {}", answer.text());
        let document = serde_json::to_value(api::document()).unwrap();
        let path = path.split('?').next().unwrap();
        assert!(
            is_operation(&document, operation, method, path),
            "{method} {path} is not {operation}"
        );
        let content = if answer.header("content-type") == "application/json" {
            answer.json()
        } else {
            Value::String(answer.text().to_owned())
        };
        let mut example = json!({ "answer": without_link(content.clone()) });
        if let Some(request) = request {
            example["request"] = request;
        }
        if answer.status != 200 {
            example["status"] = json!(answer.status);
        }
        for side in ["request", "answer"] {
            if let Some(side) = example.get_mut(side) {
                show_two_heads(side);
            }
        }
        if operation.starts_with("verify_") {
            // What there is to check grows; two of them show the form.
            let checks = example["answer"]["checks"].as_array_mut().unwrap();
            checks.truncate(2);
        }
        show_one_event(operation, &mut example["answer"]);
        if operation == "show_metrics" {
            example = json!({ "answer": "hitokuchi_jobs_running 0\n" });
        }
        self.kept.entry(operation.to_owned()).or_insert(example);
        content
    }

    /// Takes a file of results.
    fn take_results(&mut self, rows: &str) {
        let source = BytesSource::new(
            "results.csv",
            format!("charge_key,result_code,collected_on\n{rows}"),
        );
        let world = &self.app.world;
        world
            .ledger
            .import_results(&world.office(), &source, &ImportResults::default(), &|_| ())
            .unwrap();
    }

    fn import(&mut self, table: &str, file: &str) {
        let path = format!("/api/v1/imports?table={table}&file={table}.csv");
        let bytes = fixtures::bytes(file);
        let mut answer = self.app.upload(&path, &bytes);
        let id = answer.json()["id"].clone();
        let job = ended(&self.app, &id);
        assert_eq!(job["state"], "done", "{job}");
        // How far it was when the answer was written differs from run to run.
        let mut begun = answer.json();
        begun["state"] = json!("running");
        for name in ["ended_at", "result", "refusal"] {
            begun.as_object_mut().unwrap().remove(name);
        }
        begun["lines_read"] = json!(0);
        begun["id"] = json!(IMPORT_ID);
        answer.body = begun.to_string().into_bytes();
        let request = String::from_utf8(bytes).ok().map(Value::String);
        if table == "applications" {
            self.keep("start_import", "post", &path, request, &answer);
            let path = format!("/api/v1/imports/{}", id.as_str().unwrap());
            let mut answer = self.app.get(&path);
            let mut job = answer.json();
            job["id"] = json!(IMPORT_ID);
            job.as_object_mut().unwrap().remove("lines_read");
            answer.body = job.to_string().into_bytes();
            self.keep("get_import", "get", &path, None, &answer);
        }
    }
}

/// What the chains come to changes with everything that is told before; two heads show the form.
fn show_two_heads(side: &mut Value) {
    let Some(heads) = side.get_mut("heads").and_then(Value::as_array_mut) else {
        return;
    };
    heads.truncate(2);
    for head in heads {
        head["length"] = json!(42);
        head["sha256"] = json!("b7fabae55ad5872ffd2160b2cbd79f2d83cc363e6560332c680cd25892f04e2e");
    }
}

/// The links of the audit log change with everything that is told before; one event shows the form.
fn show_one_event(operation: &str, answer: &mut Value) {
    let events = match operation {
        "search_audit_events" => &mut answer["items"],
        "print_member_data" => &mut answer["events"],
        "export_audit_log" => {
            let headings = answer.as_str().unwrap().lines().next().unwrap().to_owned();
            *answer = json!(format!("{headings}\r\n"));
            return;
        }
        _ => return,
    };
    let events = events.as_array_mut().unwrap();
    assert!(!events.is_empty(), "{operation}");
    events.truncate(1);
    let link = json!("b7fabae55ad5872ffd2160b2cbd79f2d83cc363e6560332c680cd25892f04e2e");
    for name in ["sha256", "content_sha256"] {
        if !events[0][name].is_null() {
            events[0][name] = link.clone();
        }
    }
    events[0]["seq"] = json!(42);
}

fn is_operation(document: &Value, operation: &str, method: &str, path: &str) -> bool {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().any(|(pattern, item)| {
        item[method]["operationId"] == operation && {
            let mut parts = path.split('/');
            pattern.split('/').all(|wanted| {
                parts
                    .next()
                    .is_some_and(|part| wanted == part || wanted.starts_with('{'))
            }) && parts.next().is_none()
        }
    })
}

#[test]
fn every_operation_is_asked_for_and_the_document_shows_what_it_gives() {
    let app = TestApp::from(TestDatabase::sqlite());
    let mut tale = Tale {
        second: app.person("eto", "finance"),
        app,
        kept: BTreeMap::new(),
        keys: 0,
    };
    for (table, file) in fixtures::NEWSLETTER.into_iter().chain(fixtures::SAMPLE) {
        tale.import(table, file);
    }
    tale.app.world.set_today("2025-07-18");
    tale.import("applications", "sample/applications-2025-07.csv");
    look_around(&mut tale);
    apply(&mut tale);
    key_a_sheet(&mut tale);
    review(&mut tale);
    tale.app.world.set_today("2025-08-01");
    close_august(&mut tale);
    change_plans(&mut tale);
    keep_the_books(&mut tale);
    settle_august(&mut tale);
    look_back(&mut tale);
    manage_people(&mut tale);
    sign_in(&mut tale);

    let document = serde_json::to_value(api::document()).unwrap();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            if let Some(id) = operation["operationId"].as_str() {
                assert!(tale.kept.contains_key(id), "the tale does not ask for {id}");
            }
        }
    }
    compare(&serde_json::to_value(&tale.kept).unwrap());
}

/// Somebody of finance sets a password and a second factor, and looks at their sessions.
fn sign_in(tale: &mut Tale) {
    let (old, new) = ("kumo-mikan-densha-7", "tsuki-budou-fune-52");
    tale.app.person("keiri", "finance");
    let link = people::link_for(&tale.app.world, "keiri");
    let mut desk = Desk::default();
    let body = json!({ "secret": link.expose(), "password": old });
    let path = "/api/v1/one-time-links/accept";
    desk.ask(tale, "accept_link", "POST", path, body);
    let name_and_password = json!({ "name": "keiri", "password": old });
    let path = "/api/v1/session";
    desk.ask(tale, "sign_in", "POST", path, name_and_password.clone());
    let path = "/api/v1/account/totp";
    let offered = desk.ask(tale, "start_totp", "POST", path, json!({}));
    let key = TotpKey::parse(offered["key"].as_str().unwrap()).unwrap();
    let shown = |tale: &Tale| key.code_at(tale.app.world.clock.now().timestamp());
    let body = json!({ "code": shown(tale) });
    let path = "/api/v1/account/totp/confirm";
    let confirmed = desk.ask(tale, "confirm_totp", "POST", path, body);
    let mut elsewhere = Desk::default();
    let path = "/api/v1/session";
    elsewhere.ask(tale, "sign_in", "POST", path, name_and_password);
    let body = json!({ "code": confirmed["recovery_codes"][0] });
    let path = "/api/v1/session/second-factor";
    elsewhere.ask(tale, "confirm_second_factor", "POST", path, body);

    desk.ask(tale, "show_session", "GET", "/api/v1/session", Value::Null);
    let sessions = desk.ask(
        tale,
        "list_sessions",
        "GET",
        "/api/v1/sessions",
        Value::Null,
    );
    let other = &sessions["items"][0]["session_id"];
    let path = format!("/api/v1/sessions/{other}");
    desk.ask(tale, "end_session", "DELETE", &path, Value::Null);
    make_tokens(tale, &mut desk);
    let body = json!({ "password": old });
    let path = "/api/v1/account/recovery-codes";
    desk.ask(tale, "renew_recovery_codes", "POST", path, body);
    let body = json!({ "current": old, "new": new });
    let path = "/api/v1/account/password";
    desk.ask(tale, "change_password", "POST", path, body);
    desk.ask(tale, "sign_out", "DELETE", "/api/v1/session", Value::Null);
}

/// A browser that somebody signs in with.
#[derive(Default)]
struct Desk {
    cookie: String,
    csrf_token: String,
}

impl Desk {
    fn ask(
        &mut self,
        tale: &mut Tale,
        operation: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Value {
        let (cookie, csrf_token) = (self.cookie.clone(), self.csrf_token.clone());
        let mut headers = vec![("Content-Type", "application/json")];
        if !cookie.is_empty() {
            headers.push(("Cookie", &cookie));
            headers.push(("X-CSRF-Token", &csrf_token));
        }
        let body = Some(body).filter(|body| !body.is_null());
        let text = body.as_ref().map_or_else(String::new, Value::to_string);
        let mut answer = http::send(tale.app.address, method, path, &headers, text.as_bytes());
        let given = answer.json();
        if let Some((cookie, _)) = answer.header("set-cookie").split_once(';') {
            self.cookie = cookie.to_owned();
            let token = given["csrf_token"].as_str().unwrap_or_default();
            self.csrf_token = token.to_owned();
        }
        answer.body = without_secrets(given.clone()).to_string().into_bytes();
        let method = method.to_lowercase();
        tale.keep(operation, &method, path, body.map(without_secrets), &answer);
        given
    }
}

/// Random words stand in the document as words that are always the same, and none as a whole one.
fn without_secrets(mut shown: Value) -> Value {
    const SHOWN: [(&str, &str); 5] = [
        ("csrf_token", "Zm9yZ2VkLXJlcXVlc3RzLWRvLW5vdC1rbm93LXRoaXM"),
        ("secret", "hkl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("key", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        (
            "uri",
            "otpauth://totp/Hitokuchi:keiri?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hitokuchi&algorithm=SHA1&digits=6&period=30",
        ),
        ("code", "123456"),
    ];
    for (name, word) in SHOWN {
        if let Some(value) = shown.get_mut(name) {
            *value = json!(word);
        }
    }
    if let Some(codes) = shown.get_mut("recovery_codes") {
        *codes = json!(["7W3K-0XQD-9FBM-2T5C", "1040-G208-1040-G208"]);
    }
    shown
}

/// The same for the link of an invitation, and the secret of a token.
fn without_link(mut shown: Value) -> Value {
    const LETTERS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if shown["link"].is_string() {
        shown["link"] = json!(format!("http://127.0.0.1:8080/invitation#hkl_{LETTERS}"));
    }
    if shown["scopes"].is_array() && shown["secret"].is_string() {
        shown["secret"] = json!(format!("hkt_{LETTERS}"));
    }
    shown
}

/// An admin invites a clerk, who gets other roles, is stopped, and starts anew.
fn manage_people(tale: &mut Tale) {
    let path = "/api/v1/people";
    let clerk = json!({ "name": "aoki", "display_name": "見本 青木", "roles": ["clerk"] });
    tale.post("invite_person", path, clerk);
    tale.get("list_people", "/api/v1/people?limit=2");
    tale.get("get_person", "/api/v1/people/aoki");
    let path = "/api/v1/people/aoki/roles";
    let roles = json!({ "roles": ["clerk", "finance"] });
    tale.send("change_roles", "PUT", path, roles);
    let path = "/api/v1/people/aoki/disable";
    tale.post("disable_person", path, Value::Null);
    let path = "/api/v1/people/aoki/enable";
    tale.post("enable_person", path, Value::Null);
    let path = "/api/v1/people/aoki/reset";
    tale.post("reset_person", path, json!({ "revoke_tokens": true }));
}

/// A person of finance makes tokens for scripts; an admin ends one of them.
fn make_tokens(tale: &mut Tale, desk: &mut Desk) {
    let path = "/api/v1/tokens";
    for name in ["nightly", "weekly"] {
        let token = json!({
            "name": name, "roles": ["finance"], "scopes": ["billing:read", "settlement"],
            "expires_on": "2026-12-31",
        });
        desk.ask(tale, "create_token", "POST", path, token);
    }
    desk.ask(tale, "list_tokens", "GET", path, Value::Null);
    let path = "/api/v1/tokens/nightly/revoke";
    desk.ask(tale, "revoke_token", "POST", path, Value::Null);
    let path = "/api/v1/people/keiri/tokens";
    tale.get("list_tokens_of_person", path);
    let path = "/api/v1/people/keiri/tokens/weekly/revoke";
    tale.post("revoke_token_of_person", path, Value::Null);
}

fn look_around(tale: &mut Tale) {
    tale.get("check_alive", "/healthz");
    tale.get("check_ready", "/readyz");
    tale.get("show_metrics", "/metrics");
    tale.get("list_cooperatives", "/api/v1/cooperatives?limit=2");
    tale.get("list_funds", "/api/v1/funds");
    tale.get("list_organizations", "/api/v1/organizations");
    tale.get("list_campaigns", "/api/v1/campaigns");
    tale.get("list_cycles", "/api/v1/cycles");
    tale.get("list_offerings", "/api/v1/offerings?limit=2");
    let path = "/api/v1/order-numbers/108413?on=2025-07-16";
    let miss = tale.get("look_up_order_number", path);
    assert_eq!(miss["found"], false);
    tale.get("list_members", "/api/v1/members?coop=01&limit=1");
    tale.get("find_member", "/api/v1/members/01/0010106");
    tale.get("list_pledges", "/api/v1/members/01/0010106/pledges");
}

fn application(member: &str, order_number: &str, units: i64) -> Value {
    json!({
        "coop": "01", "member_number": member, "order_number": order_number, "units": units,
        "received_on": "2025-07-17", "channel": "phone",
    })
}

fn apply(tale: &mut Tale) {
    let path = "/api/v1/applications";
    let recorded = tale.post(
        "record_application",
        path,
        application("0011765", "164160", 2),
    );
    assert_eq!(recorded["state"], "posted", "{recorded}");
    let path = format!("/api/v1/applications/{}/void", recorded["id"]);
    let reason = json!({ "reason": "本人から取り消しの電話" });
    tale.post("void_application", &path, reason);

    let one =
        json!({ "idempotency_key": "form-31", "application": application("0011765", "164151", 1) });
    let none = json!({ "idempotency_key": "form-32", "application": application("0011765", "164151", 100) });
    let many = json!({ "applications": [one, one, none] });
    let recorded = tale.post("record_applications", "/api/v1/applications/many", many);
    let items = recorded["items"].as_array().unwrap();
    assert_eq!(items[0], items[1], "a key that comes twice counts once");
    assert_eq!(items[2]["problem"]["status"], 422, "{recorded}");

    let path = "/api/v1/applications?coop=01&member_number=0011765&limit=2";
    let found = tale.get("search_applications", path);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(2), "{found}");
}

fn key_a_sheet(tale: &mut Tale) {
    let cover = json!({ "coop": "01", "channel": "paper", "received_on": "2025-07-16", "control": { "lines": 1 } });
    let sheet = tale.post("open_sheet", "/api/v1/sheets", cover);
    let at = format!("/api/v1/sheets/{}", sheet["id"]);
    let line = json!({ "member_number": "0011662", "order_number": "164151", "units": 1 });
    let lines = format!("{at}/lines");
    tale.post("put_sheet_line", &lines, line.clone());
    tale.post("put_sheet_line", &lines, line.clone());
    tale.send(
        "remove_sheet_line",
        "DELETE",
        &format!("{lines}/2"),
        Value::Null,
    );
    let totals = json!({ "lines": 1, "units": 1, "amount": 300, "member_sum": "11662" });
    tale.send(
        "set_control_totals",
        "PUT",
        &format!("{at}/control-totals"),
        totals,
    );
    let second = format!("{at}/second-lines");
    let baba = tale.app.person("baba", "clerk");
    tale.send_as(&baba, "key_second_time", "POST", &second, line.clone());
    tale.send_as(&baba, "key_second_time", "POST", &second, line);
    tale.send_as(
        &baba,
        "remove_second_line",
        "DELETE",
        &format!("{second}/2"),
        Value::Null,
    );
    let compared = tale.post("compare_keyings", &format!("{at}/compare"), Value::Null);
    assert_eq!(compared["agree"], true, "{compared}");
    tale.get("get_sheet", &at);
    let posted = tale.post("post_sheet", &format!("{at}/post"), json!({}));
    assert_eq!(posted["accepted"], 1, "{posted}");
    let cover = json!({ "coop": "01" });
    let other = tale.post("open_sheet", "/api/v1/sheets", cover);
    let path = format!("/api/v1/sheets/{}/discard", other["id"]);
    tale.post(
        "discard_sheet",
        &path,
        json!({ "reason": "同じ束をもう一度開いた" }),
    );
    tale.get("list_sheets", "/api/v1/sheets?coop=01");
}

fn review(tale: &mut Tale) {
    let holds = tale.get("list_holds", "/api/v1/holds?limit=3")["items"].clone();
    let of = |reason: &str| {
        let holds = holds.as_array().unwrap();
        let hold = holds.iter().find(|hold| hold["reason"] == reason);
        hold.unwrap_or_else(|| panic!("no {reason} in {holds:?}"))
            .clone()
    };
    let supporter = of("already_supporter")["id"].clone();
    tale.get("weigh_hold", &format!("/api/v1/holds/{supporter}/weigh"));
    let path = format!("/api/v1/holds/{supporter}/resolve");
    let add = json!({ "way": "add", "reason": "電話で確認" });
    tale.post("resolve_hold", &path, add.clone());
    tale.get(
        "get_application",
        &format!("/api/v1/applications/{supporter}"),
    );
    let undo = format!("/api/v1/applications/{supporter}/undo");
    tale.post(
        "undo_decision",
        &undo,
        json!({ "reason": "口数の聞き違い" }),
    );
    tale.post("resolve_hold", &path, add);
    let units = of("implausible_units")["id"].clone();
    let correct = json!({ "reason": "3口の書き間違い", "units": 3 });
    let corrected = tale.post(
        "correct_hold",
        &format!("/api/v1/holds/{units}/correct"),
        correct,
    );
    assert_eq!(corrected["state"], "posted", "{corrected}");
    let import_id = of("duplicate_application")["import_id"].clone();
    let many = json!({
        "import_id": import_id, "only": "duplicate_application", "way": "mistake",
        "reason": "注文用紙とインターネットの両方に書いた",
    });
    let resolved = tale.post("resolve_holds", "/api/v1/holds/resolve", many);
    assert_eq!(resolved["resolved"], 1, "{resolved}");
}

fn close_august(tale: &mut Tale) {
    tale.get(
        "preview_batch",
        "/api/v1/batches/preview?coop=01&month=2025-08",
    );
    let path = "/api/v1/batches/preview/lines?coop=01&month=2025-08&step=new&limit=2";
    tale.get("list_bridge_lines", path);
    let month = json!({ "coop": "01", "month": "2025-08" });
    tale.post("close_batch", "/api/v1/batches", month.clone());
    let void = json!({ "coop": "01", "month": "2025-08", "reason": "申込用紙が1枚残っていた" });
    tale.post("void_batch", "/api/v1/batches/void", void);
    let closed = tale.post("close_batch", "/api/v1/batches", month);
    assert_eq!(
        closed["sequence"], 2,
        "a sequence number is never used again"
    );
    let export = json!({ "coop": "01", "month": "2025-08", "profile": "standard-utf8" });
    let at = format!("/api/v1/batches/{}", closed["batch_id"]);
    tale.post_as_second("approve_batch", &format!("{at}/approve"));
    tale.post("export_batch", "/api/v1/batches/export", export);
    tale.get(
        "download_batch_file",
        &format!("{at}/file?profile=standard-utf8"),
    );
    let refused = tale.app.get(&format!("{at}/file"));
    refused.problem(409, "batch_not_exported");
    tale.get("get_batch", &at);
    tale.get("list_charges", &format!("{at}/charges?limit=2"));
    tale.get("list_batches", "/api/v1/batches?coop=01");
    tale.get(
        "search_charges",
        "/api/v1/charges?coop=01&member_number=0010106",
    );
    tale.get(
        "explain_amount",
        "/api/v1/members/01/0010321/amounts/2025-08",
    );
    let verified = tale.get("verify_records", "/api/v1/verification");
    assert_eq!(verified["ok"], true, "{verified}");
    let sheet = tale.get(
        "get_control_sheet",
        &format!("{at}/control-sheet?profile=standard-utf8"),
    );
    // The sheet has the verification on record, too; the co-op's chain is where it was.
    assert_eq!(sheet["heads"][1], verified["heads"][1], "{sheet}");
    let length = |answer: &Value| answer["heads"][0]["length"].as_i64().unwrap();
    assert_eq!(length(&sheet), length(&verified) + 1, "{sheet}");
    let heads = json!({ "heads": sheet["heads"] });
    let verified = tale.post("verify_against_heads", "/api/v1/verification", heads);
    assert_eq!(verified["ok"], true, "{verified}");
    let mut forged = sheet["heads"].clone();
    forged[1]["length"] = json!(9_999);
    let refuted = tale.post(
        "verify_against_heads",
        "/api/v1/verification",
        json!({ "heads": forged }),
    );
    assert_eq!(refuted["ok"], false, "{refuted}");
}

/// What is left of August is answered, and later two lines that say otherwise.
fn settle_august(tale: &mut Tale) {
    let found = tale.app.get("/api/v1/charges?coop=01&month=2025-08").json();
    let charges = found["items"].as_array().unwrap().clone();
    let keys: Vec<&str> = charges
        .iter()
        .filter(|charge| charge["is_voided"] == false && charge["result"].is_null())
        .map(|charge| charge["charge_key"].as_str().unwrap())
        .collect();
    let results = |rows: &[String]| format!("請求キー,結果コード,集金日\n{}\n", rows.join("\n"));
    let take_in = |tale: &Tale, file: String| {
        let path = "/api/v1/imports?table=results&file=results.csv&coop=01";
        let answer = tale.app.upload(path, file.as_bytes());
        let job = ended(&tale.app, &answer.json()["id"]);
        assert_eq!(job["state"], "done", "{job}");
        job["result"].clone()
    };
    let mut rows: Vec<String> = keys
        .iter()
        .map(|key| format!("{key},0,2025-08-27"))
        .collect();
    rows[1] = format!("{},1,2025-08-27", keys[1]);
    let imported = take_in(tale, results(&rows));
    assert_eq!(imported["failed"], 1, "{imported}");
    let later = take_in(
        tale,
        results(&[
            format!("{},0,2025-08-28", keys[1]),
            format!("{},9,2025-08-28", keys[2]),
        ]),
    );
    assert_eq!(later["held"], 2, "{later}");
    let held = tale.get("list_held_results", "/api/v1/held-results?coop=01");
    let at = |which: usize| format!("/api/v1/held-results/{}", held["items"][which]["id"]);
    let take = json!({ "reason": "単協に電話で確認" });
    let taken = tale.post("take_held_result", &format!("{}/take", at(0)), take);
    assert_eq!(taken["replaced"], true, "{taken}");
    let dismiss = json!({ "reason": "単協の送り間違い" });
    tale.post(
        "dismiss_held_result",
        &format!("{}/dismiss", at(1)),
        dismiss,
    );
    let reverse = json!({ "charge_key": keys[3], "reason": "単協の記録違い" });
    tale.post("reverse_settlement", "/api/v1/settlements/reverse", reverse);
    let refund = json!({ "charge_key": keys[4], "reason": "本人の申し出", "pay_later": true });
    tale.post_approved("refund_charge", "/api/v1/settlements/refund", refund);
}

fn change_plans(tale: &mut Tale) {
    let at = "/api/v1/members/01/0010106/pledges/inclufund";
    let change = json!({ "from": "2025-10", "units": 3, "reason": "本人から電話" });
    tale.post("change_pledge", &format!("{at}/change"), change);
    let pause = json!({ "from": "2025-11", "until": "2026-02", "reason": "しばらく休みたい" });
    tale.post("pause_pledge", &format!("{at}/pause"), pause);
    let end = json!({ "from": "2026-04", "reason": "本人から終了の連絡" });
    tale.post("end_pledge", &format!("{at}/end"), end);
    tale.get("get_pledge", at);
}

fn keep_the_books(tale: &mut Tale) {
    tale.get("list_accounts", "/api/v1/accounts");
    let dues = json!({
        "date": "2025-08-20", "description": "会員団体の年会費", "reason": "入金を確認",
        "lines": [{ "account": "1121", "debit": 10_000 }, { "account": "4111", "credit": 10_000 }],
    });
    tale.app.world.set_today("2025-08-30");
    let path = "/api/v1/journal-entries";
    let posted = tale.post_approved("post_journal_entry", path, dues);
    let at = format!("{path}/{}", posted["entry_id"]);
    tale.get("get_journal_entry", &at);
    let reason = json!({ "date": "2025-08-28", "reason": "二重に記帳" });
    tale.post_approved("reverse_journal_entry", &format!("{at}/reverse"), reason);
    tale.get(
        "list_journal_entries",
        &format!("{path}?month=2025-08&limit=1"),
    );
    tale.get("export_journal", &format!("{path}/export?format=hledger"));
    collect_august(tale);
    let handed_over = json!({
        "coop": "01", "received_on": "2025-08-29", "amount": 500, "fee": 110, "note": "8月分の一部",
    });
    let path = "/api/v1/remittances";
    let remittance = tale.post("record_remittance", path, handed_over);
    tale.get(
        "get_remittance",
        &format!("{path}/{}", remittance["remittance_id"]),
    );
    tale.get("list_remittances", &format!("{path}?coop=01"));
    report(tale);
    tale.app.world.set_today("2025-12-28");
    pay_out(tale);
    let path = "/api/v1/accounting-periods";
    tale.post("close_period", path, json!({ "month": "2025-08" }));
    tale.get("list_periods", path);
    tale.app.world.set_today("2026-04-20");
    let year = json!({ "fiscal_year": 2025, "note": "総会で承認" });
    tale.post("close_fiscal_year", "/api/v1/fiscal-years", year);
}

/// Two members of August were collected from.
fn collect_august(tale: &mut Tale) {
    let charges = tale.get("list_charges", "/api/v1/batches/2/charges?limit=2");
    let rows: String = charges["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|charge| format!("{},0,2025-08-27\n", charge["charge_key"].as_str().unwrap()))
        .collect();
    tale.take_results(&rows);
}

fn report(tale: &mut Tale) {
    let at = "/api/v1/reports";
    tale.get(
        "show_trial_balance",
        &format!("{at}/trial-balance?from=2025-08-01&by_fund=true"),
    );
    tale.get(
        "show_general_ledger",
        &format!("{at}/general-ledger?account=1131"),
    );
    tale.get("show_fund_balances", &format!("{at}/fund-balances"));
    tale.get("show_receivables", &format!("{at}/receivables?coop=01"));
    let csv = tale.get("download_report", &format!("{at}/receivables/csv"));
    assert!(csv.as_str().unwrap().starts_with('\u{feff}'), "{csv}");
    let refused = tale.app.get(&format!("{at}/general-ledger"));
    refused.problem(422, "account_unreadable");
    let refused = tale.app.get(&format!("{at}/other/csv"));
    assert_eq!(refused.status, 400, "{}", refused.text());
}

/// A gift to the campaign, from the application to the organisation.
fn pay_out(tale: &mut Tale) {
    tale.app.world.set_today("2025-11-12");
    tale.post(
        "record_application",
        "/api/v1/applications",
        json!({
            "coop": "01", "member_number": "0011765", "order_number": "133540", "units": 4,
            "received_on": "2025-11-12", "channel": "web",
        }),
    );
    tale.app.world.set_today("2025-12-28");
    for of in ["2025-09", "2025-10", "2025-11"] {
        let month = json!({ "coop": "01", "month": of });
        tale.post("close_batch", "/api/v1/batches", month);
    }
    let month = json!({ "coop": "01", "month": "2025-12" });
    let closed = tale.post("close_batch", "/api/v1/batches", month.clone());
    let approve = format!("/api/v1/batches/{}/approve", closed["batch_id"]);
    tale.post_as_second("approve_batch", &approve);
    tale.post("export_batch", "/api/v1/batches/export", month);
    let charges = format!("/api/v1/batches/{}/charges?limit=500", closed["batch_id"]);
    let charges = tale.get("list_charges", &charges);
    let rows: String = charges["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|charge| format!("{},0,2025-12-26\n", charge["charge_key"].as_str().unwrap()))
        .collect();
    tale.take_results(&rows);
    tale.get("show_payables", "/api/v1/reports/payables");
    let paid = json!({ "campaign": "kosumosu-2025", "amount": 1_500, "fee": 330 });
    let path = "/api/v1/payouts";
    refuse_and_take_back(tale);
    tale.post_approved("record_payout", path, paid);
    let payouts = tale.get("list_payouts", path);
    let payout = &payouts["items"][0]["payout_id"];
    tale.get("get_payout", &format!("{path}/{payout}"));
    tale.get(
        "list_campaign_progress",
        "/api/v1/reports/campaign-progress",
    );
    let baker = tale.app.of_organization("baker", "kosumosu");
    let path = "/api/v1/own-campaigns";
    let answer = baker.get(path);
    tale.keep("list_own_campaigns", "get", path, None, &answer);
}

/// Two payouts that come to nothing.
fn refuse_and_take_back(tale: &mut Tale) {
    let enter = |amount: i64| {
        let paid = json!({ "campaign": "kosumosu-2025", "amount": amount });
        let waiting = tale
            .app
            .post("/api/v1/payouts", &format!("{amount}"), &paid);
        assert_eq!(waiting.status, 202, "{}", waiting.text());
        waiting.header("location").to_owned()
    };
    let (wrong, regretted) = (enter(1_400), enter(1_300));
    tale.get(
        "list_pending_actions",
        "/api/v1/pending-actions?state=pending&limit=1",
    );
    tale.get("get_pending_action", &wrong);
    let reason = json!({ "reason": "請求書の金額と違う" });
    tale.send_as(
        &tale.second.clone(),
        "reject_pending_action",
        "POST",
        &format!("{wrong}/reject"),
        reason,
    );
    tale.post(
        "withdraw_pending_action",
        &format!("{regretted}/withdraw"),
        Value::Null,
    );
}

/// The auditor looks back; a member asks what is held, and to be erased.
fn look_back(tale: &mut Tale) {
    let log = "/api/v1/audit-events";
    tale.get(
        "search_audit_events",
        &format!("{log}?person=office&action=close_batch&coop=01"),
    );
    let csv = tale.get("export_audit_log", &format!("{log}/csv?subject=batch:1"));
    assert!(csv.as_str().unwrap().starts_with('\u{feff}'), "{csv}");
    let refused = tale.app.get(&format!("{log}?member_number=0010321"));
    refused.problem(422, "coop_unreadable");
    let refused = tale.app.get(&format!(
        "{log}?recorded_from=2025-08-02&recorded_to=2025-08-01"
    ));
    refused.problem(422, "days_out_of_order");
    let member = "/api/v1/members/01/0010321";
    tale.get("print_member_data", &format!("{member}/data"));
    let weighed = tale.get("weigh_erasure", &format!("{member}/erasure"));
    let reason = json!({ "reason": "本人の申し出" });
    let erased = tale.post("erase_member", &format!("{member}/erasure"), reason);
    assert_eq!(erased, weighed);
    let shown = tale.get("show_retention", "/api/v1/retention");
    let applied = tale.post("apply_retention", "/api/v1/retention", Value::Null);
    assert_eq!(applied, shown);
}

fn compare(kept: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/openapi_examples.json");
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        let text = serde_json::to_string_pretty(kept).unwrap();
        std::fs::write(&file, format!("{text}\n")).unwrap();
    }
    let shown: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    for (operation, example) in kept.as_object().unwrap() {
        assert_eq!(
            &shown[operation], example,
            "the document shows another answer of {operation} than it gives"
        );
    }
}

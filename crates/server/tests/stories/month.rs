//! The whole of the office's work from July to December 2025, told once by command and once over
//! REST: the files that are handed over are the same, byte for byte, on every database.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::{TestDatabase, fixtures};

use crate::office::Office;
use crate::service::Service;

const COOPS: [&str; 5] = ["01", "02", "03", "04", "05"];
const MONTHS: [&str; 5] = ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"];

/// A way to reach the ledger from outside.
trait FrontDoor {
    fn import(&self, table: &str, file: &str, channel: &str);
    fn import_july(&self);
    fn holds(&self) -> Vec<Value>;
    fn resolve(&self, id: i64, resolution: &Value);
    fn resolve_many(&self, import_id: i64, only: &str, way: &str);
    fn preview(&self, coop: &str, month: &str) -> Value;
    fn close(&self, coop: &str, month: &str) -> Value;
    fn export(&self, coop: &str, month: &str) -> (Value, Vec<u8>);
    fn verify(&self) -> Value;
}

struct ByCommand(Office);

impl FrontDoor for ByCommand {
    fn import(&self, table: &str, file: &str, channel: &str) {
        let more: &[&str] = if channel.is_empty() {
            &[]
        } else {
            &["--channel", channel]
        };
        self.0.import(table, &fixtures::path(file), more);
    }

    fn import_july(&self) {
        let imported = self.0.import(
            "applications",
            &fixtures::path("sample/applications-2025-07.csv"),
            &[],
        );
        assert_eq!(imported["lines"], 38);
        assert_eq!(imported["accepted"], 35);
        assert_eq!(imported["held"], 3);
        assert_eq!(imported["already_imported"], false);
    }

    fn holds(&self) -> Vec<Value> {
        let list = self.0.json(&["review", "list"]);
        list["holds"].as_array().unwrap().clone()
    }

    fn resolve(&self, id: i64, resolution: &Value) {
        let mut arguments = vec!["review".to_owned(), "resolve".to_owned(), id.to_string()];
        for (option, name) in [
            ("--as", "way"),
            ("--reason", "reason"),
            ("--cycle", "cycle"),
            ("--order-number", "order_number"),
            ("--units", "units"),
            ("--amount", "amount"),
        ] {
            match &resolution[name] {
                Value::Null => {}
                Value::String(text) => arguments.extend([option.to_owned(), text.clone()]),
                other => arguments.extend([option.to_owned(), other.to_string()]),
            }
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let resolved = self.0.json(&arguments);
        assert_ne!(resolved["state"], "held", "{resolved}");
    }

    fn resolve_many(&self, import_id: i64, only: &str, way: &str) {
        let import_id = import_id.to_string();
        let resolved = self.0.json(&[
            "review",
            "resolve",
            "--import",
            &import_id,
            "--only",
            only,
            "--as",
            way,
            "--reason",
            "まとめて",
        ]);
        assert!(resolved["resolved"].as_u64() > Some(0), "{resolved}");
    }

    fn preview(&self, coop: &str, month: &str) -> Value {
        self.0
            .json(&["batch", "preview", "--coop", coop, "--month", month])
    }

    fn close(&self, coop: &str, month: &str) -> Value {
        self.0
            .json(&["batch", "close", "--coop", coop, "--month", month])
    }

    fn export(&self, coop: &str, month: &str) -> (Value, Vec<u8>) {
        let name = format!("{coop}-{month}.csv");
        let exported = self.0.json(&[
            "batch", "export", "--coop", coop, "--month", month, "--out", &name,
        ]);
        (
            exported,
            std::fs::read(self.0.folder.path().join(name)).unwrap(),
        )
    }

    fn verify(&self) -> Value {
        self.0.json(&["verify"])
    }
}

struct OverRest(
    Service,
    #[allow(dead_code, reason = "it goes after its service")] Office,
);

impl OverRest {
    fn new(office: Office) -> Self {
        Self(Service::start(&office), office)
    }
}

impl FrontDoor for OverRest {
    fn import(&self, table: &str, file: &str, channel: &str) {
        let channel = if channel.is_empty() {
            String::new()
        } else {
            format!("&channel={channel}")
        };
        let path = format!("/api/v1/imports?table={table}{channel}");
        let started = self.0.upload(&path, &fixtures::bytes(file)).good();
        let path = format!("/api/v1/imports/{}", started["id"].as_str().unwrap());
        for _ in 0..6_000 {
            let job = self.0.get(&path).good();
            if job["state"] != "running" {
                assert_eq!(job["state"], "done", "{job}");
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the import of {file} did not end");
    }

    /// The lines of July one by one, each under its own key, each sent twice.
    fn import_july(&self) {
        let file = fixtures::bytes("sample/applications-2025-07.csv");
        let file = String::from_utf8(file).unwrap();
        let mut states = BTreeMap::new();
        for line in file.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let [
                coop,
                member,
                number,
                units,
                received_on,
                channel,
                _,
                line_id,
            ] = fields[..]
            else {
                panic!("{line}");
            };
            let application = json!({
                "coop": coop, "member_number": member, "order_number": number,
                "units": units.parse::<i64>().unwrap(),
                "received_on": received_on, "channel": channel, "line_id": line_id,
            });
            let recorded = self
                .0
                .post("/api/v1/applications", line_id, &application)
                .good();
            let again = self
                .0
                .post("/api/v1/applications", line_id, &application)
                .good();
            assert_eq!(recorded, again);
            *states.entry(recorded["state"].to_string()).or_insert(0) += 1;
        }
        assert_eq!(states["\"posted\""], 35);
        assert_eq!(states["\"held\""], 3);
    }

    fn holds(&self) -> Vec<Value> {
        let mut holds = Vec::new();
        let mut path = "/api/v1/holds?limit=5".to_owned();
        loop {
            let page = self.0.get(&path).good();
            holds.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/holds?limit=5&cursor={cursor}"),
                None => return holds,
            }
        }
    }

    fn resolve(&self, id: i64, resolution: &Value) {
        let path = format!("/api/v1/holds/{id}/resolve");
        let resolved = self
            .0
            .post(&path, &format!("resolve-{id}"), resolution)
            .good();
        assert_ne!(resolved["state"], "held", "{resolved}");
    }

    fn resolve_many(&self, import_id: i64, only: &str, way: &str) {
        let many =
            json!({ "import_id": import_id, "only": only, "way": way, "reason": "まとめて" });
        let resolved = self
            .0
            .post(
                "/api/v1/holds/resolve",
                &format!("many-{import_id}-{only}"),
                &many,
            )
            .good();
        assert!(resolved["resolved"].as_u64() > Some(0), "{resolved}");
    }

    fn preview(&self, coop: &str, month: &str) -> Value {
        let path = format!("/api/v1/batches/preview?coop={coop}&month={month}");
        self.0.get(&path).good()
    }

    fn close(&self, coop: &str, month: &str) -> Value {
        let body = json!({ "coop": coop, "month": month });
        let key = format!("close-{coop}-{month}");
        let closed = self.0.post("/api/v1/batches", &key, &body).good();
        assert_eq!(closed, self.0.post("/api/v1/batches", &key, &body).good());
        closed
    }

    fn export(&self, coop: &str, month: &str) -> (Value, Vec<u8>) {
        let body = json!({ "coop": coop, "month": month });
        let key = format!("export-{coop}-{month}");
        let exported = self.0.post("/api/v1/batches/export", &key, &body).good();
        let file = self
            .0
            .get(&format!("/api/v1/batches/{}/file", exported["batch_id"]));
        assert_eq!(file.status, 200, "{}", file.text());
        (exported, file.body)
    }

    fn verify(&self) -> Value {
        self.0.get("/api/v1/verification").good()
    }
}

/// What the office decided about a doubtful line.
fn decision(hold: &Value) -> Value {
    let mut decision = match hold["reason"].as_str().unwrap() {
        "already_supporter" => json!({ "way": "add" }),
        "implausible_units" => json!({ "way": "accept", "units": 5 }),
        "unknown_order_number" => json!({ "way": "accept", "order_number": "108413" }),
        "outside_window" if hold["order_number"] == "164151" => {
            json!({ "way": "accept", "order_number": "108413" })
        }
        "amount_not_multiple" => json!({ "way": "accept", "amount": 1000 }),
        "ambiguous_free_text" if hold["units"].is_null() => {
            json!({ "way": "accept", "order_number": "133540", "units": 1 })
        }
        "ambiguous_free_text" => json!({ "way": "accept" }),
        _ => json!({ "way": "mistake" }),
    };
    decision["reason"] = json!("見本: 本人に確認");
    decision
}

fn decide_all(door: &dyn FrontDoor) {
    let holds = door.holds();
    assert!(!holds.is_empty());
    let duplicate = holds
        .iter()
        .filter(|hold| hold["reason"] == "duplicate_application")
        .map(|hold| hold["import_id"].as_i64().unwrap());
    for import_id in std::collections::BTreeSet::from_iter(duplicate) {
        door.resolve_many(import_id, "duplicate_application", "mistake");
    }
    for hold in door.holds() {
        door.resolve(hold["id"].as_i64().unwrap(), &decision(&hold));
    }
    assert_eq!(door.holds(), Vec::<Value>::new());
}

/// Closes and hands over a month of every co-op; the preview said what it would come to.
fn hand_over(door: &dyn FrontDoor, month: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for coop in COOPS {
        let preview = door.preview(coop, month);
        let steps = preview["bridge"].as_array().unwrap();
        let bridge: i64 = steps
            .iter()
            .map(|step| step["amount"].as_i64().unwrap())
            .sum();
        let amount = preview["amount"].as_i64().unwrap();
        assert_eq!(
            preview["last_month"].as_i64().unwrap() + bridge,
            amount,
            "{preview}"
        );
        assert_eq!(preview["holds"], json!([]), "{preview}");

        let closed = door.close(coop, month);
        assert_eq!(closed["amount"].as_i64(), Some(amount), "{closed}");
        assert_eq!(closed["charges"], preview["charges"], "{closed}");
        assert_eq!(closed["sequence"], 1);

        let (exported, file) = door.export(coop, month);
        assert_eq!(exported["amount"].as_i64(), Some(amount), "{exported}");
        assert_eq!(exported["rows"], closed["charges"], "{exported}");
        assert_eq!(exported["profile"], "standard");
        assert_eq!(exported["sha256"].as_str().map(str::len), Some(64));
        let lines = file.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines as i64, 1 + closed["charges"].as_i64().unwrap());
        files.insert(format!("{coop} {month}"), file);
    }
}

fn tell(door: &dyn FrontDoor) -> BTreeMap<String, Vec<u8>> {
    for (table, file) in fixtures::NEWSLETTER.into_iter().chain(fixtures::SAMPLE) {
        door.import(table, file, "");
    }
    door.import_july();
    decide_all(door);
    let mut files = BTreeMap::new();
    let (december, before) = MONTHS.split_last().unwrap();
    for month in before {
        hand_over(door, month, &mut files);
    }
    door.import("applications", "sample/applications-2025-11.csv", "");
    door.import("applications", "sample/applications-2025-11-web.csv", "web");
    door.import(
        "applications",
        "sample/applications-2025-11-depot.csv",
        "depot",
    );
    decide_all(door);
    hand_over(door, december, &mut files);
    let verification = door.verify();
    assert_eq!(verification["ok"], true, "{verification}");
    files
}

#[test]
fn the_files_are_the_same_by_command_and_over_rest_on_every_database() {
    let by_command = tell(&ByCommand(TestDatabase::sqlite().into()));
    assert_eq!(by_command.len(), COOPS.len() * MONTHS.len());

    let over_rest = tell(&OverRest::new(TestDatabase::sqlite().into()));
    assert_same(&by_command, &over_rest, "over REST");

    let servers = [TestDatabase::postgres(), TestDatabase::postgres_japanese()];
    let [Some(postgres), Some(japanese)] = servers else {
        return;
    };
    let on_postgres = tell(&OverRest::new(postgres.into()));
    assert_same(&by_command, &on_postgres, "over REST, on PostgreSQL");
    let on_japanese = tell(&ByCommand(japanese.into()));
    assert_same(
        &by_command,
        &on_japanese,
        "by command, on PostgreSQL in Japanese order",
    );
}

fn assert_same(expected: &BTreeMap<String, Vec<u8>>, found: &BTreeMap<String, Vec<u8>>, how: &str) {
    for (name, file) in expected {
        let other = &found[name];
        assert!(file == other, "{name} is another file {how}");
    }
}

//! The month over REST: one service that listens, every change sent twice under its key.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value, json};
use testkit::people::{make_known, token_of};

use super::FrontDoor;
use crate::office::Office;
use crate::service::Service;

/// The co-op whose order sheets are keyed in bundles.
const BUNDLED: &str = "02";

/// Who key the bundles, the first and the second time, and post them.
const CLERKS: [&str; 3] = ["aoki", "baba", "chiba"];

/// Who approves what the office closed.
const APPROVER: &str = "doi";

pub struct OverRest(
    Service,
    #[allow(dead_code, reason = "it goes after its service")] Office,
);

impl OverRest {
    pub fn new(office: Office) -> Self {
        let service = Service::start_with(&office, &[("LOG", "debug")]);
        for clerk in CLERKS {
            make_known(office.database.url(), clerk, "clerk");
        }
        make_known(office.database.url(), APPROVER, "finance");
        Self(service, office)
    }

    /// A month of work, noted down to the details, names no member and shows no secret.
    pub fn assert_log_names_nobody(&self) {
        let mut words: Vec<String> = CLERKS.iter().map(|clerk| token_of(clerk)).collect();
        words.push(token_of("office"));
        let mut path = "/api/v1/members?limit=500".to_owned();
        loop {
            let page = self.get(&path);
            for member in page["items"].as_array().unwrap() {
                let known = ["number", "name", "kana"].map(|field| member[field].as_str());
                words.extend(known.into_iter().flatten().map(str::to_owned));
            }
            match page["next_cursor"].as_str() {
                Some(next) => path = format!("/api/v1/members?limit=500&cursor={next}"),
                None => break,
            }
        }
        assert!(words.len() > 20, "{words:?}");
        self.0.assert_log_has_none_of(&words);
    }

    fn get(&self, path: &str) -> Value {
        self.0.get(path).good()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.post_by("office", path, body)
    }

    /// Sends a change of a person, and sends it again as if no answer had come.
    fn post_by(&self, person: &str, path: &str, body: &Value) -> Value {
        static SENT: AtomicU64 = AtomicU64::new(0);
        let key = format!("month-{}", SENT.fetch_add(1, Ordering::Relaxed));
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", &key),
        ];
        let body = body.to_string();
        let send = || {
            self.0
                .raw(person, "POST", path, &headers, body.as_bytes())
                .good()
        };
        let answer = send();
        assert_eq!(answer, send(), "{path}");
        answer
    }
}

impl OverRest {
    /// Another person than who closed a batch approves it, where nobody has.
    fn approve(&self, coop: &str, month: &str, sequence: i64) {
        let batches = self.get(&format!("/api/v1/batches?coop={coop}&month={month}"));
        let mut batches = batches["items"].as_array().unwrap().iter();
        let batch = batches.find(|batch| batch["sequence"] == sequence).unwrap();
        if batch["approval"].is_null() {
            let path = format!("/api/v1/batches/{}/approve", batch["batch_id"]);
            self.post_by(APPROVER, &path, &Value::Null);
        }
    }
}

/// The lines of a file with English column names, as the requests that say the same.
fn applications(content: &str) -> Vec<Value> {
    let mut lines = content.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let application = |line: &str| {
        let fields = names.iter().zip(line.split(','));
        let filled = fields.filter(|(_, field)| !field.is_empty());
        let values = filled.map(|(name, field)| {
            let value = match *name {
                "units" => json!(field.parse::<i64>().unwrap()),
                _ => json!(field),
            };
            ((*name).to_owned(), value)
        });
        Value::Object(values.collect::<Map<_, _>>())
    };
    lines.map(application).collect()
}

/// A bundle of order sheets under the totals of its cover.
struct Sheet<'a> {
    door: &'a OverRest,
    path: String,
}

impl<'a> Sheet<'a> {
    fn open(door: &'a OverRest, day: &str, lines: &[Value]) -> Self {
        let units = |line: &Value| line["units"].as_i64().unwrap();
        let price = |line: &Value| {
            if line["order_number"] == "164151" {
                300
            } else {
                500
            }
        };
        let member = |line: &Value| {
            let number = line["member_number"].as_str().unwrap();
            number.parse::<i64>().unwrap()
        };
        let control = json!({
            "lines": lines.len(),
            "units": lines.iter().map(units).sum::<i64>(),
            "amount": lines.iter().map(|line| units(line) * price(line)).sum::<i64>(),
            "member_sum": lines.iter().map(member).sum::<i64>().to_string(),
        });
        let cover = json!({
            "coop": BUNDLED, "channel": "paper", "received_on": day, "control": control,
        });
        let sheet = door.post_by("aoki", "/api/v1/sheets", &cover);
        let path = format!("/api/v1/sheets/{}", sheet["id"]);
        Self { door, path }
    }

    fn by(&self, person: &str, action: &str, body: &Value) -> Value {
        let path = format!("{}/{action}", self.path);
        self.door.post_by(person, &path, body)
    }

    /// Two people key it, blind; the second slips once, and mends it when both are compared.
    fn key_twice_and_post(&self, lines: &[Value]) -> Value {
        let line = |line: &Value| {
            json!({
                "member_number": line["member_number"], "order_number": line["order_number"],
                "units": line["units"],
            })
        };
        for one in lines {
            self.by("aoki", "lines", &line(one));
        }
        let mut slipped = line(&lines[0]);
        slipped["units"] = json!(9);
        self.by("baba", "second-lines", &slipped);
        for one in &lines[1..] {
            self.by("baba", "second-lines", &line(one));
        }
        let compared = self.by("baba", "compare", &json!({}));
        assert_eq!(compared["agree"], false, "{compared}");
        let differing = compared["differing"].as_array().unwrap();
        assert_eq!(differing.len(), 1, "{compared}");
        assert_eq!(differing[0]["second"]["units"], 9, "{compared}");
        let mut mended = line(&lines[0]);
        mended["line_no"] = differing[0]["line_no"].clone();
        self.by("baba", "second-lines", &mended);
        let compared = self.by("chiba", "compare", &json!({}));
        assert_eq!(compared["agree"], true, "{compared}");
        let posted = self.by("chiba", "post", &json!({}));
        assert_eq!(posted["lines"], lines.len(), "{posted}");
        posted
    }
}

impl FrontDoor for OverRest {
    fn import(&self, table: &str, file: &str, content: &[u8], channel: Option<&str>) {
        let channel = channel.map_or_else(String::new, |channel| format!("&channel={channel}"));
        let path = format!("/api/v1/imports?table={table}{channel}");
        let started = self.0.upload(&path, content).good();
        let path = format!("/api/v1/imports/{}", started["id"].as_str().unwrap());
        for _ in 0..6_000 {
            let job = self.get(&path);
            if job["state"] != "running" {
                assert_eq!(job["state"], "done", "{job}");
                assert_ne!(job["result"]["already_imported"], true, "{job}");
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the import of {file} did not end");
    }

    /// Order sheets of one co-op in bundles, the others line by line as an order desk sends them.
    fn take_sheet_file(&self, file: &str, content: &str) -> (usize, usize) {
        let (mut posted, mut held) = (0, 0);
        let (bundled, single): (Vec<Value>, Vec<Value>) = applications(content)
            .into_iter()
            .partition(|line| line["coop"] == BUNDLED && line["channel"] == "paper");
        let mut bundles: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in bundled {
            let day = line["received_on"].as_str().unwrap().to_owned();
            bundles.entry(day).or_default().push(line);
        }
        assert!(bundles.len() > 1, "{file}");
        for (day, lines) in bundles {
            let sheet = Sheet::open(self, &day, &lines);
            let answer = sheet.key_twice_and_post(&lines);
            posted += answer["accepted"].as_u64().unwrap() as usize;
            held += answer["held"].as_u64().unwrap() as usize;
        }
        for application in single {
            match self.take(&application)["state"].as_str() {
                Some("posted") => posted += 1,
                Some("held") => held += 1,
                other => panic!("{file}: {other:?}"),
            }
        }
        (posted, held)
    }

    fn take(&self, application: &Value) -> Value {
        self.post("/api/v1/applications", application)
    }

    fn find_application(&self, coop: &str, member: &str, order_number: &str) -> Value {
        let path = format!(
            "/api/v1/applications?coop={coop}&member_number={member}&order_number={order_number}"
        );
        self.get(&path)["items"][0].clone()
    }

    fn void_application(&self, id: i64, reason: &str) {
        let path = format!("/api/v1/applications/{id}/void");
        self.post(&path, &json!({ "reason": reason }));
    }

    fn holds(&self) -> Vec<Value> {
        let mut holds = Vec::new();
        let mut path = "/api/v1/holds?limit=5".to_owned();
        loop {
            let page = self.get(&path);
            holds.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(cursor) => path = format!("/api/v1/holds?limit=5&cursor={cursor}"),
                None => return holds,
            }
        }
    }

    fn resolve(&self, id: i64, resolution: &Value) -> Value {
        self.post(&format!("/api/v1/holds/{id}/resolve"), resolution)
    }

    fn resolve_many(&self, import_id: i64, only: &str, way: &str) {
        let many =
            json!({ "import_id": import_id, "only": only, "way": way, "reason": "まとめて" });
        let resolved = self.post("/api/v1/holds/resolve", &many);
        assert!(resolved["resolved"].as_u64() > Some(0), "{resolved}");
    }

    fn plan(&self, action: &str, coop: &str, member: &str, plan: &Value) {
        let path = format!("/api/v1/members/{coop}/{member}/pledges/inclufund/{action}");
        self.post(&path, plan);
    }

    fn preview(&self, coop: &str, month: &str) -> Value {
        self.get(&format!(
            "/api/v1/batches/preview?coop={coop}&month={month}"
        ))
    }

    fn close(&self, coop: &str, month: &str) -> Value {
        self.post("/api/v1/batches", &json!({ "coop": coop, "month": month }))
    }

    fn void_batch(&self, coop: &str, month: &str, reason: &str) -> Value {
        let body = json!({ "coop": coop, "month": month, "reason": reason });
        self.post("/api/v1/batches/void", &body)
    }

    fn export(&self, coop: &str, month: &str, sequence: i64) -> (Value, Vec<u8>) {
        self.approve(coop, month, sequence);
        let body = json!({ "coop": coop, "month": month, "sequence": sequence });
        let exported = self.post("/api/v1/batches/export", &body);
        let file = self
            .0
            .get(&format!("/api/v1/batches/{}/file", exported["batch_id"]));
        assert_eq!(file.status, 200, "{}", file.text());
        (exported, file.body)
    }

    fn explain(&self, coop: &str, member: &str, month: &str) -> Value {
        self.get(&format!("/api/v1/members/{coop}/{member}/amounts/{month}"))
    }

    fn verify(&self) -> Value {
        self.get("/api/v1/verification")
    }
}

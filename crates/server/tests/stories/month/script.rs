//! What the office does, step by step, whatever door it goes through.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use testkit::fixtures;

use super::FrontDoor;

/// The collection files by co-op, month and sequence.
pub type Files = BTreeMap<(String, String, i64), Vec<u8>>;

const COOPS: [&str; 5] = ["01", "02", "03", "04", "05"];

/// What must have moved the amounts of some month, besides the first one's `new`.
const STEPS: [&str; 9] = [
    "new",
    "raised",
    "lowered",
    "paused",
    "ended",
    "withdrawn",
    "resumed",
    "one_time",
    "last_one_time",
];

/// What has been handed over so far, and what moved it.
#[derive(Default)]
struct Told {
    files: Files,
    steps: BTreeSet<String>,
}

/// Tells the months from an empty database to the files.
pub fn tell(door: &dyn FrontDoor) -> Files {
    let mut told = Told::default();
    for (table, file) in fixtures::NEWSLETTER.into_iter().chain(fixtures::SAMPLE) {
        door.import(table, file, &fixtures::bytes(file), None);
    }
    take_july(door);
    decide_all(door);
    told.hand_over_all(door, "2025-08");
    plan_the_autumn(door);
    told.hand_over_with_a_void(door, "2025-09");
    told.hand_over_all(door, "2025-10");
    told.hand_over_all(door, "2025-11");
    take_november(door);
    decide_all(door);
    told.hand_over_all(door, "2025-12");
    take_what_came_late(door);
    told.hand_over(door, "01", "2025-08", 2);
    told.hand_over(door, "01", "2025-12", 2);
    check_the_end(door, &told);
    told.files
}

/// The July week, and a member who thinks better of it.
fn take_july(door: &dyn FrontDoor) {
    let file = String::from_utf8(fixtures::bytes("sample/applications-2025-07.csv")).unwrap();
    let english = "coop,member_number,order_number,units,received_on,channel,note,line_id";
    let (_, lines) = file.split_once('\n').unwrap();
    let taken = door.take_sheet_file("july.csv", &format!("{english}\n{lines}"));
    assert_eq!(taken, (35, 3));
    let regretted = door.find_application("02", "0021440", "164160");
    assert_eq!(regretted["state"], "posted", "{regretted}");
    door.void_application(regretted["id"].as_i64().unwrap(), "見本: 本人の取り下げ");
    let regretted = door.find_application("02", "0021440", "164160");
    assert_eq!(regretted["state"], "voided", "{regretted}");
}

/// What supporters ask for once August is closed.
fn plan_the_autumn(door: &dyn FrontDoor) {
    let plan = |action, member, mut plan: Value| {
        plan["reason"] = json!("見本: 本人から電話");
        door.plan(action, "01", member, &plan);
    };
    plan(
        "change",
        "0010106",
        json!({ "from": "2025-10", "units": 3 }),
    );
    plan(
        "change",
        "0010762",
        json!({ "from": "2025-11", "units": 1 }),
    );
    plan(
        "pause",
        "0010231",
        json!({ "from": "2025-09", "until": "2025-11" }),
    );
    plan("end", "0010451", json!({ "from": "2025-10" }));
    let moved = "coop,member_number,new_coop,new_member_number,moved_on\n\
                 02,0020122,04,0049122,2025-10-15\n";
    door.import("member-changes", "moved.csv", moved.as_bytes(), None);
}

/// The November week: order sheets, web orders in CP932, and depot forms.
fn take_november(door: &dyn FrontDoor) {
    for (file, channel) in [
        ("sample/applications-2025-11.csv", None),
        ("sample/applications-2025-11-web.csv", Some("web")),
        ("sample/applications-2025-11-depot.csv", Some("depot")),
    ] {
        door.import("applications", file, &fixtures::bytes(file), channel);
    }
}

/// What the office decided about a doubtful line.
fn decision(hold: &Value) -> Value {
    let member = hold["member_number"].as_str().unwrap();
    match (hold["reason"].as_str().unwrap(), member) {
        ("already_supporter", "0010544") => json!({ "way": "spot" }),
        ("already_supporter", "0021162") => json!({ "way": "replace" }),
        ("already_supporter", _) => json!({ "way": "add" }),
        // Her pledge has ended: she registers anew.
        ("unknown_member", _) => json!({ "way": "accept", "member_number": "0010451" }),
        ("implausible_units", _) => json!({ "way": "accept", "units": 5 }),
        // Found late among the papers of July, whose month is closed: a delta.
        ("outside_window", "0011975") => json!({ "way": "accept", "cycle": "2025年7月4回" }),
        ("unknown_order_number" | "outside_window", _) => {
            json!({ "way": "accept", "order_number": "108413" })
        }
        ("amount_not_multiple", _) => json!({ "way": "accept", "amount": 1000 }),
        ("ambiguous_free_text", _) if hold["units"].is_null() => {
            json!({ "way": "accept", "order_number": "133540", "units": 1 })
        }
        ("ambiguous_free_text", _) => json!({ "way": "accept" }),
        _ => json!({ "way": "mistake" }),
    }
}

fn decide(door: &dyn FrontDoor, id: i64, mut decision: Value) -> Value {
    decision["reason"] = json!("見本: 本人に確認");
    let resolved = door.resolve(id, &decision);
    assert_ne!(resolved["state"], "held", "{resolved}");
    resolved
}

/// Decides every hold: those that came twice at once, the others one by one.
fn decide_all(door: &dyn FrontDoor) {
    let twice: BTreeSet<i64> = door
        .holds()
        .iter()
        .filter(|hold| hold["reason"] == "duplicate_application")
        .map(|hold| hold["import_id"].as_i64().unwrap())
        .collect();
    assert!(!twice.is_empty());
    for import_id in twice {
        door.resolve_many(import_id, "duplicate_application", "mistake");
    }
    for hold in door.holds() {
        decide(door, hold["id"].as_i64().unwrap(), decision(&hold));
    }
    assert_eq!(door.holds(), Vec::<Value>::new());
}

/// After December is closed, a telephone rings three times.
fn take_what_came_late(door: &dyn FrontDoor) {
    for (coop, member, way, month) in [
        ("01", "0010810", "accept", "2025-12"),
        ("02", "0020836", "next-month", "2026-01"),
        ("03", "0030823", "mistake", "2025-12"),
    ] {
        let taken = door.take(&json!({
            "coop": coop, "member_number": member, "order_number": "133540", "units": 2,
            "received_on": "2025-11-14", "channel": "phone",
        }));
        assert_eq!(taken["reason"], "month_already_closed", "{taken}");
        let resolved = decide(door, taken["id"].as_i64().unwrap(), json!({ "way": way }));
        assert_eq!(resolved["collection_month"], month, "{resolved}");
    }
}

impl Told {
    fn hand_over_all(&mut self, door: &dyn FrontDoor, month: &str) {
        for coop in COOPS {
            self.hand_over(door, coop, month, 1);
        }
    }

    /// One co-op closes too early, voids its batch, and closes again.
    fn hand_over_with_a_void(&mut self, door: &dyn FrontDoor, month: &str) {
        let (hasty, others) = COOPS.split_last().unwrap();
        for coop in others {
            self.hand_over(door, coop, month, 1);
        }
        let closed = door.close(hasty, month);
        let voided = door.void_batch(hasty, month, "見本: 早すぎた");
        assert_eq!(voided["batch_id"], closed["batch_id"], "{voided}");
        self.hand_over(door, hasty, month, 2);
    }

    /// Previews, closes and exports a month; the preview said what it would come to.
    fn hand_over(&mut self, door: &dyn FrontDoor, coop: &str, month: &str, sequence: i64) {
        let preview = door.preview(coop, month);
        let mut sum = preview["last_month"].as_i64().unwrap();
        for step in preview["bridge"].as_array().unwrap() {
            let amount = step["amount"].as_i64().unwrap();
            sum += amount;
            if amount != 0 {
                self.steps.insert(step["step"].as_str().unwrap().to_owned());
            }
        }
        let amount = preview["amount"].as_i64().unwrap();
        assert_eq!(sum, amount, "the bridge adds up: {preview}");
        assert_eq!(preview["holds"], json!([]), "{preview}");

        let closed = door.close(coop, month);
        assert_eq!(closed["amount"].as_i64(), Some(amount), "{closed}");
        assert_eq!(closed["charges"], preview["charges"], "{closed}");
        assert_eq!(closed["sequence"], sequence, "{closed}");

        let (exported, file) = door.export(coop, month, sequence);
        assert_eq!(exported["amount"].as_i64(), Some(amount), "{exported}");
        assert_eq!(exported["rows"], closed["charges"], "{exported}");
        assert_eq!(exported["profile"], "standard");
        assert_eq!(exported["sha256"].as_str().map(str::len), Some(64));
        let lines = file.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines as i64, 1 + closed["charges"].as_i64().unwrap());
        let name = (coop.to_owned(), month.to_owned(), sequence);
        assert!(self.files.insert(name, file).is_none());
    }
}

fn check_the_end(door: &dyn FrontDoor, told: &Told) {
    for step in STEPS {
        assert!(told.steps.contains(step), "no {step} in {:?}", told.steps);
    }
    assert!(told.steps.contains("already_billed"), "{:?}", told.steps);
    let (_, august) = door.export("01", "2025-08", 1);
    let name = ("01".to_owned(), "2025-08".to_owned(), 1);
    assert!(august == told.files[&name], "exported again, it is another");
    for (member, month, amount) in [
        ("0010106", "2025-09", 300),
        ("0010106", "2025-10", 900),
        ("0010231", "2025-10", 0),
        // Registered anew, and a gift of two units.
        ("0010451", "2025-12", 300 + 2 * 500),
        // A gift of November's week, charged with what came late.
        ("0010810", "2025-12", 5 * 300 + 2 * 500),
    ] {
        let explained = door.explain("01", member, month);
        assert_eq!(explained["amount"], amount, "{member} {month}: {explained}");
    }
    let verification = door.verify();
    assert_eq!(verification["ok"], true, "{verification}");
}

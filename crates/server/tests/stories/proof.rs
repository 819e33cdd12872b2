//! What finance keeps outside the database, and what it shows later.

use serde_json::Value;
use testkit::on_both;

use crate::office::Office;

on_both!(
    a_control_sheet_proves_that_nothing_was_cut_off,
    a_backup_is_a_database_of_its_own,
    each_verification_is_one_event_of_the_audit_log,
);

const EXPORT: [&str; 8] = [
    "batch", "export", "--coop", "01", "--month", "2025-08", "--out", "8.csv",
];

/// August of co-op 01, with one supporter, closed.
fn august(office: &Office) {
    office.import_newsletter();
    let members = office.file("members.csv", "coop,member_number\n01,0000001\n");
    office.import("members", &members, &[]);
    let pledges = "coop,member_number,fund,units,unit_price,from_month\n\
                   01,0000001,inclufund,2,300,2025-08\n";
    office.import("pledges", &office.file("pledges.csv", pledges), &[]);
    office.json(&["batch", "close", "--coop", "01", "--month", "2025-08"]);
}

fn a_control_sheet_proves_that_nothing_was_cut_off(office: Office) {
    august(&office);
    let mut export = EXPORT.to_vec();
    export.extend(["--control-sheet", "控え.json"]);
    let exported = office.json(&export);
    let sheet = std::fs::read_to_string(office.file("x", "").with_file_name("控え.json")).unwrap();
    let sheet: Value = serde_json::from_str(&sheet).unwrap();
    for key in [
        "rows", "amount", "sha256", "coop", "month", "sequence", "profile",
    ] {
        assert_eq!(sheet[key], exported[key], "{key}");
    }
    office.json(&["batch", "close", "--coop", "01", "--month", "2025-09"]);

    let verified = office.json(&["verify", "--against", "控え.json"]);

    assert_eq!(verified["ok"], true, "{verified}");
    let written = sheet["heads"].as_array().unwrap();
    let co_op = written
        .iter()
        .position(|head| head["chain"] == "audit/01")
        .unwrap();
    assert!(verified["heads"][co_op]["length"].as_i64() > written[co_op]["length"].as_i64());
    let today = office.file("today.json", verified.to_string());
    office.json(&["verify", "--against", today.to_str().unwrap()]);

    // A sheet that says more than the database has: so its end was cut off.
    let mut longer = sheet.clone();
    longer["heads"][co_op]["length"] = 99.into();
    let longer = office.file("longer.json", longer.to_string());
    let said = office.run(&["verify", "--against", longer.to_str().unwrap()]);
    assert_eq!(said.status, 1, "{said:?}");
    assert!(said.out.contains("audit/01 は 99 番まで"), "{said:?}");

    let said = office.run(&["verify", "--against", "8.csv"]);
    assert!(said.refused().contains("控えを読めません"), "{said:?}");
    let said = office.run(&export);
    assert!(said.refused().contains("控え.json"), "{said:?}");
}

fn a_backup_is_a_database_of_its_own(office: Office) {
    august(&office);
    let said = office.run(&["backup", "copy.db", "--json"]);
    if office.database.folder().is_none() {
        assert!(
            said.refused().contains("pg_dump --format=custom"),
            "{said:?}"
        );
        return;
    }
    assert_eq!(said.json()["file"], "copy.db");
    let verify = ["verify", "--json", "--database-url", "sqlite://copy.db"];
    assert_eq!(office.run(&verify).json()["ok"], true);
    let close = [
        "batch", "close", "--coop", "01", "--month", "2025-09", "--json",
    ];
    let mut close = close.to_vec();
    close.extend(["--database-url", "sqlite://copy.db"]);
    assert_eq!(office.run(&close).json()["charges"], 1);

    let said = office.run(&["backup", "copy.db"]);
    assert!(said.refused().contains("上書きしません"), "{said:?}");
}

fn each_verification_is_one_event_of_the_audit_log(office: Office) {
    august(&office);
    let events = |action: &str| {
        let found = office.json(&["audit", "search", "--action", action]);
        let subjects = found["items"].as_array().unwrap().iter();
        let subjects = subjects.map(|event| event["subject"].as_str().unwrap().to_owned());
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(events("verify_records"), [""; 0]);

    let first = office.json(&["verify"]);
    let said = office.run(&["verify"]);

    assert_eq!(first["is_recorded"], true, "{first}");
    assert_eq!(said.status, 0, "{said:?}");
    assert!(!said.out.contains("残せませんでした"), "{said:?}");
    assert_eq!(events("verify_records"), ["verification:all_well"; 2]);
    let mut forged = first.clone();
    forged["heads"][0]["length"] = 99.into();
    let forged = office.file("forged.json", forged.to_string());
    let said = office.run(&["verify", "--against", forged.to_str().unwrap()]);
    assert_eq!(said.status, 1, "{said:?}");
    assert_eq!(events("verify_against_heads"), ["verification:broken"]);
}

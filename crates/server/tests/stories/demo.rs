//! What somebody finds who tries the program for the first time.

use std::collections::BTreeSet;

use testkit::{TestDatabase, on_both};

use crate::office::Office;

on_both!(the_demo_leaves_something_for_everyone);

fn the_demo_leaves_something_for_everyone(office: Office) {
    let loaded = office.json(&["demo"]);

    assert_eq!(loaded["loaded"], true);
    let files = loaded["files"].as_array().unwrap();
    assert_eq!(files.len(), 4 * 5, "August to November of five co-ops");
    for file in files {
        let file = office.folder.path().join(file.as_str().unwrap());
        assert!(file.is_file(), "{}", file.display());
    }
    for month in ["2025-08", "2025-09", "2025-10", "2025-11"] {
        let preview = office.json(&["batch", "preview", "--coop", "01", "--month", month]);
        assert_eq!(preview["is_closed"], true, "{month}");
    }
    let december = office.json(&["batch", "preview", "--coop", "01", "--month", "2025-12"]);
    assert_eq!(december["is_closed"], false);
    assert!(december["amount"].as_i64() > Some(0), "{december}");
    let list = office.json(&["review", "list"]);
    let reasons: BTreeSet<_> = list["holds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hold| hold["reason"].as_str().unwrap())
        .collect();
    assert!(reasons.len() >= 5, "{reasons:?}");
    assert_eq!(office.json(&["verify"])["ok"], true);

    let why = office.json(&[
        "why", "--coop", "01", "--member", "0010106", "--month", "2025-10",
    ]);
    assert_eq!(why["amount"], 900, "{why}");
    let found = office.json(&["search", "charges", "--member", "0010106", "--coop", "01"]);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(4), "{found}");

    let again = office.json(&["demo"]);
    assert_eq!(again["loaded"], false, "run again, it finds its data");
    assert_eq!(again["held"], loaded["held"]);
}

#[test]
fn a_database_in_use_is_not_mixed_with_the_demo() {
    let office = Office::from(TestDatabase::sqlite());
    office.import_newsletter();
    let said = office.run(&["demo"]);
    assert!(said.refused().contains("空ではありません"), "{said:?}");
}

#[test]
fn a_demo_that_was_cut_off_is_simply_run_again() {
    let office = Office::from(TestDatabase::sqlite());
    let undisturbed = Office::from(TestDatabase::sqlite());
    let whole = undisturbed.json(&["demo"]);
    let mut cut_off = 0;
    for milliseconds in [5, 20, 40, 80, 120, 160] {
        let mut child = office.command(&["demo"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        if !child.wait().unwrap().success() {
            cut_off += 1;
        }
    }
    assert!(cut_off > 0, "every demo was quicker than its end");

    let said = office.run(&["demo", "--json"]).json();

    assert_eq!(said["held"], whole["held"]);
    assert_eq!(office.json(&["verify"])["ok"], true);
    let charges = |office: &Office| {
        office.json(&["search", "charges", "--limit", "500"])["items"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(charges(&office), charges(&undisturbed));
}

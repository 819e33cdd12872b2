//! The audit log by command.

use testkit::on_both;

use crate::office::Office;

on_both!(the_audit_log_is_searched_and_written_out_by_command);

fn the_audit_log_is_searched_and_written_out_by_command(office: Office) {
    office.import_newsletter();
    let file = office.file("members.csv", "coop,member_number\n01,0000001\n");
    office.import("members", &file, &[]);
    let file = office.file(
        "applications.csv",
        "coop,member_number,order_number,units,received_on,channel\n\
         01,0000001,108413,2,2025-11-12,web\n01,0000001,108413,2,2025-11-12,web\n",
    );
    office.import("applications", &file, &[]);
    let hold = office.json(&["review", "list"])["holds"][0]["id"].to_string();
    let decide = ["review", "resolve", &hold, "--as", "mistake", "--reason"];
    office.json(&[&decide[..], &["二重の用紙"]].concat());

    let of_member = ["audit", "search", "--coop", "01", "--member", "0000001"];
    let found = office.json(&of_member);
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["items"][0]["action"], "resolve_hold");
    let words = office.run(&of_member).out;
    assert!(
        words.contains("cli:office  要確認の申込を決めた（resolve_hold）"),
        "{words}"
    );
    assert!(words.contains("理由: 二重の用紙"), "{words}");
    let first = office.json(&["audit", "search", "--limit", "2"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = office.json(&["audit", "search", "--limit", "2", "--cursor", cursor]);
    assert_ne!(next["items"], first["items"]);

    let export = [
        "audit",
        "export",
        "--person",
        "cli:office",
        "--out",
        "監査.csv",
    ];
    let exported = office.json(&export);
    let file = std::fs::read_to_string(office.folder.path().join("監査.csv")).unwrap();
    assert_eq!(
        file.lines().count() as u64,
        exported["events"].as_u64().unwrap() + 1
    );
    assert!(office.run(&export).refused().contains("上書きはしない"));
    let exports = office.json(&["audit", "search", "--action", "export_audit_log"]);
    assert_eq!(exports["items"].as_array().unwrap().len(), 1, "{exports}");
}

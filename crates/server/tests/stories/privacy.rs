//! A member's own data by command: shown, erased, and kept no longer than was set.

use testkit::on_both;

use crate::office::Office;

on_both!(
    a_member_is_shown_everything_and_then_erased_by_command,
    retention_says_first_what_it_would_do,
);

const MEMBER: [&str; 4] = ["--coop", "01", "--member", "0000001"];

fn a_member(office: &Office) {
    office.import_newsletter();
    let file = office.file(
        "members.csv",
        "coop,member_number,name,left_on\n01,0000001,見本 一,2020-03-31\n01,0000002,見本 二,\n",
    );
    office.import("members", &file, &[]);
    let file = office.file(
        "applications.csv",
        "coop,member_number,order_number,units,received_on,channel,note\n\
         01,0000001,108413,2,2025-11-12,web,孫の結婚祝いに\n",
    );
    office.import("applications", &file, &[]);
}

fn a_member_is_shown_everything_and_then_erased_by_command(office: Office) {
    a_member(&office);
    let show = [&["member", "show-data"][..], &MEMBER].concat();
    let words = office.run(&show).out;
    for expected in [
        "氏名 見本 一",
        "備考 孫の結婚祝いに",
        "サポーター登録\n  （ありません）",
        "バックアップ",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }

    let erase = [&["member", "erase"][..], &MEMBER].concat();
    let reason = ["--reason", "本人の申し出"];
    let said = office.run(&[&erase[..], &reason].concat());
    assert!(said.refused().contains("要確認の申込"), "{said:?}");
    let hold = office.json(&["review", "list"])["holds"][0]["id"].to_string();
    let decide = [
        "review",
        "resolve",
        &hold,
        "--as",
        "mistake",
        "--reason",
        "脱退後",
    ];
    office.json(&decide);
    assert_eq!(office.run(&erase).status, 2, "without a reason");
    let said = office.run(&[&erase[..], &["--dry-run"]].concat());
    assert!(said.out.contains("まだ何も消していません"), "{said:?}");
    assert!(office.run(&show).out.contains("見本 一"));

    let erased = office.json(&[&erase[..], &reason].concat());

    assert_eq!(
        (&erased["names"], &erased["notes"]),
        (&1.into(), &1.into()),
        "{erased}"
    );
    let words = office.run(&show).out;
    assert!(
        !words.contains("見本 一") && !words.contains("結婚祝い"),
        "{words}"
    );
    assert!(words.contains("に消去済み"), "{words}");
    assert_eq!(office.json(&["verify"])["ok"], true);
}

fn retention_says_first_what_it_would_do(office: Office) {
    a_member(&office);
    let hold = office.json(&["review", "list"])["holds"][0]["id"].to_string();
    let decide = [
        "review",
        "resolve",
        &hold,
        "--as",
        "mistake",
        "--reason",
        "脱退後",
    ];
    office.json(&decide);
    let due = |arguments: &[&str]| {
        let found = office.json(arguments);
        (
            found["rules"][0]["due"].clone(),
            found["is_applied"].clone(),
        )
    };

    assert_eq!(due(&["retention", "show"]), (1.into(), false.into()));
    assert_eq!(due(&["retention", "apply"]), (1.into(), false.into()));
    let words = office.run(&["retention", "apply"]).out;
    assert!(
        words.contains("まだ何も消していません") && words.contains("（24か月）"),
        "{words}"
    );
    assert_eq!(
        due(&["retention", "apply", "--yes"]),
        (1.into(), true.into())
    );
    assert_eq!(due(&["retention", "show"]), (0.into(), false.into()));
    let mut for_ever = office.command(&["retention", "show"]);
    for_ever.env("HITOKUCHI_RETENTION_NAMES_MONTHS", "0");
    let said = crate::office::said(for_ever.output().unwrap());
    assert!(
        said.out
            .contains("脱退した組合員の氏名・備考・理由の文（ずっと残す）\n"),
        "{said:?}"
    );
    assert_eq!(office.json(&["verify"])["ok"], true);
}

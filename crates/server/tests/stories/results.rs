//! A co-op's answer comes in by command, is put right, and is looked at.

use testkit::on_both;

use crate::office::Office;

on_both!(
    a_co_ops_answer_is_taken_in_decided_and_put_right_by_command,
    an_answer_that_cannot_be_read_is_refused_with_every_bad_line,
);

/// August of two supporters, handed over: the keys of its charges.
fn handed_over(office: &Office) -> Vec<String> {
    office.import_newsletter();
    let members = office.file(
        "members.csv",
        "coop,member_number\n01,0000001\n01,0000002\n",
    );
    office.import("members", &members, &[]);
    let pledges = office.file(
        "pledges.csv",
        "coop,member_number,fund,units,unit_price,from_month\n\
         01,0000001,inclufund,2,300,2025-08\n01,0000002,inclufund,1,300,2025-08\n",
    );
    office.import("pledges", &pledges, &[]);
    let month = ["--coop", "01", "--month", "2025-08"];
    office.json(&[&["batch", "close"], &month[..]].concat());
    let out = office.file("unused", "").with_file_name("請求.csv");
    let place = out.to_str().unwrap();
    let more = ["--profile", "standard-utf8", "--out", place];
    office.json(&[&["batch", "export"], &month[..], &more[..]].concat());
    let file = std::fs::read_to_string(out).unwrap();
    let keys = file
        .lines()
        .skip(1)
        .filter_map(|line| line.rsplit(',').next());
    keys.map(|key| key.trim_matches('"').to_owned()).collect()
}

fn a_co_ops_answer_is_taken_in_decided_and_put_right_by_command(office: Office) {
    let keys = handed_over(&office);
    let results = |name: &str, rows: String| {
        let path = office.file(name, format!("請求キー,結果コード,集金日\n{rows}"));
        office.json(&["results", "import", path.to_str().unwrap()])
    };

    let first = results("1.csv", format!("{},0,2025-08-27\n", keys[0]));
    let second = results(
        "2.csv",
        format!(
            "{0},0,2025-08-27\n{0},1,2025-08-27\n{1},1,\n",
            keys[0], keys[1]
        ),
    );
    let held = office.json(&["results", "list"])["results"].clone();
    let id = held[0]["id"].to_string();
    let taken = office.json(&["results", "take", &id, "--reason", "電話で確認"]);
    let refused = office.run(&["results", "dismiss", &id, "--reason", "間違い"]);
    let key = ["--charge-key", &keys[0], "--reason", "単協の記録違い"];
    let reversed = office.json(&[&["settlement", "reverse"], &key[..]].concat());
    results("3.csv", format!("{},0,2025-08-28\n", keys[0]));
    let refunded = office.json(&[&["settlement", "refund"], &key[..]].concat());
    let status = office.json(&["batch", "status"]);

    let counts = ["collected", "failed", "held", "unchanged"];
    assert_eq!(counts.map(|of| first[of].clone()), [1, 0, 0, 0]);
    assert_eq!(counts.map(|of| second[of].clone()), [0, 1, 1, 1]);
    assert_eq!(held[0]["reason"], "contradicts");
    assert_eq!(taken["replaced"], true);
    assert!(
        refused.refused().contains("すでに決めています"),
        "{refused:?}"
    );
    assert_eq!(reversed["result_code"], "1");
    assert_eq!(
        (&refunded["amount"], &refunded["account"]),
        (&600.into(), &"1121".into())
    );
    let settlement = &status["batches"][0]["settlement"];
    let counts = ["exported", "collected", "failed", "outstanding"];
    assert_eq!(counts.map(|of| settlement[of].clone()), [2, 1, 1, 0]);
    assert_eq!(office.json(&["verify"])["ok"], true);
}

fn an_answer_that_cannot_be_read_is_refused_with_every_bad_line(office: Office) {
    let keys = handed_over(&office);
    let bad = format!(
        "請求キー,結果コード,集金日\n{},7,2025-08-27\n{}0,0,\n",
        keys[0], keys[1]
    );
    let path = office.file("bad.csv", bad);

    let refused = office.run(&["results", "import", path.to_str().unwrap()]);

    for place in [":2: 結果コード", ":3: 請求キー", ":3: 集金日"] {
        assert!(refused.refused().contains(place), "{place} in {refused:?}");
    }
    assert_eq!(office.json(&["verify"])["ok"], true);
}

//! How the program speaks: what to do next, what is wrong, and with which exit status.

use testkit::{TestDatabase, fixtures, on_both};

use crate::office::Office;

/// Lines of a terminal.
const SCREENFUL: usize = 50;

on_both!(
    the_newsletters_facts_come_in_by_command,
    a_file_with_bad_lines_lists_each_and_changes_nothing,
    a_file_of_applications_can_be_tried_before_it_is_taken,
    who_passes_months_over_is_told_what_is_not_charged_in_them,
    an_application_is_shown_in_the_words_and_the_time_of_the_office,
);

fn the_newsletters_facts_come_in_by_command(office: Office) {
    office.import_newsletter();

    let miss = office.json(&["order-number", "108413", "--on", "2025-07-16"]);
    assert_eq!(miss["found"], false);
    let hit = office.json(&["order-number", "１０８４１３", "--on", "2025-11-12"]);
    assert_eq!(hit["found"], true);
    assert_eq!(hit["offering"]["order_number"], "108413");
    assert_eq!(hit["offering"]["unit_price"], 300);
    assert_eq!(hit["offering"]["collection_month"], "2025-12");

    let told = office.run(&["order-number", "108413", "--on", "2025-07-16"]);
    assert_eq!(told.status, 0);
    assert!(told.out.contains("2025年11月3回"), "{told:?}");
}

fn a_file_with_bad_lines_lists_each_and_changes_nothing(office: Office) {
    office.import_newsletter();
    let file = office.file(
        "offerings.csv",
        "企画回,注文番号,種別,単価,基金コード,募集コード,名称\n\
         2025年11月3回,13354,supporter,300,inclufund,,五桁\n\
         2025年11月3回,200001,supporter,三百,inclufund,,漢数字\n\
         2025年11月3回,200002,spot,500,inclufund,,良い行\n",
    );

    let said = office.run(&["import", "offerings", file.to_str().unwrap(), "--json"]);

    let words = said.refused();
    let place = |line: u32| format!("{}:{line}: ", file.display());
    assert!(words.contains(&place(2)), "{words}");
    assert!(words.contains(&place(3)), "{words}");
    assert!(!words.contains(&place(4)), "{words}");
    let answer = office.json(&["order-number", "200002", "--on", "2025-11-12"]);
    assert_eq!(answer["found"], false);
}

fn a_file_of_applications_can_be_tried_before_it_is_taken(office: Office) {
    office.import_newsletter();
    for (table, file) in fixtures::SAMPLE {
        office.import(table, &fixtures::path(file), &[]);
    }
    let file = fixtures::path("sample/applications-2025-07.csv");
    let applications = || office.json(&["search", "applications", "--limit", "1"])["items"].clone();

    let trial = office.import("applications", &file, &["--dry-run"]);
    let told = office.run(&[
        "import",
        "applications",
        file.to_str().unwrap(),
        "--dry-run",
    ]);

    assert_eq!(applications(), serde_json::json!([]));
    assert_eq!(trial["dry_run"], true);
    assert_eq!(trial["already_imported"], false);
    assert!(trial["held"].as_u64() > Some(0), "{trial}");
    assert!(
        told.out.contains("試しに読んだだけで、何も変えていません"),
        "{told:?}"
    );
    assert!(
        !told.out.contains("review list"),
        "there is nothing to review: {told:?}"
    );

    let taken = office.import("applications", &file, &[]);
    for key in [
        "file",
        "lines",
        "accepted",
        "held",
        "held_by_reason",
        "already_imported",
    ] {
        assert_eq!(trial[key], taken[key], "{key}");
    }
    assert!(applications() != serde_json::json!([]));

    let again = office.import("applications", &file, &["--dry-run"]);
    let told = office.run(&[
        "import",
        "applications",
        file.to_str().unwrap(),
        "--dry-run",
    ]);
    assert_eq!(again["already_imported"], true);
    assert_eq!(again["import_id"], taken["import_id"]);
    assert!(told.out.contains("前に取り込んだファイル"), "{told:?}");
}

fn who_passes_months_over_is_told_what_is_not_charged_in_them(office: Office) {
    office.import_newsletter();
    for (table, file) in fixtures::SAMPLE {
        office.import(table, &fixtures::path(file), &[]);
    }
    let close = |month, more: &[&str]| {
        let mut arguments = vec!["batch", "close", "--coop", "01", "--month", month];
        arguments.extend(more);
        office.run(&arguments)
    };
    let first = close("2025-08", &[]);
    assert_eq!(first.status, 0, "{first:?}");

    let later = close("2025-11", &["--reason", "二か月休んだ"]);
    assert_eq!(later.status, 0, "{later:?}");
    for month in ["2025-09", "2025-10"] {
        let words = format!("{month} にまだ請求していない分が");
        assert!(later.out.contains(&words), "{later:?}");
    }
    let out = [
        "batch", "export", "--coop", "01", "--month", "2025-09", "--out", "9.csv",
    ];
    let nothing = office.run(&out);
    let words = nothing.refused();
    assert!(words.contains("もう一度締めると"), "{words}");
}

fn an_application_is_shown_in_the_words_and_the_time_of_the_office(office: Office) {
    office.import_newsletter();
    for (table, file) in fixtures::SAMPLE {
        office.import(table, &fixtures::path(file), &[]);
    }
    let file = office.file(
        "one.csv",
        "単協コード,組合員番号,注文番号,口数,受付日,受付経路\n\
         01,0010106,164160,2,2025-07-16,paper\n",
    );
    office.import("applications", &file, &[]);
    let posted = office.json(&[
        "search",
        "applications",
        "--state",
        "posted",
        "--limit",
        "1",
    ]);
    let id = posted["items"][0]["id"].to_string();
    let held = office.file(
        "two.csv",
        "単協コード,組合員番号,注文番号,口数,受付日,受付経路\n\
         01,0010106,164160,30,2025-07-16,web\n01,0010106,164160,31,2025-07-16,web\n",
    );
    office.import("applications", &held, &[]);
    let holds = office.json(&["search", "applications", "--state", "held"]);
    let hold = |at: usize| holds["items"][at]["id"].to_string();
    let resolve = |id: String, way: &str| {
        let why = ["--reason", "電話で確認"];
        let resolved = office.run(&["review", "resolve", &id, "--as", way, why[0], why[1]]);
        assert_eq!(resolved.status, 0, "{resolved:?}");
        resolved.out
    };
    assert!(resolve(hold(0), "accept").contains("（2025-08 に一度だけ）"));
    assert!(resolve(hold(1), "next-month").contains("を集金月 2025-09 に回しました"));

    let void = ["application", "void", id.as_str(), "--reason", "組合員から"];
    assert_eq!(office.run(&void).status, 0);

    let shown = office.run(&["application", "show", &id]);

    for words in ["注文用紙", "出どころ ファイル", "取り消し「組合員から」"]
    {
        assert!(shown.out.contains(words), "{words}: {}", shown.out);
    }
    assert!(!shown.out.contains("UTC"), "{}", shown.out);
}

fn office() -> Office {
    Office::from(TestDatabase::sqlite())
}

#[test]
fn without_a_command_the_program_says_what_to_do_in_a_screenful() {
    let said = office().run(&[]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.out.lines().count() <= 30, "{}", said.out);
    assert!(said.out.contains("hitokuchi demo"), "{}", said.out);
}

#[test]
fn every_command_tells_how_it_is_used_in_a_screenful() {
    let office = office();
    let commands = subcommands(&office, &[]);
    assert!(commands.len() > 3, "{commands:?}");
    for command in commands {
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let mut arguments = command.clone();
        arguments.push("--help");
        let said = office.run(&arguments);
        assert_eq!(said.status, 0, "{said:?}");
        assert!(said.out.lines().count() <= SCREENFUL, "{}", said.out);
        let says_what_to_do = ["例: hitokuchi", "つぎは: hitokuchi"]
            .iter()
            .any(|words| said.out.contains(words));
        assert!(says_what_to_do, "{command:?} does not say what to do next");
        let about = said.out.lines().next().unwrap_or_default();
        assert!(
            !about.is_ascii(),
            "{command:?} does not say in Japanese what it does"
        );
    }
}

/// Every command below this one, with its own below it.
fn subcommands(office: &Office, above: &[&str]) -> Vec<Vec<String>> {
    let mut arguments = above.to_vec();
    arguments.push("--help");
    let help = office.run(&arguments).out;
    let mut found = Vec::new();
    let listed = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"));
    for line in listed.skip(1).take_while(|line| !line.is_empty()) {
        let Some(name) = line.strip_prefix("  ").and_then(|l| l.split(' ').next()) else {
            continue;
        };
        if !name.is_empty() {
            let mut path = above.to_vec();
            path.push(name);
            found.push(path.iter().map(|&part| part.to_owned()).collect());
            found.extend(subcommands(office, &path));
        }
    }
    found
}

#[test]
fn wrong_usage_ends_with_status_2_and_changes_nothing() {
    let office = office();
    let cases: [&[&str]; 7] = [
        &["nonsense"],
        &["import"],
        &["import", "nonsense", "file.csv"],
        &["import", "funds"],
        &["import", "funds", "file.csv", "--dry-run"],
        &["order-number", "108413", "--on", "2025-02-31"],
        &["order-number", "108413", "--channel", "fax"],
    ];
    for arguments in cases {
        let said = office.run(arguments);
        assert_eq!(said.status, 2, "{arguments:?}: {said:?}");
        assert_eq!(said.out, "", "{arguments:?}");
        assert!(!said.err.is_empty(), "{arguments:?}");
    }
    let database = office.database.folder().unwrap();
    assert_eq!(std::fs::read_dir(database).unwrap().count(), 0);
}

#[test]
fn wrong_usage_is_told_in_japanese_with_the_way_out() {
    let office = office();
    let cases: [(&[&str], &str); 11] = [
        (&["nonsense"], "「nonsense」というコマンドはありません"),
        (&["revew"], "review のことでしょうか"),
        (&["import", "funds"], "<FILE> を書いてください"),
        (
            &["import", "application", "a.csv"],
            "、applications のどれか",
        ),
        (
            &["batch", "close", "--coop", "01", "--month", "2025-13"],
            "--month <YYYY-MM>: 「2025-13」という月はありません",
        ),
        (
            &["batch", "close", "--coop", "01"],
            "--month <YYYY-MM> を書いてください",
        ),
        (
            &["batch", "close", "--coop", "01", "--month"],
            "値を書いてください",
        ),
        (&["application", "show", "十二"], "「十二」は使えません"),
        (
            &["verify", "--quickly"],
            "「--quickly」という指定はありません",
        ),
        (
            &["verify", "--json", "--json"],
            "--json は一度だけ書いてください",
        ),
        (&["serve", "--listen", "here"], "127.0.0.1:8080 のように"),
    ];
    for (arguments, words) in cases {
        let said = office.run(arguments);
        assert_eq!(said.status, 2, "{arguments:?}: {said:?}");
        assert!(said.err.contains(words), "{arguments:?}: {}", said.err);
        assert!(said.err.contains("--help"), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("error:"), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let office = office();
    let said = office.run(&["import", "cooperatives", "nowhere.csv"]);
    assert!(said.refused().contains("nowhere.csv"), "{said:?}");
    let database = office.database.folder().unwrap();
    assert_eq!(std::fs::read_dir(database).unwrap().count(), 0);
}

#[test]
fn a_file_of_another_table_is_suspected() {
    let office = office();
    office.import_newsletter();
    let members = fixtures::path("sample/members.csv");
    let said = office.run(&["import", "applications", members.to_str().unwrap()]);
    assert!(said.refused().contains("取り違えていないか"), "{said:?}");
}

#[test]
fn what_is_wrong_with_one_field_is_said_once() {
    let office = office();
    office.import_newsletter();
    let said = office.run(&["search", "charges", "--cursor", "made-up"]);
    let words = said.refused();
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
    assert!(words.contains("cursor"), "{words}");
}

/// Every command that a ledger does not begin with, as somebody would call it.
const ON_A_LEDGER: [&str; 19] = [
    "import funds funds.csv",
    "import applications funds.csv",
    "review list",
    "review weigh 1",
    "review resolve 1 --as accept --reason 電話で確認",
    "review resolve --import 1 --only already_supporter --as add --reason 電話で確認",
    "review correct 1 --units 2 --reason 書き間違い",
    "review undo 1 --reason 取り違え",
    "application show 1",
    "application void 1 --reason 取り違え",
    "pledge show --coop 01 --member 0010106 --fund inclufund",
    "pledge change --coop 01 --member 0010106 --fund inclufund --from 2025-12 --units 2 --reason 本人から電話",
    "pledge pause --coop 01 --member 0010106 --fund inclufund --from 2025-12 --until 2026-02 --reason 本人から電話",
    "pledge end --coop 01 --member 0010106 --fund inclufund --from 2025-12 --reason 本人から電話",
    "batch preview --coop 01 --month 2025-12",
    "batch close --coop 01 --month 2025-12",
    "batch void --coop 01 --month 2025-12 --reason 入れ忘れ",
    "batch export --coop 01 --month 2025-12 --out 請求.csv",
    "verify",
];
/// Those that only look.
const LOOKING: [&str; 4] = [
    "order-number 108413",
    "why --coop 01 --member 0010106 --month 2025-12",
    "search applications --member 0010106",
    "search charges --member 0010106",
];

#[test]
fn a_database_address_typed_wrongly_is_named_and_nothing_is_made_there() {
    let office = office();
    office.file("funds.csv", "基金コード,名称\nmachi,まちづくり積立金\n");
    let files = || std::fs::read_dir(office.folder.path()).unwrap().count();
    let files_before = files();
    for command in ON_A_LEDGER.iter().chain(&LOOKING) {
        let mut arguments: Vec<&str> = command.split(' ').collect();
        arguments.extend(["--database-url", "sqlite://typed/wrongly.db"]);

        let said = office.run(&arguments);

        let words = said.refused();
        for named in [
            "typed/wrongly.db がありません",
            "--database-url",
            "HITOKUCHI_DATABASE_URL",
            "hitokuchi migrate",
            "hitokuchi demo",
        ] {
            assert!(words.contains(named), "{command}: {words}");
        }
        assert_eq!(files(), files_before, "{command} left something behind");
    }
}

#[test]
fn a_file_that_is_no_database_of_ours_is_named_and_stays_as_it_is() {
    let office = office();
    let file = office.file("funds.csv", "基金コード,名称\nmachi,まちづくり積立金\n");
    let before = std::fs::read(&file).unwrap();
    for command in ["verify", "migrate"] {
        let said = office.run(&[command, "--database-url", "sqlite://funds.csv"]);
        let words = said.refused();
        assert!(words.contains("funds.csv は一口"), "{words}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
    let said = office.run(&["verify", "--database-url", "sqlite://."]);
    assert!(said.refused().contains("フォルダです"), "{said:?}");
    assert_eq!(std::fs::read_dir(office.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_ledger_begins_with_its_cooperatives() {
    let office = office();
    let file = office.file("cooperatives.csv", "単協コード,単協名\n01,23区南\n");

    let imported = office.import("cooperatives", &file, &[]);

    assert_eq!(imported["added"], 1);
    assert!(office.run(&["verify"]).status == 0);
}

#[test]
fn a_database_of_another_kind_is_refused_without_its_password() {
    let office = office();
    let said = office.run(&["migrate", "--database-url", "mysql://me:secret@host/db"]);
    let words = said.refused();
    assert!(words.contains("sqlite://"), "{words}");
    assert!(!words.contains("secret"), "{words}");
}

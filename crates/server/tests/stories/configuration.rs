//! Settings: where they come from, which wins, and what is said of wrong ones.

use serde_json::Value;
use testkit::TestDatabase;

use crate::office::{Office, Said, said};

fn office() -> Office {
    Office::from(TestDatabase::sqlite())
}

/// Runs `hitokuchi config` with these variables besides.
fn config(office: &Office, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
    let mut all = vec!["config"];
    all.extend(arguments);
    let mut command = office.command(&all);
    command.envs(variables.iter().copied());
    said(command.output().unwrap())
}

fn setting<'a>(shown: &'a Value, name: &str) -> &'a Value {
    let settings = shown["settings"].as_array().unwrap();
    settings.iter().find(|one| one["name"] == name).unwrap()
}

#[test]
fn what_is_in_force_is_shown_with_where_it_came_from() {
    let office = office();
    office.file(
        "hitokuchi.toml",
        "# 事務局\nlisten = \"127.0.0.1:9000\"\nworkers = 2\n",
    );
    let variables = [
        ("HITOKUCHI_WORKERS", "3"),
        ("HITOKUCHI_OVERDUE_AFTER_DAYS", "30"),
    ];

    let shown = config(
        &office,
        &variables,
        &["--json", "--implausible-units-over", "10"],
    )
    .json();

    assert_eq!(shown["file"], "hitokuchi.toml");
    for (name, value, origin, place) in [
        (
            "listen",
            Value::from("127.0.0.1:9000"),
            "file",
            "hitokuchi.toml:2",
        ),
        (
            "workers",
            3.into(),
            "environment",
            "環境変数 HITOKUCHI_WORKERS",
        ),
        (
            "overdue_after_days",
            30.into(),
            "environment",
            "環境変数 HITOKUCHI_OVERDUE_AFTER_DAYS",
        ),
        (
            "implausible_units_over",
            10.into(),
            "option",
            "--implausible-units-over",
        ),
        ("upload_bytes_max", 268_435_456.into(), "default", "既定"),
        ("upload_folder", Value::Null, "default", "既定"),
    ] {
        let one = setting(&shown, name);
        assert_eq!(one["value"], value, "{name}");
        assert_eq!(one["origin"], origin, "{name}");
        assert_eq!(one["place"], place, "{name}");
    }
    let told = config(&office, &variables, &[]);
    assert!(told.out.contains("環境変数 HITOKUCHI_WORKERS"), "{told:?}");
}

#[test]
fn no_password_is_shown() {
    let office = office();
    let variables = [(
        "HITOKUCHI_DATABASE_URL",
        "postgres://me:secret@host/db?password=another",
    )];
    for arguments in [&[][..], &["--json"]] {
        let told = config(&office, &variables, arguments);
        assert_eq!(told.status, 0, "{told:?}");
        assert!(told.out.contains("postgres://me:***@host/db"), "{told:?}");
        for secret in ["secret", "another"] {
            assert!(!told.out.contains(secret), "{told:?}");
        }
    }
}

#[test]
fn a_file_is_named_by_option_or_variable_and_has_to_be_there() {
    let office = office();
    let file = office.file("office.toml", "overdue_after_days = 7\n");
    let file = file.to_str().unwrap();
    let by_option = config(&office, &[], &["--json", "--config", file]).json();
    let by_variable = config(&office, &[("HITOKUCHI_CONFIG", file)], &["--json"]).json();
    for shown in [by_option, by_variable] {
        assert_eq!(shown["file"], file);
        assert_eq!(setting(&shown, "overdue_after_days")["value"], 7);
    }
    let nowhere = config(&office, &[], &["--config", "nowhere.toml"]);
    assert_eq!(nowhere.status, 2, "{nowhere:?}");
    assert!(nowhere.err.contains("nowhere.toml"), "{nowhere:?}");
}

#[test]
fn every_command_refuses_a_wrong_name_or_value_and_proposes_the_nearest() {
    let office = office();
    office.file(
        "hitokuchi.toml",
        "lisetn = \"127.0.0.1:9000\"\nworkers = 0\n",
    );
    for command in [&["serve"][..], &["migrate"], &["config"], &["verify"]] {
        let mut command = office.command(command);
        command.env("HITOKUCHI_UPLOAD_FOLDRE", "/tmp");
        let refused = said(command.output().unwrap());
        assert_eq!(refused.status, 2, "{refused:?}");
        assert_eq!(refused.out, "", "{refused:?}");
        for words in [
            "hitokuchi.toml:1: lisetn という設定はありません。listen のことでしょうか",
            "hitokuchi.toml:2: workers: 「0」は使えません",
            "いちばん近いのは 1 です",
            "HITOKUCHI_UPLOAD_FOLDRE: そういう設定はありません。HITOKUCHI_UPLOAD_FOLDER のことでしょうか",
        ] {
            assert!(refused.err.contains(words), "{words}: {}", refused.err);
        }
    }
    let database = office.database.folder().unwrap();
    assert_eq!(std::fs::read_dir(database).unwrap().count(), 0);
}

#[test]
fn a_setting_of_the_file_takes_effect() {
    let office = office();
    office.import_newsletter();
    let file = office.file("office.toml", "implausible_units_over = 3\n");
    let line = office.file(
        "one.csv",
        "単協コード,組合員番号,注文番号,口数,受付日,受付経路\n01,0010106,164160,4,2025-07-16,paper\n",
    );
    let members = office.file("members.csv", "単協コード,組合員番号\n01,0010106\n");
    office.import("members", &members, &[]);
    let taken = office.import("applications", &line, &["--config", file.to_str().unwrap()]);
    assert_eq!(taken["held_by_reason"]["implausible_units"], 1, "{taken}");
}

#[test]
fn the_page_about_settings_has_every_one_with_its_default() {
    let office = office();
    let page = include_str!("../../../../docs/CONFIGURATION.md");
    let mut command = office.command(&["config", "--json"]);
    command.env_remove("HITOKUCHI_DATABASE_URL");
    let shown = said(command.output().unwrap()).json();
    for one in shown["settings"].as_array().unwrap() {
        assert_eq!(one["origin"], "default", "{one}");
        let default = match &one["value"] {
            Value::Null => String::new(),
            Value::String(text) => format!("`{text}`"),
            Value::Array(values) if values.is_empty() => String::new(),
            other => format!("`{other}`"),
        };
        let line = format!("| `{}` | {default} |", one["name"].as_str().unwrap());
        let line = line.replace("  ", " ");
        assert!(
            page.contains(&line),
            "docs/CONFIGURATION.md lacks a line that begins with {line}"
        );
    }
}

//! A database that is not what it was is refused rather than used.

use std::fs;
use std::path::Path;

use testkit::TestDatabase;

use crate::program::{Program, Ran};

#[test]
fn a_database_that_has_vanished_is_not_silently_replaced() {
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    program.tell(&["migrate"]);
    let file = database.folder().unwrap().join("hitokuchi.db");

    fs::remove_file(&file).unwrap();
    refuses(&program.try_to(&["migrate"]), "見つかりません");
    assert!(!file.exists());

    fs::write(&file, "").unwrap();
    refuses(&program.try_to(&["migrate"]), "空です");
    refuses(
        &program.try_to(&["serve", "--listen", "127.0.0.1:0"]),
        "空です",
    );
    assert_eq!(fs::metadata(&file).unwrap().len(), 0);
}

#[test]
fn a_database_that_was_never_made_is_not_made_by_looking() {
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    refuses(&program.try_to(&["verify"]), "migrate");
    assert!(is_empty(database.folder().unwrap()));
}

#[test]
fn something_that_is_no_database_is_refused_and_kept() {
    let database = TestDatabase::sqlite();
    let file = database.folder().unwrap().join("hitokuchi.db");
    let letter = "これはデータベースではなく手紙です。\n".repeat(100);
    fs::write(&file, &letter).unwrap();
    let ran = Program::on(&database).try_to(&["migrate"]);
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), letter);
}

#[track_caller]
fn refuses(ran: &Ran, words: &str) {
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert!(
        ran.words.contains(words),
        "{words} is not in: {}",
        ran.words
    );
    assert!(ran.answer.is_null(), "{ran:?}");
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

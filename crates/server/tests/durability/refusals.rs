//! A database that is not what it was is refused rather than used.

use std::fs;
use std::path::Path;

use testkit::TestDatabase;

use crate::program::{Program, Ran};
use crate::service::SERVE;

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
    refuses(&program.try_to(&SERVE), "空です");
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
fn a_database_of_a_newer_program_is_refused_and_kept() {
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    program.tell(&["migrate"]);
    let file = database.folder().unwrap().join("hitokuchi.db");
    // Who closes last folds the log beside the file into it; a program that ends while another
    // connection is still being made leaves that to the next.
    let log = file.with_extension("db-wal");
    for _ in 0..20 {
        if log.exists() {
            program.tell(&["migrate"]);
        }
    }
    assert!(!log.exists());
    let before = fs::read(&file).unwrap();
    // The newest migration, and a later one in its place.
    let newer = replace_all(&before, &newest_migration(), "20991231000000");
    fs::write(&file, &newer).unwrap();

    for words in [&["migrate"][..], &["verify"], &SERVE] {
        refuses(&program.try_to(words), "20991231000000");
    }
    assert!(fs::read(&file).unwrap() == newer);
}

/// The version of the newest migration of SQLite, as the database knows it.
fn newest_migration() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let names = fs::read_dir(folder).unwrap().flatten();
    let newest = names
        .map(|entry| entry.file_name().into_string().unwrap())
        .max();
    let version = newest.unwrap();
    version.split('_').next().unwrap().replace('-', "")
}

/// The same bytes with one text in place of another of the same length, which has to be there.
fn replace_all(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut replaced = bytes.to_vec();
    let places: Vec<usize> = (0..=bytes.len() - from.len())
        .filter(|at| bytes[*at..].starts_with(from.as_bytes()))
        .collect();
    assert!(!places.is_empty(), "{from} is not in the file");
    for at in places {
        replaced[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    replaced
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

//! Databases that this program must not write to, or cannot open.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use store::{OpenMode, Store, StoreError, on_backend};
use testkit::{TestDatabase, on_both};

on_both!(
    a_database_that_a_newer_program_has_changed_is_refused,
    where_there_is_no_ledger_none_is_made_by_asking_for_one,
);

fn where_there_is_no_ledger_none_is_made_by_asking_for_one(database: TestDatabase) {
    for _ in 0..2 {
        let refused = Store::open(database.url(), OpenMode::MustExist).map(drop);
        match database.folder() {
            Some(folder) => {
                assert!(
                    matches!(refused, Err(StoreError::Missing(_))),
                    "{refused:?}"
                );
                assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
            }
            None => assert!(
                matches!(refused, Err(StoreError::NotOurs(_))),
                "{refused:?}"
            ),
        }
    }
    Store::open(database.url(), OpenMode::Migrate).unwrap();
    Store::open(database.url(), OpenMode::MustExist).unwrap();
}

#[test]
fn the_sqlite_database_of_another_program_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other
        .batch_execute("CREATE TABLE notes (note TEXT)")
        .unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();

    let url = format!("sqlite://{}", path.display());
    let refused = Store::open(&url, OpenMode::MustExist).map(drop);

    assert!(
        matches!(refused, Err(StoreError::NotOurs(_))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_reader_that_cannot_be_opened_says_why_and_not_how_long_it_waited() {
    let folder = tempfile::tempdir().unwrap();
    let before = folder.path().join("before");
    let url = format!("sqlite://{}/a.db", before.display());
    std::fs::create_dir(&before).unwrap();
    let store = Store::open(&url, OpenMode::Migrate).unwrap();
    std::fs::rename(&before, folder.path().join("after")).unwrap();

    for _ in 0..2 {
        let refused = store.is_ready().unwrap_err();
        assert!(matches!(refused, StoreError::Connect(_)), "{refused:?}");
        let words = refused.to_string();
        assert!(words.contains("before/a.db"), "{words}");
        assert!(words.contains("unable to open database file"), "{words}");
        assert!(!words.contains("timed out"), "{words}");
    }
    std::fs::rename(folder.path().join("after"), &before).unwrap();
    assert!(store.is_ready().unwrap(), "once it is back, it opens again");
}

#[test]
fn a_reader_of_what_is_no_database_says_so_and_not_how_long_it_waited() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let url = format!("sqlite://{}", path.display());
    let store = Store::open(&url, OpenMode::Migrate).unwrap();
    std::fs::rename(&path, folder.path().join("b.db")).unwrap();
    std::fs::write(&path, "x".repeat(8192)).unwrap();
    std::fs::remove_file(folder.path().join("a.db-wal")).unwrap();

    let refused = store.is_ready().unwrap_err();

    assert!(matches!(refused, StoreError::NotOurs(_)), "{refused:?}");
}

fn a_database_that_a_newer_program_has_changed_is_refused(database: TestDatabase) {
    let store = Store::open(database.url(), OpenMode::Migrate).unwrap();
    store
        .write(|c| {
            on_backend!(c, c => c.batch_execute(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')"
            ))
            .map_err(StoreError::from)
        })
        .unwrap();
    drop(store);

    for mode in [OpenMode::Migrate, OpenMode::MustExist] {
        let Err(StoreError::Newer(version)) = Store::open(database.url(), mode) else {
            panic!("a newer database was opened");
        };
        assert_eq!(version, "20991231000000");
    }
}

#[test]
fn a_database_that_another_process_holds_for_a_moment_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let url = format!("sqlite://{}", path.display());
    drop(Store::open(&url, OpenMode::Migrate).unwrap());
    let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    other
        .batch_execute("PRAGMA locking_mode = exclusive; BEGIN IMMEDIATE; COMMIT")
        .unwrap();

    let opened = std::thread::scope(|scope| {
        let opening = scope.spawn(|| Store::open(&url, OpenMode::MustExist).map(drop));
        std::thread::sleep(std::time::Duration::from_millis(200));
        drop(other);
        opening.join().unwrap()
    });

    assert!(opened.is_ok(), "{opened:?}");
}

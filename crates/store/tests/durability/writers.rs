//! A process that writes events through [`Store`] from several threads, tries again where the disk
//! refuses, and says on standard output what came of it. Its own test shows that the writing itself
//! works; the other tests start it as a process of its own, on a disk that fails or loses power.

use std::collections::BTreeSet;
use std::env;
use std::path::Path;
use std::process::Command;
use std::thread;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use store::tables::audit_events::{self, NewAuditEvent};
use store::{DbConnection, OpenMode, Store, StoreError, integrity, on_backend};

const WRITERS: usize = 4;
const WRITES_EACH: usize = 15;
const TRIES_MAX: usize = 50;
/// Under this name the writing process gets the URL of its database.
const DATABASE: &str = "DURABILITY_DATABASE";
/// Set where the writing process is to switch flushing off.
const BELOW_THE_GUARD: &str = "DURABILITY_BELOW_THE_GUARD";

/// What a write consists of: two events, never one without the other.
const PARTS: [&str; 2] = ["first part", "second part"];

#[test]
fn several_writers_say_what_they_have_written() {
    let folder = tempfile::tempdir().unwrap();
    let url = env::var(DATABASE).unwrap_or_else(|_| url_in(folder.path()));
    let store = Store::open(&url, OpenMode::Migrate).unwrap();
    if env::var_os(BELOW_THE_GUARD).is_some() {
        switch_flushing_off(&store);
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = store.clone();
            thread::spawn(move || {
                for turn in 0..WRITES_EACH {
                    write_until_it_is_there(&store, &format!("{writer}/{turn}"));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(written(&store).unwrap().len(), WRITERS * WRITES_EACH);
}

/// The writing process, ready to start.
pub fn writers(folder: &Path) -> Command {
    let mut writers = Command::new(env::current_exe().unwrap());
    writers
        .args([
            "--exact",
            "writers::several_writers_say_what_they_have_written",
        ])
        .arg("--nocapture")
        .env(DATABASE, url_in(&folder.canonicalize().unwrap()));
    writers
}

/// The same with `synchronous=off`. No option of the program leads there: the store's guard looks at
/// a connection when it opens it, and the process gets hold of the store's own writing connection
/// inside a write and changes the setting behind the guard's back.
pub fn writers_below_the_guard(folder: &Path) -> Command {
    let mut writers = writers(folder);
    writers.env(BELOW_THE_GUARD, "synchronous=off");
    writers
}

pub fn url_in(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("data/ledger.db").display())
}

/// Writes, and tries again where the disk refuses, as a caller with a key does.
#[allow(clippy::print_stdout, reason = "what it prints is recorded and read")]
fn write_until_it_is_there(store: &Store, subject: &str) {
    for _ in 0..TRIES_MAX {
        let outcome = store.write(|c| match audit_events::of_subject(c, subject)?.len() {
            0 => write_event(c, subject),
            _ => Ok(()),
        });
        match outcome {
            Ok(()) => return println!("written {subject} "),
            Err(StoreError::Disk(_)) => println!("refused {subject} "),
            Err(StoreError::Unsure(_)) => println!("unsure {subject} "),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Ends the write's transaction, changes the setting where it can be changed, and leaves a
/// transaction as the store left its own.
fn switch_flushing_off(store: &Store) {
    store
        .write(|c| {
            on_backend!(c, c => c.batch_execute(
                "COMMIT; PRAGMA synchronous = off;
                 BEGIN IMMEDIATE; SAVEPOINT diesel_savepoint_1",
            ))
            .map_err(StoreError::from)
        })
        .unwrap();
}

fn write_event(connection: &mut DbConnection, subject: &str) -> Result<(), StoreError> {
    for action in PARTS {
        let event = NewAuditEvent {
            recorded_at: NaiveDateTime::default(),
            actor: "test".to_owned(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            content_sha256: None,
            salt: [7; 32],
            before: None,
            after: Some("a".repeat(700)),
            reason: None,
        };
        audit_events::append(connection, audit_events::REST, vec![event])?;
    }
    Ok(())
}

/// The subjects that the process has said are written.
pub fn acknowledged(said: &str) -> BTreeSet<String> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let pairs = words.windows(2).filter(|pair| pair[0] == "written");
    pairs.map(|pair| pair[1].to_owned()).collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The subjects that are there whole; an error names what is broken or half there.
pub fn written(store: &Store) -> Result<BTreeSet<String>, StoreError> {
    store.read(|c| {
        let faults = integrity::faults(c)?;
        if !faults.is_empty() {
            return Err(StoreError::Other(faults.join(", ")));
        }
        let parts =
            |action| format!("SELECT subject AS text FROM audit_events WHERE action = '{action}'");
        let [first, second] = PARTS.map(parts).map(|sql| texts(c, &sql));
        let (first, second) = (first?, second?);
        if first != second {
            return Err(StoreError::Other(format!(
                "half there: {first:?}, {second:?}"
            )));
        }
        let count = first.len();
        let subjects: BTreeSet<String> = first.into_iter().collect();
        if subjects.len() < count {
            return Err(StoreError::Other("there twice".to_owned()));
        }
        Ok(subjects)
    })
}

fn texts(connection: &mut DbConnection, sql: &str) -> Result<Vec<String>, StoreError> {
    let rows = sql_query(sql).load::<Row>(connection)?;
    Ok(rows.into_iter().map(|row| row.text).collect())
}

//! The power goes in the middle of writing: what was acknowledged is there, and nothing is half there.
//!
//! A process of its own writes events through [`Store`] from several threads, and says on standard
//! output which are written. Its system calls are recorded, and the disk is looked at as a power cut
//! would have left it at some three hundred moments.
//!
//! The same run with `synchronous=off` has to lose what it acknowledged, or this would prove nothing.
//! No option of the program leads there. The store's guard looks at a connection when it opens it; the
//! run below it gets hold of the store's own writing connection inside a write, and switches flushing
//! off behind the guard's back.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::thread;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use store::tables::audit_events::{self, NewAuditEvent};
use store::{DbConnection, OpenMode, Store, StoreError, on_backend};
use testkit::power_cut::{Cut, Flushes, Listener, Recorder, Recording, Step};

const WRITERS: usize = 4;
const WRITES_EACH: usize = 15;
const MOMENTS: usize = 300;
const TRIES_MAX: usize = 50;
/// Under this name the writing process gets the URL of its database.
const DATABASE: &str = "POWER_CUT_DATABASE";
/// Set where the writing process is to switch flushing off.
const BELOW_THE_GUARD: &str = "POWER_CUT_BELOW_THE_GUARD";

/// What a write consists of: two events, never one without the other.
const PARTS: [&str; 2] = ["first part", "second part"];

#[test]
fn what_was_acknowledged_outlives_a_power_cut() {
    let Some(recording) = record(Flushes::Honest, None) else {
        return;
    };
    let lost = recording.cut_at(&recording.moments(MOMENTS), check);
    assert!(lost.is_empty(), "{} cuts: {:#?}", lost.len(), &lost[..1]);
}

#[test]
fn what_was_acknowledged_outlives_flushes_that_failed_before() {
    let Some(recording) = record(Flushes::Failing("3..5"), None) else {
        return;
    };
    let said = said(recording.steps());
    assert!(
        said.contains("refused") || said.contains("unsure"),
        "{said}"
    );
    let lost = recording.cut_at(&recording.moments(MOMENTS), check);
    assert!(lost.is_empty(), "{} cuts: {:#?}", lost.len(), &lost[..1]);
}

#[test]
fn with_synchronous_off_acknowledged_writes_are_lost() {
    let Some(recording) = record(Flushes::Honest, Some("synchronous=off")) else {
        return;
    };
    let lost = recording.cut_at(&recording.moments(MOMENTS), check);
    assert!(
        lost.iter().any(|words| words.contains("acknowledged")),
        "nothing was lost with flushing switched off: the cuts do not cut. {lost:#?}"
    );
}

/// Writes events from several threads and says so. In its own process it is what the tests above
/// record; among the tests it shows that the writing itself works.
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

/// Writes, and tries again where the disk refuses, as a caller with a key does.
fn write_until_it_is_there(store: &Store, subject: &str) {
    for _ in 0..TRIES_MAX {
        let outcome = store.write(|c| match audit_events::of_subject(c, subject)?.len() {
            0 => write_event(c, subject),
            _ => Ok(()),
        });
        match outcome {
            Ok(()) => return writeln!(io::stdout(), "written {subject} ").unwrap(),
            Err(StoreError::Disk(_)) => writeln!(io::stdout(), "refused {subject} ").unwrap(),
            Err(StoreError::Unsure(_)) => writeln!(io::stdout(), "unsure {subject} ").unwrap(),
            Err(error) => panic!("{error}"),
        }
    }
}

fn record(flushes: Flushes, below_the_guard: Option<&str>) -> Option<Recording> {
    let folder = tempfile::tempdir().unwrap();
    if flushes != Flushes::Honest {
        // Its making is not what is to fail.
        Store::open(&url_in(folder.path()), OpenMode::Migrate).unwrap();
    }
    let mut recorder = Recorder::of(folder.path(), flushes)?;
    let mut writing = Command::new(env::current_exe().unwrap());
    writing
        .args(["--exact", "several_writers_say_what_they_have_written"])
        .arg("--nocapture")
        .env(DATABASE, url_in(&folder.path().canonicalize().unwrap()));
    if let Some(words) = below_the_guard {
        writing.env(BELOW_THE_GUARD, words);
    }
    let output = recorder.run(&mut writing);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    Some(recorder.finish())
}

fn url_in(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("data/ledger.db").display())
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
            actor: "test",
            action,
            coop_id: None,
            subject,
            before: None,
            after: Some("a".repeat(700)),
            reason: None,
        };
        audit_events::insert(connection, &event)?;
    }
    Ok(())
}

fn check(cut: &Cut<'_>) -> Result<(), String> {
    let acknowledged = acknowledged(cut);
    let store = match Store::open(&url_in(cut.folder), OpenMode::Migrate) {
        Ok(store) => store,
        Err(error) => return Err(format!("does not open: {error}")),
    };
    let there = written(&store).map_err(|error| error.to_string())?;
    match acknowledged
        .iter()
        .find(|subject| !there.contains(*subject))
    {
        Some(subject) => Err(format!("{subject} was acknowledged and is lost")),
        None => Ok(()),
    }
}

fn acknowledged(cut: &Cut<'_>) -> BTreeSet<String> {
    let said = said(cut.steps());
    let words: Vec<&str> = said.split_whitespace().collect();
    let pairs = words.windows(2).filter(|pair| pair[0] == "written");
    pairs.map(|pair| pair[1].to_owned()).collect()
}

fn said(steps: &[Step]) -> String {
    let said = steps.iter().filter_map(|step| match step {
        Step::Said { to, bytes } if *to == Listener::StandardOutput => Some(bytes.as_slice()),
        _ => None,
    });
    String::from_utf8(said.flatten().copied().collect()).unwrap()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The subjects that are there whole; an error names what is broken or half there.
fn written(store: &Store) -> Result<BTreeSet<String>, StoreError> {
    store.read(|c| {
        let sound = texts(
            c,
            "SELECT integrity_check AS text FROM pragma_integrity_check",
        )?;
        if sound != ["ok"] {
            return Err(StoreError::Other(sound.join(", ")));
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
        Ok(first.into_iter().collect())
    })
}

fn texts(connection: &mut DbConnection, sql: &str) -> Result<Vec<String>, StoreError> {
    let rows = sql_query(sql).load::<Row>(connection)?;
    Ok(rows.into_iter().map(|row| row.text).collect())
}

//! Several writers of one SQLite file: nothing is lost, nothing half done, whoever fails fails
//! alone.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use chrono::NaiveDateTime;
use store::tables::audit_events::{self, NewAuditEvent};
use store::{DbConnection, OpenMode, Store, StoreError};

const WRITERS: usize = 16;
const WRITES_EACH: usize = 25;

fn write_event(connection: &mut DbConnection, subject: &str) -> Result<(), StoreError> {
    let event = NewAuditEvent {
        recorded_at: NaiveDateTime::default(),
        actor: "test".to_owned(),
        action: "write".to_owned(),
        subject: subject.to_owned(),
        content_sha256: None,
        salt: [7; 32],
        before: None,
        after: None,
        reason: None,
    };
    audit_events::append(connection, audit_events::REST, vec![event])
}

fn events_of(store: &Store, subject: &str) -> usize {
    store
        .read::<_, StoreError>(|c| audit_events::of_subject(c, subject))
        .unwrap()
        .len()
}

fn fresh() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
    let store = Store::open(&url, OpenMode::Migrate).unwrap();
    (folder, store)
}

#[test]
fn every_third_writer_fails_and_undoes_only_itself() {
    let (_folder, store) = fresh();
    let start = Arc::new(Barrier::new(WRITERS));
    let refused = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (store, start, refused) = (store.clone(), start.clone(), refused.clone());
            thread::spawn(move || {
                start.wait();
                for turn in 0..WRITES_EACH {
                    let outcome = store.write(|c| {
                        write_event(c, "kept")?;
                        if (writer + turn) % 3 == 0 {
                            write_event(c, "undone")?;
                            return Err(StoreError::NotFound);
                        }
                        Ok(())
                    });
                    if outcome.is_err() {
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let refused = refused.load(Ordering::SeqCst);
    assert!(refused > 0);
    assert_eq!(events_of(&store, "kept"), WRITERS * WRITES_EACH - refused);
    assert_eq!(events_of(&store, "undone"), 0);
}

#[test]
fn a_writer_that_panics_leaves_the_ledger_working() {
    let (_folder, store) = fresh();
    let inner = store.clone();
    let panicked = thread::spawn(move || {
        inner.write::<(), StoreError>(|c| {
            write_event(c, "half")?;
            panic!("in the middle of a write");
        })
    });
    assert!(panicked.join().is_err());
    assert_eq!(events_of(&store, "half"), 0);
    store.write(|c| write_event(c, "after")).unwrap();
    assert_eq!(events_of(&store, "after"), 1);
}

#[test]
fn two_processes_worth_of_connections_take_turns() {
    let (folder, store) = fresh();
    let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
    let other = Store::open(&url, OpenMode::MustExist).unwrap();
    let writers: Vec<_> = [store.clone(), other]
        .into_iter()
        .map(|store| {
            thread::spawn(move || {
                for _ in 0..WRITES_EACH {
                    store.write(|c| write_event(c, "turn")).unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    assert_eq!(events_of(&store, "turn"), 2 * WRITES_EACH);
}

#[test]
fn a_reader_sees_one_moment() {
    let (_folder, store) = fresh();
    store.write(|c| write_event(c, "one")).unwrap();
    store
        .read::<_, StoreError>(|c| {
            assert_eq!(audit_events::of_subject(c, "one")?.len(), 1);
            store.write(|w| write_event(w, "one"))?;
            assert_eq!(audit_events::of_subject(c, "one")?.len(), 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(events_of(&store, "one"), 2);
}

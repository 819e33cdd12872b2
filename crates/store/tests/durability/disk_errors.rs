//! The disk refuses for a while, or for good: what was acknowledged is there, once, and the writers
//! go on as soon as it works again.

use std::path::PathBuf;

use store::{OpenMode, Store};
use testkit::faults::{Fault, with_fault};

use crate::writers::{acknowledged, url_in, writers, written};

const WRITES: usize = 60;

#[test]
fn a_disk_that_is_full_for_a_while_loses_and_doubles_nothing() {
    let Some(said) = write_on_a_disk_with("write,pwrite64", "ENOSPC", "12..16", "-wal") else {
        return;
    };
    assert!(said.contains("refused"), "{said}");
    assert_eq!(acknowledged(&said).len(), WRITES);
}

#[test]
fn a_disk_that_fails_to_flush_for_a_while_loses_and_doubles_nothing() {
    let Some(said) = write_on_a_disk_with("fsync,fdatasync", "EIO", "2..4", "-wal") else {
        return;
    };
    assert!(
        said.contains("refused") || said.contains("unsure"),
        "{said}"
    );
    assert_eq!(acknowledged(&said).len(), WRITES);
}

#[test]
fn a_log_that_can_be_written_but_never_emptied_keeps_everything() {
    let Some(said) = write_on_a_disk_with("write,pwrite64", "EIO", "1+", "") else {
        return;
    };
    assert_eq!(acknowledged(&said).len(), WRITES);
}

#[test]
fn on_a_disk_that_does_not_recover_nothing_more_is_acknowledged() {
    for (calls, error, when) in [
        // One commit for all four writers at once takes fewer writes than this, and sixty commits
        // of one, or fifteen of four, take more.
        ("write,pwrite64", "ENOSPC", "30+"),
        ("fsync,fdatasync", "EIO", "3+"),
    ] {
        let Some(said) = write_on_a_disk_with(calls, error, when, "-wal") else {
            return;
        };
        let first_trouble = said.find("refused").or_else(|| said.find("unsure"));
        assert!(first_trouble.is_some(), "{said}");
        let acknowledged = acknowledged(&said).len();
        assert!(
            (1..WRITES).contains(&acknowledged),
            "{acknowledged}: {said}"
        );
    }
}

/// Runs the writers on a disk with the fault, then looks at what is there. Gives what they said.
fn write_on_a_disk_with(calls: &str, error: &str, when: &str, file: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let url = url_in(folder.path());
    Store::open(&url, OpenMode::Migrate).unwrap();
    let file = PathBuf::from(format!("{}{file}", &url["sqlite://".len()..]));
    let fault = Fault {
        file: Some(&file),
        calls,
        error,
        when,
    };
    let output = with_fault(&writers(folder.path()), fault)?
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();

    let store = Store::open(&url, OpenMode::MustExist).unwrap();
    let there = written(&store).unwrap();
    let lost: Vec<_> = acknowledged(&said).difference(&there).cloned().collect();
    assert!(lost.is_empty(), "{lost:?} of {said}");
    Some(said)
}

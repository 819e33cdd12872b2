//! The power goes in the middle of writing: what was acknowledged is there, and nothing is half there.
//!
//! The writing process is recorded, and the disk is looked at as a power cut would have left it at
//! some three hundred moments. The same run with `synchronous=off` has to lose what it acknowledged,
//! or this would prove nothing.

use std::path::Path;
use std::process::Command;

use store::{OpenMode, Store};
use testkit::power_cut::{Cut, Flushes, Listener, Recorder, Recording, Step};

use crate::writers::{acknowledged, url_in, writers, writers_below_the_guard, written};

const MOMENTS: usize = 300;

#[test]
fn what_was_acknowledged_outlives_a_power_cut() {
    let Some(recording) = record(Flushes::Honest, writers) else {
        return;
    };
    let lost = recording.cut_at(&recording.moments(MOMENTS), check);
    assert!(lost.is_empty(), "{} cuts: {:#?}", lost.len(), &lost[..1]);
}

#[test]
fn what_was_acknowledged_outlives_flushes_that_failed_before() {
    let Some(recording) = record(Flushes::Failing("3..5"), writers) else {
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
    let Some(recording) = record(Flushes::Honest, writers_below_the_guard) else {
        return;
    };
    let lost = recording.cut_at(&recording.moments(MOMENTS), check);
    assert!(
        lost.iter().any(|words| words.contains("acknowledged")),
        "nothing was lost with flushing switched off: the cuts do not cut. {lost:#?}"
    );
}

fn record(flushes: Flushes, writers: fn(&Path) -> Command) -> Option<Recording> {
    let folder = tempfile::tempdir().unwrap();
    if flushes != Flushes::Honest {
        // Its making is not what is to fail.
        Store::open(&url_in(folder.path()), OpenMode::Migrate).unwrap();
    }
    let mut recorder = Recorder::of(folder.path(), flushes)?;
    let output = recorder.run(&mut writers(folder.path()));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    Some(recorder.finish())
}

fn check(cut: &Cut<'_>) -> Result<(), String> {
    let acknowledged = acknowledged(&said(cut.steps()));
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

fn said(steps: &[Step]) -> String {
    let said = steps.iter().filter_map(|step| match step {
        Step::Said { to, bytes } if *to == Listener::StandardOutput => Some(bytes.as_slice()),
        _ => None,
    });
    String::from_utf8(said.flatten().copied().collect()).unwrap()
}

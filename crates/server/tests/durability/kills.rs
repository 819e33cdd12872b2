//! Processes are killed in the middle of a step, at moments spread over its whole length.
//!
//! Each time on a fresh copy of the same database: the step is started and killed; the invariants
//! hold; the step is repeated; and in the end the collection file is, byte for byte, that of an office
//! in which nothing was ever killed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{TestDatabase, on_every_database};

use crate::office::{CLOSE, Office, export_to, text};
use crate::program::{Program, Ran};

const MEMBERS: u32 = 3_000;
/// How often each step is killed.
const KILLS: u32 = 10;
/// How often a run is asked whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(2);

on_every_database!(a_process_killed_at_any_moment_charges_nobody_twice_and_loses_nothing);

fn a_process_killed_at_any_moment_charges_nobody_twice_and_loses_nothing(members: TestDatabase) {
    let office = Office::of(MEMBERS);
    office.prepare(&Program::on(&members));
    members.wait_until_nobody_is_connected();

    let applied = members.copy();
    let imported = office.import(&Program::on(&applied));
    applied.wait_until_nobody_is_connected();
    let closed = applied.copy();
    let batch = Program::on(&closed).tell(&CLOSE);
    closed.wait_until_nobody_is_connected();
    let file = undisturbed_file(&closed);

    kill_again_and_again(&members, &Import(&office, imported), &file);
    kill_again_and_again(&applied, &Close(batch), &file);
    kill_again_and_again(&closed, &Export, &file);
}

/// A step of the month, as it is killed and repeated.
trait Step {
    /// The command. A file it makes goes into `folder`.
    fn words(&self, folder: &Path) -> Vec<String>;
    /// Whether the repeated run found that the killed one had done it all; fails where the repeated
    /// run came to anything but the undisturbed one's end.
    fn was_done_already(&self, folder: &Path, repeated: &Ran) -> bool;
    /// The steps that lead from here to the file.
    fn finish(&self, program: &Program, folder: &Path);
}

struct Import<'a>(&'a Office, Value);
struct Close(Value);
struct Export;

impl Step for Import<'_> {
    fn words(&self, _: &Path) -> Vec<String> {
        owned(&["import", "applications", text(&self.0.applications())])
    }

    fn was_done_already(&self, _: &Path, repeated: &Ran) -> bool {
        assert_eq!(repeated.status, Some(0), "{repeated:?}");
        for count in ["lines", "accepted", "held"] {
            assert_eq!(repeated.answer[count], self.1[count], "{count}");
        }
        repeated.answer["already_imported"] == true
    }

    fn finish(&self, program: &Program, folder: &Path) {
        program.tell(&CLOSE);
        Export.finish(program, folder);
    }
}

impl Step for Close {
    fn words(&self, _: &Path) -> Vec<String> {
        owned(&CLOSE)
    }

    fn was_done_already(&self, _: &Path, repeated: &Ran) -> bool {
        if repeated.status == Some(1) {
            assert!(repeated.words.contains("締め"), "{repeated:?}");
            return true;
        }
        for count in ["sequence", "charges", "units", "amount"] {
            assert_eq!(
                repeated.answer[count], self.0[count],
                "{count}: {repeated:?}"
            );
        }
        false
    }

    fn finish(&self, program: &Program, folder: &Path) {
        Export.finish(program, folder);
    }
}

impl Step for Export {
    fn words(&self, folder: &Path) -> Vec<String> {
        owned(&export_to(&folder.join("batch.csv")))
    }

    /// The file appears under its name when it is whole: before that, the export has not happened.
    fn was_done_already(&self, folder: &Path, repeated: &Ran) -> bool {
        assert_eq!(repeated.status, Some(0), "{repeated:?}");
        folder.join("killed.csv").exists()
    }

    fn finish(&self, program: &Program, folder: &Path) {
        program.tell(&export_to(&folder.join("batch.csv")));
    }
}

fn kill_again_and_again(prepared: &TestDatabase, step: &dyn Step, file: &[u8]) {
    let length = measure(prepared, step);
    spread_over(length, |moment| kill_once(prepared, step, moment, file));
}

/// Kills at moments spread over the length of a step, each on a copy of its own; most of them have to
/// land before the commit.
pub fn spread_over(mut length: Duration, mut kill: impl FnMut(Duration) -> Killed) {
    let mut before_the_commit = 0;
    // From the end: a run that had done its work shows that the step is over sooner.
    for part in (1..=KILLS).rev() {
        let moment = length * part / (KILLS + 1);
        let killed = kill(moment);
        if killed.was_done {
            length = killed.ended_after.unwrap_or(moment).min(moment);
        } else {
            before_the_commit += 1;
        }
    }
    assert!(
        before_the_commit > KILLS / 2,
        "only {before_the_commit} of {KILLS} kills over {length:?} landed before the commit"
    );
}

/// What a kill met.
pub struct Killed {
    /// How long the run took, where it ended before it could be killed.
    pub ended_after: Option<Duration>,
    /// Whether the run had done its work.
    pub was_done: bool,
}

/// How long the step takes when nobody disturbs it: the shorter of two runs.
fn measure(prepared: &TestDatabase, step: &dyn Step) -> Duration {
    let lengths = (0..2).map(|_| {
        let copy = prepared.copy();
        let folder = tempfile::tempdir().unwrap();
        let words = step.words(folder.path());
        let start = Instant::now();
        Program::on(&copy).tell(&borrowed(&words));
        start.elapsed()
    });
    lengths.min().unwrap()
}

fn kill_once(prepared: &TestDatabase, step: &dyn Step, moment: Duration, file: &[u8]) -> Killed {
    let copy = prepared.copy();
    let program = Program::on(&copy);
    let folder = tempfile::tempdir().unwrap();
    let words = step.words(folder.path());

    let ended_after = kill_after(moment, &mut program.command(&borrowed(&words)));
    copy.wait_until_nobody_is_connected();

    set_aside_what_was_exported(folder.path(), file);
    program.verify();
    let repeated = program.try_to(&borrowed(&words));
    let was_done = step.was_done_already(folder.path(), &repeated);
    step.finish(&program, folder.path());
    let made = fs::read(folder.path().join("batch.csv")).unwrap();
    assert!(made == file, "killed after {moment:?}, the file is another");
    program.verify();
    Killed {
        ended_after,
        was_done,
    }
}

/// Starts a command and kills it, unless it has ended by then: gives after how long.
fn kill_after(moment: Duration, command: &mut Command) -> Option<Duration> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while start.elapsed() < moment {
        if child.try_wait().unwrap().is_some() {
            return Some(start.elapsed());
        }
        sleep(moment.saturating_sub(start.elapsed()).min(POLL_INTERVAL));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// A file left by the killed run is whole, or it is not there.
fn set_aside_what_was_exported(folder: &Path, file: &[u8]) {
    let exported = folder.join("batch.csv");
    if exported.exists() {
        assert!(fs::read(&exported).unwrap() == file, "half a file was left");
        fs::rename(exported, folder.join("killed.csv")).unwrap();
    }
}

fn undisturbed_file(closed: &TestDatabase) -> Vec<u8> {
    let copy = closed.copy();
    let folder = tempfile::tempdir().unwrap();
    Export.finish(&Program::on(&copy), folder.path());
    fs::read(folder.path().join("batch.csv")).unwrap()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

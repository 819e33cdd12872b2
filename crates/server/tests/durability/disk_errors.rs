//! The disk is full, or broken, or read-only: the program says so in the language of the desk, ends
//! with status 1, leaves nothing half written, and the same again lands once when the disk is whole.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use testkit::TestDatabase;
use testkit::faults::{Fault, start_with_fault, with_fault};
use testkit::http::Answer;

use crate::office::{CLOSE, Office, export_to, text};
use crate::program::{Program, Ran};
use crate::service::{SERVE, Service, address_said, get, send_application};

const MEMBERS: u32 = 400;
/// Applications sent to a service.
const REQUESTS: u32 = 20;

/// What a full disk and a broken one answer, to which calls.
const FULL: (&str, &str) = ("write,pwrite64", "ENOSPC");
const BROKEN: (&str, &str) = ("fsync,fdatasync", "EIO");

#[test]
fn an_import_on_a_full_or_broken_disk_changes_nothing_and_lands_once_when_repeated() {
    let office = Office::of(MEMBERS);
    let database = TestDatabase::sqlite();
    office.prepare(&Program::on(&database));
    let file = office.applications();
    let words = ["import", "applications", text(&file)];
    for fault in [FULL, BROKEN] {
        let copy = database.copy();
        let program = Program::on(&copy);
        let Some(ran) = run_with(&program, &words, fault, "1", Some(&log_of(&copy))) else {
            return;
        };
        says(&ran, "何も書き込まれていません");
        program.verify();

        let imported = program.tell(&words);
        assert_eq!(imported["already_imported"], false, "{imported}");
        assert_eq!(imported["lines"], MEMBERS);
        assert_eq!(program.tell(&words)["already_imported"], true);
        program.verify();
    }
}

#[test]
fn a_close_whose_disk_breaks_for_good_comes_to_one_batch_when_repeated() {
    let office = Office::of(MEMBERS);
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    office.prepare(&program);
    office.import(&program);

    let undisturbed = database.copy();
    let batch = Program::on(&undisturbed).tell(&CLOSE);
    let Some(ran) = run_with(&program, &CLOSE, BROKEN, "1+", None) else {
        return;
    };
    says(&ran, "もう一度実行してください");
    program.verify();

    let again = program.try_to(&CLOSE);
    if again.status == Some(0) {
        assert_eq!(again.answer["amount"], batch["amount"]);
    } else {
        says(&again, "締め");
    }
    let made = exported(&program);
    assert!(made == exported(&Program::on(&undisturbed)), "another file");
    program.verify();
}

#[test]
fn an_export_on_a_full_or_broken_disk_leaves_no_half_file() {
    let office = Office::of(MEMBERS);
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    office.prepare(&program);
    office.import(&program);
    program.tell(&CLOSE);
    for fault in [("write", "ENOSPC"), BROKEN] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("batch.csv");
        let Some(ran) = run_with(&program, &export_to(&file), fault, "1", None) else {
            return;
        };
        says(&ran, "もう一度実行してください");
        let left: Vec<_> = fs::read_dir(&folder).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");

        let told = program.tell(&export_to(&file));
        assert_eq!(fs::read(&file).unwrap(), exported(&program));
        assert_eq!(told["rows"], MEMBERS);
    }
    program.verify();
}

#[test]
fn a_database_that_may_only_be_read_says_so_and_stays_as_it_is() {
    let office = Office::of(MEMBERS);
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    office.prepare(&program);
    let folder = database.folder().unwrap();
    let file = folder.join("hitokuchi.db");
    let before = fs::read(&file).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();

    let applications = office.applications();
    let words = ["import", "applications", text(&applications)];
    let output = bound_by_permissions(&program.command(&words))
        .output()
        .unwrap();
    let ran = Ran::from(output);

    fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    says(&ran, "ディスクに書き込めません");
    assert!(fs::read(&file).unwrap() == before, "something was written");
    assert_eq!(program.tell(&words)["already_imported"], false);
}

#[test]
fn a_service_on_a_disk_that_breaks_acknowledges_only_what_is_there() {
    let office = Office::of(MEMBERS);
    let database = TestDatabase::sqlite();
    let program = Program::on(&database);
    office.prepare(&program);

    let Some(broken) = answers_on_a_broken_disk(&program, &log_of(&database)) else {
        return;
    };
    let (taken, refused): (Vec<_>, Vec<_>) = (0..)
        .zip(broken)
        .partition(|(_, answer)| answer.status < 300);
    assert!(
        !taken.is_empty() && !refused.is_empty(),
        "{taken:?} {refused:?}"
    );
    for (_, answer) in refused {
        assert_eq!(answer.status, 507, "{}", answer.text());
        assert!(answer.text().contains("ディスク"), "{}", answer.text());
    }

    let whole = Service::start(&program);
    let again: Vec<Value> = (0..REQUESTS)
        .map(|request| send_application(whole.address(), request).good())
        .collect();
    for (request, answer) in taken {
        assert_eq!(answer.good(), again[request]);
    }
    let ids: BTreeSet<i64> = again
        .iter()
        .filter_map(|answer| answer["id"].as_i64())
        .collect();
    let all = get(whole.address(), "/api/v1/applications").good();
    assert_eq!(ids.len(), all["items"].as_array().unwrap().len(), "{all}");
    assert_eq!(ids.len(), REQUESTS as usize);
    program.verify();
}

/// A service whose disk fails some flushes of the log, is sent one application after the other.
fn answers_on_a_broken_disk(program: &Program, log: &Path) -> Option<Vec<Answer>> {
    let (calls, error) = BROKEN;
    let fault = Fault {
        file: Some(log),
        calls,
        error,
        when: "4..9",
    };
    let mut service = start_with_fault(&program.command(&SERVE), fault)?;
    let address = address_said(service.take_stdout());
    let answers = (0..REQUESTS)
        .map(|request| send_application(address, request))
        .collect();
    service.stop();
    Some(answers)
}

/// Runs a command on a disk with a fault. `None` where the machine cannot do that.
fn run_with(
    program: &Program,
    words: &[&str],
    (calls, error): (&str, &str),
    when: &str,
    file: Option<&Path>,
) -> Option<Ran> {
    let fault = Fault {
        file,
        calls,
        error,
        when,
    };
    let output = with_fault(&program.command(words), fault)?
        .output()
        .unwrap();
    Some(Ran::from(output))
}

/// Refused with status 1, no answer, and these words.
#[track_caller]
fn says(ran: &Ran, words: &str) {
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert_eq!(ran.answer, Value::Null, "{ran:?}");
    assert!(
        ran.words.contains(words),
        "{words} is not in: {}",
        ran.words
    );
}

fn log_of(database: &TestDatabase) -> PathBuf {
    database.folder().unwrap().join("hitokuchi.db-wal")
}

fn exported(program: &Program) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("batch.csv");
    program.tell(&export_to(&file));
    fs::read(file).unwrap()
}

/// The same command as somebody whom permissions bind: root has to be told.
fn bound_by_permissions(program: &Command) -> Command {
    let folder = tempfile::tempdir().unwrap();
    if fs::metadata(&folder).unwrap().uid() != 0 {
        let mut same = Command::new(program.get_program());
        same.args(program.get_args());
        return same;
    }
    let mut bound = Command::new("setpriv");
    bound
        .arg("--bounding-set=-dac_override,-dac_read_search")
        .arg("--")
        .arg(program.get_program())
        .args(program.get_args());
    bound
}

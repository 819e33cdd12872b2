//! The power goes while the program runs, at three hundred moments spread over a whole month: from
//! making the database over imports, a service that takes applications, and the closing, to the
//! exported file.
//!
//! The program is recorded call by call ([`testkit::power_cut`]). At each moment the disk is looked at
//! as the cut would have left it: the database opens and is sound, every invariant holds, and all that
//! the program had acknowledged by then, on standard output or through a socket, is there.
//!
//! The same month on a disk that answers every flush and flushes nothing has to lose what was
//! acknowledged: to the program that is as though it ran with `synchronous=off`, without an option
//! that anybody could set. (The same with SQLite's own `synchronous=off` is a test of the store, which
//! alone can reach beneath its guard.)

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use domain::CountedSalts;
use domain::FixedClock;
use ledger::billing::{BatchClosed, BatchExported, ExportBatch};
use ledger::intake::{ApplicationsImported, ImportApplications};
use ledger::{Call, FileSource, Ledger, OpenMode, PageRequest, ReferenceTable, Settings};
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{Store, integrity};
use testkit::power_cut::{Cut, Flushes, Listener, Recorder, Recording, Step};

use crate::office::{CLOSE, COOP, MONTH, Office, export_to, text};
use crate::program::Program;
use crate::service::{SERVE, address_said, send_application_by};

const MEMBERS: u32 = 60;
/// Who sends applications to the service at the same time, and how many each.
const SENDERS: u32 = 3;
const REQUESTS_EACH: u32 = 5;
/// Whose script sends them.
const USER: [&str; 5] = ["user", "add", "desk", "--role", "clerk"];
const TOKEN: [&str; 8] = [
    "token", "add", "desk", "script", "--role", "clerk", "--scope", "all",
];
const MOMENTS: usize = 300;
/// Fewer do to see something lost where nothing is kept.
const MOMENTS_ON_A_LYING_DISK: usize = 30;

#[test]
fn what_was_acknowledged_outlives_a_power_cut() {
    let Some(month) = Month::record(Flushes::Honest) else {
        return;
    };
    let moments = month.recording.moments(MOMENTS);
    let lost = month.recording.cut_at(&moments, |cut| month.check(cut));
    assert!(lost.is_empty(), "{} cuts: {:#?}", lost.len(), &lost[..1]);
}

#[test]
fn on_a_disk_that_lies_about_flushing_acknowledged_work_is_lost() {
    let Some(month) = Month::record(Flushes::Lying) else {
        return;
    };
    let moments = month.recording.moments(MOMENTS_ON_A_LYING_DISK);
    let lost = month.recording.cut_at(&moments, |cut| month.check(cut));
    let acknowledged = lost
        .iter()
        .filter(|words| words.contains("was acknowledged"));
    assert!(
        acknowledged.count() > 0,
        "nothing was lost: the cuts do not cut. {lost:#?}"
    );
}

/// A month as it was recorded.
struct Month {
    /// The files that were imported.
    _office: Office,
    recording: Recording,
    /// The words of every command that answered, in order.
    commands: Vec<Vec<String>>,
}

impl Month {
    /// Runs the month on a folder of its own.
    fn record(flushes: Flushes) -> Option<Self> {
        let office = Office::of(MEMBERS);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let program = Program::in_folder(&root.join("data"));
        let mut recorder = Recorder::of(&root, flushes)?;
        let mut commands = office.commands_of_preparation();
        commands.push(owned(&[
            "import",
            "applications",
            text(&office.applications()),
        ]));
        commands.extend([owned(&USER), owned(&TOKEN)]);
        let mut made = Value::Null;
        for words in &commands {
            made = run(&mut recorder, &program, words);
        }
        let token = made["secret"].as_str().unwrap().to_owned();
        serve_applications(&mut recorder, &program, token);
        for words in [owned(&CLOSE), owned(&export_to(&root.join("batch.csv")))] {
            run(&mut recorder, &program, &words);
            commands.push(words);
        }
        let recording = recorder.finish();
        let requests = answers_to_requests(recording.steps()).len();
        assert_eq!(answers(recording.steps()).len(), commands.len());
        assert_eq!(requests, (SENDERS * REQUESTS_EACH) as usize);
        Some(Self {
            _office: office,
            recording,
            commands,
        })
    }

    /// What is wrong with the disk after a cut.
    fn check(&self, cut: &Cut<'_>) -> Result<(), String> {
        let data = cut.folder.join("data");
        let url = format!("sqlite://{}", data.join("hitokuchi.db").display());
        let clock = Arc::new(FixedClock::on("2025-09-01".parse().unwrap()));
        let open = || {
            Ledger::open(
                &url,
                OpenMode::Migrate,
                clock,
                Arc::new(CountedSalts::default()),
                Settings::default(),
            )
        };
        let ledger = open().map_err(|error| format!("does not open: {error}"))?;
        is_sound(&url)?;
        is_verified(&ledger)?;
        for (answer, words) in answers(cut.steps()).iter().zip(&self.commands) {
            self.is_there(&ledger, cut.folder, words, answer)
                .map_err(|error| format!("{words:?} was acknowledged with {answer}: {error}"))?;
        }
        for answer in answers_to_requests(cut.steps()) {
            application_is_there(&ledger, &answer)
                .map_err(|error| format!("{answer} was acknowledged: {error}"))?;
        }
        is_verified(&ledger)
    }

    /// Asks the ledger for what a command has acknowledged.
    fn is_there(
        &self,
        ledger: &Ledger,
        folder: &Path,
        words: &[String],
        answer: &Value,
    ) -> Result<(), String> {
        let told = |error: ledger::LedgerError| error.to_string();
        let call = Call::of_operator("after the cut");
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["migrate"] => Ok(()),
            ["import", "applications", file] => {
                let acknowledged: ApplicationsImported = read(answer)?;
                let again = ledger
                    .import_applications(
                        &call,
                        &FileSource::new(Path::new(file)),
                        ImportApplications::default(),
                        &|_| {},
                    )
                    .map_err(told)?;
                let counts = |one: &ApplicationsImported| (one.lines, one.accepted, one.held);
                let is_kept = again.already_imported && counts(&again) == counts(&acknowledged);
                require(is_kept, || format!("{again:?}"))
            }
            ["import", table, file] => {
                let table: ReferenceTable = table.parse().map_err(told)?;
                let source = FileSource::new(Path::new(file));
                let again = ledger
                    .import_reference(&call, table, &source)
                    .map_err(told)?;
                let is_kept = again.unchanged == again.lines;
                require(is_kept, || format!("{again:?}"))
            }
            ["user", "add", name, ..] => {
                let person = ledger.get_person(&call, name).map_err(told)?;
                require(answer["name"] == person.name, || format!("{person:?}"))
            }
            ["token", "add", person, ..] => {
                let page = PageRequest::default();
                let tokens = ledger.list_tokens_of_person(&call, person, &page);
                let tokens = tokens.map_err(told)?.items;
                let is_kept = tokens.iter().any(|token| answer["name"] == token.name);
                require(is_kept, || format!("{tokens:?}"))
            }
            ["batch", "close", ..] => {
                let acknowledged: BatchClosed = read(answer)?;
                let (made, _) = export_again(ledger, &call)?;
                let is_kept =
                    (made.rows, made.amount) == (acknowledged.charges, acknowledged.amount);
                require(is_kept, || format!("{made:?}"))
            }
            ["batch", "export", ..] => {
                let acknowledged: BatchExported = read(answer)?;
                let (made, bytes) = export_again(ledger, &call)?;
                require(made.sha256 == acknowledged.sha256, || format!("{made:?}"))?;
                let file = fs::read(folder.join("batch.csv")).map_err(|e| e.to_string())?;
                require(file == bytes, || "the file is another".to_owned())
            }
            _ => Err("nobody asks for this".to_owned()),
        }
    }
}

/// Runs a command on the recorded disk, and gives its answer.
fn run(recorder: &mut Recorder, program: &Program, words: &[String]) -> Value {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = recorder.run(&mut program.command(&words));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

/// A service that takes applications, several at a time, and is stopped.
fn serve_applications(recorder: &mut Recorder, program: &Program, token: String) {
    let mut service = recorder.start(&mut program.command(&SERVE));
    let address = address_said(service.take_stdout());
    let token = token.as_str();
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            scope.spawn(move || {
                for request in 0..REQUESTS_EACH {
                    send_application_by(token, address, sender * REQUESTS_EACH + request).good();
                }
            });
        }
    });
    service.stop();
}

fn is_sound(url: &str) -> Result<(), String> {
    let store = Store::open(url, OpenMode::MustExist).map_err(|error| error.to_string())?;
    let faults = store
        .read(integrity::faults)
        .map_err(|error| error.to_string())?;
    require(faults.is_empty(), || faults.join(", "))
}

fn is_verified(ledger: &Ledger) -> Result<(), String> {
    let verification = ledger
        .verify(&Call::of_operator("after the cut"))
        .map_err(|error| error.to_string())?;
    require(verification.ok, || format!("{verification:?}"))
}

/// The month's batch as the ledger exports it now, and the bytes of its file.
fn export_again(ledger: &Ledger, call: &Call) -> Result<(BatchExported, Vec<u8>), String> {
    let request = ExportBatch {
        coop: COOP.parse().unwrap(),
        month: MONTH.parse().unwrap(),
        sequence: None,
        profile: None,
    };
    let mut bytes = Vec::new();
    let made = ledger
        .write_batch_file(call, request, &mut bytes)
        .map_err(|error| error.to_string())?;
    Ok((made, bytes))
}

fn application_is_there(ledger: &Ledger, answer: &Value) -> Result<(), String> {
    let id = answer["id"].as_i64().ok_or("an answer without an id")?;
    let kept = ledger
        .get_application(&Call::of_operator("after the cut"), id)
        .map_err(|error| error.to_string())?;
    let kept = serde_json::to_value(&kept).map_err(|error| error.to_string())?;
    for field in ["state", "member_number", "order_number", "units"] {
        require(kept[field] == answer[field], || format!("{field}: {kept}"))?;
    }
    Ok(())
}

/// The JSON objects on standard output so far, of the commands in their order.
fn answers(steps: &[Step]) -> Vec<Value> {
    let said: Vec<u8> = said(steps, Listener::StandardOutput)
        .flatten()
        .copied()
        .collect();
    let lines = said.split(|byte| *byte == b'\n');
    let answers = lines.filter_map(|line| serde_json::from_slice(line).ok());
    answers
        .filter(|answer: &Value| answer.get("listening").is_none())
        .collect()
}

/// The applications that the service had acknowledged.
fn answers_to_requests(steps: &[Step]) -> Vec<Value> {
    let heads = said(steps, Listener::Socket).filter(|bytes| bytes.starts_with(b"HTTP/1.1 2"));
    heads
        .map(|bytes| {
            let at = bytes
                .windows(4)
                .position(|four| four == b"\r\n\r\n")
                .unwrap();
            serde_json::from_slice(&bytes[at + 4..]).unwrap()
        })
        .collect()
}

fn said(steps: &[Step], listener: Listener) -> impl Iterator<Item = &[u8]> {
    steps.iter().filter_map(move |step| match step {
        Step::Said { to, bytes } if *to == listener => Some(bytes.as_slice()),
        _ => None,
    })
}

fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, String> {
    T::deserialize(answer).map_err(|error| error.to_string())
}

fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

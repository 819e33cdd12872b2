//! A file of applications comes in.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use chrono::NaiveDate;
use domain::{Channel, LineIn};
use formats::table::{Line, LineProblem, Problems, TableError};
use formats::tables::{ApplicationDefaults, ApplicationLine, ApplicationReader};
use serde::{Deserialize, Serialize};
use store::intake::{clear_many, count_what_many_became, prepare_for_many, staged_coops};
use store::tables::cooperatives;
use store::tables::intakes::{self, Intake};

use super::Desk;
use super::post::{Arrival, Posted, post_staged};
use super::staging::{IncomingLine, Run, Stager};
use crate::error::stored;
use crate::table_file::TableFile;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result, Source};

/// Lines between two reports of progress.
const PROGRESS_LINES: u64 = 10_000;
/// Runs that wait to be staged while the next is read.
const RUNS_WAITING_MAX: usize = 1;

/// What holds for lines that do not say it themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportApplications {
    /// The way in of lines without 受付経路; paper where none is given.
    pub channel: Option<Channel>,
    /// The day of receipt of lines without 受付日; today where none is given.
    pub received_on: Option<NaiveDate>,
}

/// What became of a file of applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ApplicationsImported {
    /// The import's number; none for a trial.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_id: Option<i64>,
    /// The file's name.
    pub file: String,
    /// Its lines.
    pub lines: u64,
    /// How many were posted at once.
    pub accepted: u64,
    /// How many were held.
    pub held: u64,
    /// How many were held for which main reason.
    pub held_by_reason: BTreeMap<String, u64>,
    /// Whether the file had been imported before: then nothing was changed, and the counts are
    /// those of that time (R6).
    pub already_imported: bool,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProgress {
    /// What it is at.
    pub stage: ImportStage,
    /// Lines read.
    pub lines: u64,
    /// Lines there are, nearly: a note that goes over several counts as several.
    pub lines_total: u64,
}

/// The parts of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStage {
    /// Reading the file.
    Reading,
    /// Classifying and posting all lines at once.
    Posting,
}

/// An import as it is known by its idempotency key.
#[derive(Serialize)]
struct ImportRequest<'a> {
    sha256: &'a str,
    defaults: &'a ImportApplications,
}

/// An import as the audit log keeps it.
#[derive(Serialize)]
struct ImportRecord<'a> {
    file: &'a str,
    sha256: &'a str,
    lines: u64,
    accepted: u64,
    held: u64,
}

impl Ledger {
    /// Takes a file of applications: posts the good lines, holds the doubtful ones (R3). All of it
    /// or, when a line cannot be read, nothing; a file known by its bytes and the defaults it
    /// needed changes nothing (R6). `progress` is called now and then, from another thread.
    ///
    /// Refuses a file with any line that cannot be read or names an unknown co-op, listing each
    /// with line, column and reason.
    pub fn import_applications(
        &self,
        call: &Call,
        source: &dyn Source,
        defaults: ImportApplications,
        progress: &(dyn Fn(ImportProgress) + Sync),
    ) -> Result<ApplicationsImported> {
        let file = TableFile::inspect(source)?;
        let request = ImportRequest {
            sha256: &file.sha256,
            defaults: &defaults,
        };
        self.write(call, Operation::ImportApplications, &request, |tx| {
            import(tx, &file, &defaults, progress)
        })
    }
}

/// Takes a file that is known by its bytes.
pub(super) fn import(
    tx: &mut Tx<'_>,
    file: &TableFile<'_>,
    defaults: &ImportApplications,
    progress: &(dyn Fn(ImportProgress) + Sync),
) -> Result<ApplicationsImported> {
    store::lock::reference_shared(tx.connection)?;
    let read = stage_file(tx, file, defaults, progress)?;
    for coop_id in staged_coops(tx.connection)? {
        store::lock::coop_exclusive(tx.connection, coop_id)?;
    }
    let fingerprint = read.fingerprint(file);
    if let Some(known) = intakes::find_by_fingerprint(tx.connection, &fingerprint)? {
        clear_many(tx.connection)?;
        return already_imported(file, known);
    }
    progress(ImportProgress {
        stage: ImportStage::Posting,
        lines: read.lines,
        lines_total: read.lines,
    });
    prepare_for_many(tx.connection)?;
    let arrival = Arrival {
        kind: "file",
        name: Some(file.name()),
        fingerprint: Some(&fingerprint),
        last_round: read.last_round,
    };
    let posted = post_staged(tx, &arrival)?;
    count_what_many_became(tx.connection)?;
    clear_many(tx.connection)?;
    record(tx, file, &posted)?;
    Ok(ApplicationsImported {
        import_id: Some(posted.intake_id),
        file: file.name().to_owned(),
        lines: posted.lines(),
        accepted: posted.accepted,
        held: posted.held,
        held_by_reason: posted.held_by_reason,
        already_imported: false,
    })
}

fn record(tx: &mut Tx<'_>, file: &TableFile<'_>, posted: &Posted) -> Result<()> {
    let event = Event {
        action: "import_applications",
        coop_id: None,
        subject: format!("import:{}", posted.intake_id),
        reason: None,
    };
    let record = ImportRecord {
        file: file.name(),
        sha256: &file.sha256,
        lines: posted.lines(),
        accepted: posted.accepted,
        held: posted.held,
    };
    tx.audit_content(
        &event,
        None::<&()>,
        Some(&record),
        Some(file.sha256.clone()),
    )
}

fn already_imported(file: &TableFile<'_>, known: Intake) -> Result<ApplicationsImported> {
    let held_by_reason = match &known.held_by_reason {
        Some(json) => stored("intakes.held_by_reason", serde_json::from_str(json))?,
        None => BTreeMap::new(),
    };
    Ok(ApplicationsImported {
        import_id: Some(known.id),
        file: file.name().to_owned(),
        lines: stored("intakes.lines", known.lines.try_into())?,
        accepted: stored("intakes.accepted", known.accepted.try_into())?,
        held: stored("intakes.held", known.held.try_into())?,
        held_by_reason,
        already_imported: true,
    })
}

/// What was learnt by reading a file.
struct FileRead {
    lines: u64,
    last_round: i32,
    channel_needed: Option<Channel>,
    received_on_needed: Option<NaiveDate>,
}

impl FileRead {
    /// What the file is known by (R6): its bytes, and those defaults that some line needed.
    fn fingerprint(&self, file: &TableFile<'_>) -> String {
        let mut fingerprint = file.sha256.clone();
        if let Some(channel) = self.channel_needed {
            fingerprint.push_str(&format!(" channel={channel}"));
        }
        if let Some(received_on) = self.received_on_needed {
            fingerprint.push_str(&format!(" received_on={received_on}"));
        }
        fingerprint
    }
}

/// Reads and stages a file: one thread reads and looks at lines, this one stages the runs it
/// hands over.
fn stage_file(
    tx: &mut Tx<'_>,
    file: &TableFile<'_>,
    defaults: &ImportApplications,
    progress: &(dyn Fn(ImportProgress) + Sync),
) -> Result<FileRead> {
    let desk = Desk::load(tx.connection, tx.settings.implausible_units_over)?;
    let coops = cooperatives::all(tx.connection)?;
    let reading = Reading {
        coops: coops.into_iter().map(|coop| (coop.code, coop.id)).collect(),
        defaults: ApplicationDefaults {
            received_on: defaults.received_on.unwrap_or(tx.today),
            channel: defaults.channel.unwrap_or(Channel::Paper),
        },
        stager: Stager::new(&desk),
        progress,
        lines_total: file.lines.saturating_sub(1),
    };
    let reader = file.open()?;
    let encoding = file.encoding;
    clear_many(tx.connection)?;
    let read = thread::scope(|scope| {
        let (sender, receiver) = sync_channel(RUNS_WAITING_MAX);
        let reader = scope.spawn(move || {
            let lines = ApplicationReader::new(reader, encoding, reading.defaults)?;
            reading.read(lines, &sender)
        });
        let staged = stage_runs(tx, receiver);
        let read = reader
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        staged.map(|()| read)
    })?;
    read.map_err(|error| file.refuse_table(error))
}

/// Stages runs until there are no more. On a failure the reading thread, whom nobody hears any
/// more, stops by itself.
fn stage_runs(tx: &mut Tx<'_>, runs: Receiver<Run>) -> Result<()> {
    for run in runs {
        run.stage(tx.connection)?;
    }
    Ok(())
}

/// Reads the lines of a file and looks at each.
struct Reading<'a> {
    coops: HashMap<String, i64>,
    defaults: ApplicationDefaults,
    stager: Stager<'a>,
    progress: &'a (dyn Fn(ImportProgress) + Sync),
    lines_total: u64,
}

impl Reading<'_> {
    /// Reads to the end, or until nobody takes the runs any more. Once a line is wrong, the others
    /// are only read for what is wrong with them.
    fn read<R: Read>(
        mut self,
        mut lines: ApplicationReader<R>,
        runs: &SyncSender<Run>,
    ) -> Result<FileRead, TableError> {
        let mut problems = Problems::new();
        let mut read = FileRead {
            lines: 0,
            last_round: 1,
            channel_needed: None,
            received_on_needed: None,
        };
        while let Some(Line { number, row }) = lines.read()? {
            match row {
                Ok(line) if problems.is_empty() => {
                    if let Err(problem) = self.take(number, &line) {
                        problems.push(problem);
                    }
                    read.note_defaults(&line);
                }
                Ok(line) => problems.extend(self.coop_of(number, &line).err()),
                Err(found) => problems.extend(found),
            }
            read.lines += 1;
            if read.lines.is_multiple_of(PROGRESS_LINES) {
                self.report(read.lines);
            }
            if self.stager.is_run_full() && runs.send(self.stager.take_run()).is_err() {
                return Ok(read);
            }
        }
        if !problems.is_empty() {
            return Err(TableError::Problems(problems));
        }
        self.report(read.lines);
        // A failed hand-over shows where the runs are staged.
        let _nobody_takes_it = runs.send(self.stager.take_run());
        read.last_round = self.stager.last_round();
        Ok(read)
    }

    fn take(&mut self, number: u64, line: &ApplicationLine<'_>) -> Result<(), LineProblem> {
        let coop_id = self.coop_of(number, line)?;
        let incoming = IncomingLine {
            line_no: number,
            coop_id,
            member_number: &line.member_number,
            line: LineIn {
                order_number: line.order_number,
                units: line.units,
                amount: line.amount,
                received_on: line.received_on,
                channel: line.channel,
                note: line.note,
                cycle: None,
                not_before: None,
            },
            line_id: line.line_id,
        };
        self.stager
            .take(&incoming)
            .map_err(|lack| LineProblem::of_line(number, lack.to_string()))
    }

    fn coop_of(&self, number: u64, line: &ApplicationLine<'_>) -> Result<i64, LineProblem> {
        self.coops.get(line.coop.as_ref()).copied().ok_or_else(|| {
            let reason = "この単協コードの単協はありません。コードを確かめるか、先に単協を取り込んでください";
            LineProblem::of_field(number, "単協コード", &line.coop, reason)
        })
    }

    fn report(&self, lines: u64) {
        (self.progress)(ImportProgress {
            stage: ImportStage::Reading,
            lines,
            lines_total: self.lines_total.max(lines),
        });
    }
}

impl FileRead {
    fn note_defaults(&mut self, line: &ApplicationLine<'_>) {
        if line.channel_is_default {
            self.channel_needed = Some(line.channel);
        }
        if line.received_on_is_default {
            self.received_on_needed = Some(line.received_on);
        }
    }
}

//! A co-op's answer to what was handed over comes in.

use std::collections::{BTreeMap, HashMap};

use domain::{CollectionMonth, CoopCode, Yen};
use formats::table::{Line, LineProblem, Problems};
use formats::tables::ResultRow;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::results::{self, FateCount, StagedResult};
use store::tables::result_files::{self, ResultFileValues};
use store::tables::{cooperatives, settlements};

use super::settle::settle;
use crate::reference::find_cooperative;
use crate::table_file::TableFile;
use crate::tx::{Event, Tx, to_json};
use crate::{Call, Ledger, Operation, Result, Source};

/// Lines staged at a time.
const RUN_LINES: usize = 8_192;

/// What is said of a file of results beside the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportResults {
    /// The co-op that it comes from: lines about another's charges are held, and lines that name
    /// neither key nor co-op are this one's.
    pub coop: Option<CoopCode>,
}

/// What became of a file of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResultsImported {
    /// The file's number.
    pub result_file_id: i64,
    /// Its name.
    pub file: String,
    /// Its lines.
    pub lines: u64,
    /// How many charges it collected.
    pub collected: u64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub collected_amount: Yen,
    /// How many charges it says have failed.
    pub failed: u64,
    /// Yen of them.
    #[schema(value_type = i64)]
    pub failed_amount: Yen,
    /// How many lines wait for a person.
    pub held: u64,
    /// How many were held for which reason.
    pub held_by_reason: BTreeMap<String, u64>,
    /// How many lines said what was known already; all of them, where the file was imported before.
    pub unchanged: u64,
    /// How many of the failed charges are tried again.
    pub carried: u64,
    /// How many pledges have ended for it.
    pub ended_pledges: u64,
    /// Whether this very file had been imported before: then nothing was changed (R6).
    pub already_imported: bool,
}

/// An import as it is known by its idempotency key.
#[derive(Serialize)]
struct ImportRequest<'a> {
    sha256: &'a str,
    request: &'a ImportResults,
}

impl Ledger {
    /// Takes a file of results (R13): settles the outstanding charges it names, leaves alone what
    /// is known already, and holds what a person has to decide about. All of it or, when a line
    /// cannot be read, nothing; a file known by its bytes changes nothing (R6). What was collected
    /// is booked by its day of collection. `lines_read` is called now and then.
    ///
    /// # Errors
    /// Refuses a file with any line that cannot be read or names an unknown co-op, listing each
    /// with line, column and reason.
    pub fn import_results(
        &self,
        call: &Call,
        source: &dyn Source,
        request: &ImportResults,
        lines_read: &dyn Fn(u64),
    ) -> Result<ResultsImported> {
        let file = TableFile::inspect(source)?;
        let known_by = ImportRequest {
            sha256: &file.sha256,
            request,
        };
        self.write(call, Operation::ImportResults, &known_by, |tx| {
            import(tx, &file, request, lines_read, &mut |_, _| Ok(()))
        })
    }
}

/// Takes a file. Where it is new, `look` sees the connection and the number of the file once all is
/// settled, with the classified lines still there.
pub(super) fn import(
    tx: &mut Tx<'_>,
    file: &TableFile<'_>,
    request: &ImportResults,
    lines_read: &dyn Fn(u64),
    look: &mut dyn FnMut(&mut DbConnection, i64) -> Result<()>,
) -> Result<ResultsImported> {
    store::lock::reference_shared(tx.connection)?;
    results::create_tables(tx.connection)?;
    let read = stage_file(tx, file, request, lines_read)?;
    for coop_id in results::coops_named(tx.connection)? {
        store::lock::coop_exclusive(tx.connection, coop_id)?;
    }
    let fingerprint = match &request.coop {
        Some(coop) => format!("{} coop={coop}", file.sha256),
        None => file.sha256.clone(),
    };
    if let Some(known) = result_files::find_by_fingerprint(tx.connection, &fingerprint)? {
        results::drop_tables(tx.connection)?;
        return Ok(already_imported(file, known.id, read.lines));
    }
    results::classify(tx.connection, read.has_lines_without_key, tx.today)?;
    let fates = Fates::count(tx)?;
    let values = fates.values(tx, file, fingerprint)?;
    let id = result_files::insert(tx.connection, &values)?;
    let ended = settle(tx, id, file.name())?;
    let imported = ResultsImported {
        result_file_id: id,
        file: file.name().to_owned(),
        lines: read.lines,
        collected: fates.lines("collected"),
        collected_amount: fates.amount("collected"),
        failed: fates.lines("failed"),
        failed_amount: fates.amount("failed"),
        held: fates.lines("held"),
        unchanged: fates.lines("unchanged"),
        held_by_reason: fates.held_by_reason,
        carried: settlements::count_carried(tx.connection, id)?.unsigned_abs(),
        ended_pledges: ended,
        already_imported: false,
    };
    look(tx.connection, id)?;
    results::drop_tables(tx.connection)?;
    record(tx, file, &imported)?;
    Ok(imported)
}

/// How many lines have which fate.
struct Fates {
    counts: Vec<FateCount>,
    held_by_reason: BTreeMap<String, u64>,
}

impl Fates {
    fn count(tx: &mut Tx<'_>) -> Result<Self> {
        let held = results::count_held_reasons(tx.connection)?;
        Ok(Self {
            counts: results::count_fates(tx.connection)?,
            held_by_reason: held
                .into_iter()
                .map(|(reason, lines)| (reason, lines.unsigned_abs()))
                .collect(),
        })
    }

    fn find(&self, fate: &str) -> (i64, i64) {
        let found = self.counts.iter().find(|count| count.fate == fate);
        found.map_or((0, 0), |count| (count.lines, count.amount))
    }

    fn lines(&self, fate: &str) -> u64 {
        self.find(fate).0.unsigned_abs()
    }

    fn amount(&self, fate: &str) -> Yen {
        Yen::new(self.find(fate).1)
    }

    fn values(
        &self,
        tx: &Tx<'_>,
        file: &TableFile<'_>,
        fingerprint: String,
    ) -> Result<ResultFileValues> {
        let (collected, collected_amount) = self.find("collected");
        let (failed, failed_amount) = self.find("failed");
        Ok(ResultFileValues {
            name: file.name().to_owned(),
            fingerprint,
            lines: self.counts.iter().map(|count| count.lines).sum(),
            collected,
            collected_amount,
            failed,
            failed_amount,
            held: self.find("held").0,
            unchanged: self.find("unchanged").0,
            held_by_reason: to_json(&self.held_by_reason)?,
            actor: tx.actor.as_str().to_owned(),
            recorded_at: tx.recorded_at(),
        })
    }
}

fn already_imported(file: &TableFile<'_>, id: i64, lines: u64) -> ResultsImported {
    ResultsImported {
        result_file_id: id,
        file: file.name().to_owned(),
        lines,
        collected: 0,
        collected_amount: Yen::ZERO,
        failed: 0,
        failed_amount: Yen::ZERO,
        held: 0,
        held_by_reason: BTreeMap::new(),
        unchanged: lines,
        carried: 0,
        ended_pledges: 0,
        already_imported: true,
    }
}

/// An import as the audit log keeps it: one event, with the digest of its bytes.
#[derive(Serialize)]
struct ImportRecord<'a> {
    sha256: &'a str,
    #[serde(flatten)]
    imported: &'a ResultsImported,
}

fn record(tx: &mut Tx<'_>, file: &TableFile<'_>, imported: &ResultsImported) -> Result<()> {
    let event = Event {
        action: "import_results",
        coop_id: None,
        subject: format!("result_file:{}", imported.result_file_id),
        reason: None,
    };
    let record = ImportRecord {
        sha256: &file.sha256,
        imported,
    };
    let content = Some(file.sha256.clone());
    tx.audit_content(&event, None::<&()>, Some(&record), content)
}

/// What was learnt by reading a file.
struct FileRead {
    lines: u64,
    has_lines_without_key: bool,
}

fn stage_file(
    tx: &mut Tx<'_>,
    file: &TableFile<'_>,
    request: &ImportResults,
    lines_read: &dyn Fn(u64),
) -> Result<FileRead> {
    let asked = match &request.coop {
        Some(coop) => Some(find_cooperative(tx.connection, coop)?.id),
        None => None,
    };
    let coops: HashMap<String, i64> = cooperatives::all(tx.connection)?
        .into_iter()
        .map(|coop| (coop.code, coop.id))
        .collect();
    let mut problems = Problems::new();
    let mut run = Vec::with_capacity(RUN_LINES);
    let mut read = FileRead {
        lines: 0,
        has_lines_without_key: false,
    };
    for line in file.rows::<ResultRow>()? {
        let Line { number, row } = line.map_err(|error| file.unreadable(error))?;
        read.lines += 1;
        match row.and_then(|row| staged(number, &row, asked, &coops).map_err(|p| vec![p])) {
            Ok(line) => {
                read.has_lines_without_key |= line.charge_key.is_none();
                run.push(line);
            }
            Err(found) => problems.extend(found),
        }
        if run.len() >= RUN_LINES {
            if problems.is_empty() {
                results::stage(tx.connection, &run)?;
            }
            run.clear();
            lines_read(read.lines);
        }
    }
    file.check(&problems)?;
    results::stage(tx.connection, &run)?;
    lines_read(read.lines);
    Ok(read)
}

fn staged(
    number: u64,
    row: &ResultRow,
    asked: Option<i64>,
    coops: &HashMap<String, i64>,
) -> Result<StagedResult, LineProblem> {
    const COOP: &str = "単協コード";
    let named = match &row.coop {
        None => None,
        Some(code) => Some(coops.get(code.as_str()).copied().ok_or_else(|| {
            let reason = "この単協コードの単協はありません。コードを確かめるか、先に単協を取り込んでください";
            LineProblem::of_field(number, COOP, code.as_str(), reason)
        })?),
    };
    if let (Some(asked), Some(named)) = (asked, named)
        && asked != named
    {
        let reason = "指定された単協と違います。ファイルか指定のどちらかを確かめてください";
        let code = row.coop.as_ref().map_or("", |code| code.as_str());
        return Err(LineProblem::of_field(number, COOP, code, reason));
    }
    let coop_id = named.or(asked);
    if row.charge_key.is_none() && coop_id.is_none() {
        let reason = "空です。請求キーのない行なので、単協コードを書くか、取り込むときに単協を指定してください";
        return Err(LineProblem::of_field(number, COOP, "", reason));
    }
    let key = row.charge_key;
    let too_long = |_| LineProblem::of_line(number, "行が多すぎます");
    Ok(StagedResult {
        line_no: i64::try_from(number).map_err(too_long)?,
        charge_key: key.map(|key| key.to_string()),
        key_coop_id: key.map(domain::ChargeKey::coop_number),
        key_month: key.map(|key| key.month().as_int()),
        key_sequence: key.and_then(|key| i32::try_from(key.sequence()).ok()),
        key_rank: key.map(domain::ChargeKey::rank),
        coop_id,
        coop_code: row.coop.as_ref().map(ToString::to_string),
        member_number: row.member_number.as_ref().map(ToString::to_string),
        month: row.month.map(CollectionMonth::as_int),
        order_number: row.order_number.as_ref().map(ToString::to_string),
        result_code: row.result_code.as_str().to_owned(),
        collected_on: row.collected_on,
        amount: row.amount.map(Yen::get),
    })
}

//! Handing over a batch as a file: the same bytes for ever, and never over another file (R10).

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::{CollectionMonth, CoopCode, Yen};
use formats::collection::{CollectionSummary, Profile};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::proof::batches::KeptExport;
use store::tables::batches::{self, Batch};
use store::tables::exports::{self, Export};
use store::{DbConnection, lock};
use tempfile::NamedTempFile;

use super::approve_batch::require_approval;
use super::collection_file;
use super::coop_month::CoopMonth;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Which batch to export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportBatch {
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month; the latest where none is given.
    #[serde(default)]
    pub sequence: Option<i32>,
    /// Name of the profile; `standard` where none is given.
    #[serde(default)]
    pub profile: Option<String>,
}

/// An exported batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchExported {
    /// Its number.
    pub batch_id: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: i32,
    /// Rows, the header not counted.
    pub rows: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Name of the profile.
    pub profile: String,
    /// Version of the profile.
    pub profile_version: i32,
    /// The file; none where the bytes were handed over otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Ledger {
    /// Writes the file of a batch to `out`, all at once: it is made beside it, and put in its
    /// place when it is on the disk and its hash on record. The SHA-256 is recorded at the first
    /// export and checked at every later one.
    ///
    /// # Errors
    /// Refuses a month that is not closed, a voided batch, one that nobody has approved (R17), an unknown profile, a character that
    /// the profile's encoding lacks, a folder named in place of a file, a file in the place that
    /// is not this very one, and bytes other than those of the first export.
    pub fn export_batch(
        &self,
        call: &Call,
        request: ExportBatch,
        out: &Path,
    ) -> Result<BatchExported> {
        let failed = |error: io::Error| LedgerError::File {
            place: out.display().to_string(),
            error,
        };
        let folder = folder_for(out, &request).map_err(failed)?;
        let mut file = tempfile::Builder::new()
            .prefix(".hitokuchi-")
            .tempfile_in(folder)
            .map_err(failed)?;
        let made = self.make_file(call, Operation::ExportBatch, &request, file.as_file_mut())?;
        file.as_file().sync_all().map_err(failed)?;
        let is_there = check_place(out, &made.sha256())?;
        let mut exported =
            self.write(call, Operation::ExportBatch, &request, |tx| made.record(tx))?;
        if !is_there {
            put_in_place(file, out, &made.sha256())?;
        }
        // Also where the file was there: who put it there may have been stopped before this.
        File::open(out)
            .and_then(|file| file.sync_all())
            .and_then(|()| File::open(folder)?.sync_all())
            .map_err(failed)?;
        exported.file = Some(out.display().to_string());
        Ok(exported)
    }

    /// The file of a batch, to be read from its beginning; it goes when it is closed. Refuses as
    /// [`export_batch`](Self::export_batch) does, before the first byte.
    pub fn open_batch_file(
        &self,
        call: &Call,
        request: ExportBatch,
    ) -> Result<(BatchExported, File)> {
        self.open_file(call, Operation::ExportBatch, request)
    }

    /// The same for who only takes away once more what was exported before.
    pub fn download_batch_file(
        &self,
        call: &Call,
        request: ExportBatch,
    ) -> Result<(BatchExported, File)> {
        self.open_file(call, Operation::DownloadBatchFile, request)
    }

    fn open_file(
        &self,
        call: &Call,
        operation: Operation,
        request: ExportBatch,
    ) -> Result<(BatchExported, File)> {
        let failed = |error: io::Error| LedgerError::File {
            place: "請求データの一時ファイル".to_owned(),
            error,
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        let made = self.make_file(call, operation, &request, &mut file)?;
        let exported = self.write(call, operation, &request, |tx| made.record(tx))?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok((exported, file))
    }

    /// Writes the file of a batch to `out`, nothing before everything is checked. Refuses as
    /// [`export_batch`](Self::export_batch) does.
    pub fn write_batch_file(
        &self,
        call: &Call,
        request: ExportBatch,
        out: &mut dyn Write,
    ) -> Result<BatchExported> {
        let (exported, mut file) = self.open_batch_file(call, request)?;
        io::copy(&mut file, out).map_err(|error| LedgerError::File {
            place: "請求データ".to_owned(),
            error,
        })?;
        Ok(exported)
    }

    fn make_file(
        &self,
        call: &Call,
        operation: Operation,
        request: &ExportBatch,
        out: &mut File,
    ) -> Result<MadeFile> {
        self.read(call, operation, |connection| {
            let target = CoopMonth::find(connection, &request.coop, request.month)?;
            let batch = choose(connection, &target, request.sequence)?;
            let profile = choose_profile(connection, &batch, request.profile.as_deref())?;
            let summary = collection_file::write(connection, &target.coop, &batch, profile, out)?;
            Ok(MadeFile {
                coop: request.coop.clone(),
                month: request.month,
                batch,
                profile,
                summary,
            })
        })
    }
}

/// The batch asked for; the latest that counts where no sequence is.
fn choose(
    connection: &mut DbConnection,
    target: &CoopMonth,
    sequence: Option<i32>,
) -> Result<Batch> {
    let state = target.state(connection)?;
    if let Some(sequence) = sequence {
        let (coop, month) = (target.coop.id, target.month.as_int());
        let asked = batches::find_sequence(connection, coop, month, sequence)?;
        return match asked {
            Some(batch) if batch.state == batches::VOIDED => Err(voided(target, sequence)),
            Some(batch) => Ok(batch),
            None => Err(LedgerError::not_found(
                "batch_not_found",
                format!(
                    "{}に回次 {sequence} の請求データはありません",
                    target.label()
                ),
            )),
        };
    }
    if let Some(batch) = state.live.last() {
        return Ok(batch.clone());
    }
    Err(if state.closing.is_some() {
        LedgerError::refused(
            "batch_empty",
            format!(
                "{}は請求データを作らずに締めてあるので、ファイルはありません。遅れて届いた分があれば、もう一度締めると請求データができます",
                target.label()
            ),
        )
    } else {
        LedgerError::refused(
            "month_open",
            format!("{}はまだ締めていません。先に締めてください", target.label()),
        )
    })
}

fn voided(target: &CoopMonth, sequence: i32) -> LedgerError {
    LedgerError::refused(
        "batch_voided",
        format!(
            "{}の回次 {sequence} は取り消されたので、出力できません",
            target.label()
        ),
    )
}

/// The profile asked for, in the version that the batch was first exported with.
fn choose_profile(
    connection: &mut DbConnection,
    batch: &Batch,
    name: Option<&str>,
) -> Result<&'static Profile> {
    let unknown = |e: formats::collection::UnknownProfile| {
        LedgerError::field("profile_unknown", "profile", e.to_string())
    };
    let name = name.unwrap_or(Profile::STANDARD.name);
    match exports::find(connection, batch.id, name)? {
        Some(first) => Profile::by_version(name, first.profile_version).map_err(unknown),
        None => Profile::by_name(name).map_err(unknown),
    }
}

/// A file that was made and is not handed over yet.
struct MadeFile {
    coop: CoopCode,
    month: CollectionMonth,
    batch: Batch,
    profile: &'static Profile,
    summary: CollectionSummary,
}

impl MadeFile {
    fn sha256(&self) -> String {
        hex::encode(self.summary.sha256)
    }

    /// Records the hash, or checks it against the one on record.
    fn record(&self, tx: &mut Tx<'_>) -> Result<BatchExported> {
        lock::coop_exclusive(tx.connection, self.batch.coop_id)?;
        let batch = batches::find(tx.connection, self.batch.id)?;
        if batch.is_none_or(|batch| batch.state != self.batch.state) {
            return Err(LedgerError::refused(
                "batch_voided",
                "請求データが出力の間に取り消されました。締め直してから出力してください",
            ));
        }
        require_approval(tx, &self.batch)?;
        let record = match exports::find(tx.connection, self.batch.id, self.profile.name)? {
            None => {
                let record = self.export(tx);
                exports::insert(tx.connection, &record)?;
                record
            }
            Some(first) if first.sha256 == self.sha256() => first,
            Some(first) => return Err(self.differs(&first)),
        };
        let exported = BatchExported {
            batch_id: self.batch.id,
            coop: self.coop.clone(),
            month: self.month,
            sequence: self.batch.sequence,
            rows: self.batch.charges,
            amount: self.summary.amount,
            sha256: self.sha256(),
            profile: self.profile.name.to_owned(),
            profile_version: self.profile.version,
            file: None,
        };
        let event = Event {
            action: "export_batch",
            coop_id: Some(self.batch.coop_id),
            subject: format!("batch:{}", self.batch.id),
            reason: None,
        };
        let content = KeptExport::from(record).sha256();
        tx.audit_content(&event, None::<&()>, Some(&exported), Some(content))?;
        Ok(exported)
    }

    fn export(&self, tx: &Tx<'_>) -> Export {
        Export {
            batch_id: self.batch.id,
            profile: self.profile.name.to_owned(),
            profile_version: self.profile.version,
            sha256: self.sha256(),
            rows: self.batch.charges,
            amount: self.summary.amount.get(),
            actor: tx.actor.as_str().to_owned(),
            exported_at: tx.recorded_at(),
        }
    }

    fn differs(&self, first: &Export) -> LedgerError {
        LedgerError::refused(
            "export_differs",
            format!(
                "請求データ {} の内容が、{} に出力したときと違います（SHA-256 前回 {}、今回 {}）。ファイルは渡しません。hitokuchi verify を実行し、管理者に知らせてください",
                self.batch.id,
                domain::japan_date(first.exported_at.and_utc()),
                first.sha256,
                self.sha256()
            ),
        )
    }
}

/// The folder that the file goes to. Refuses a name that is none for a file.
fn folder_for<'a>(out: &'a Path, request: &ExportBatch) -> io::Result<&'a Path> {
    let refused = |words| Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    let ends_as_folder = out.as_os_str().as_encoded_bytes().ends_with(b"/");
    if out.is_dir() || ends_as_folder || out.file_name().is_none() {
        let example = out.join(format!("{}-{}.csv", request.coop, request.month));
        return refused(format!(
            "これはフォルダです。ファイルの名前まで指定してください。例: {}",
            example.display()
        ));
    }
    let folder = out
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    match fs::metadata(folder) {
        Ok(found) if !found.is_dir() => refused(format!(
            "{} はフォルダではありません。別の場所を指定してください",
            folder.display()
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => refused(format!(
            "フォルダ {} がありません。先に作るか、別の場所を指定してください",
            folder.display()
        )),
        // Whatever else is the matter shows when the file is made there.
        _ => Ok(folder),
    }
}

/// Whether this very file is in its place already. Refuses another one there.
fn check_place(out: &Path, sha256: &str) -> Result<bool> {
    let failed = |error: io::Error| LedgerError::File {
        place: out.display().to_string(),
        error,
    };
    match fs::metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(error)),
        Ok(found) if found.is_file() && sha256_of(out).map_err(failed)? == sha256 => Ok(true),
        Ok(_) => Err(taken(out)),
    }
}

/// Puts the file in its place, unless something has come there meanwhile.
fn put_in_place(file: NamedTempFile, out: &Path, sha256: &str) -> Result<()> {
    match file.persist_noclobber(out) {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
            check_place(out, sha256).map(drop)
        }
        Err(refused) => Err(LedgerError::File {
            place: out.display().to_string(),
            error: refused.error,
        }),
    }
}

fn taken(out: &Path) -> LedgerError {
    LedgerError::refused(
        "file_exists",
        format!(
            "{} には別の内容のファイルがあります。上書きしません。別の名前を指定するか、不要なら先に移してください",
            out.display()
        ),
    )
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}

//! `export_journal`: the whole journal for another program to check or to go on with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::{CollectionMonth, Yen};
use formats::hledger::{HledgerAccount, HledgerPosting, HledgerTransaction, HledgerWriter};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::DbConnection;
use store::reports::{self, Days, PostingFilter};
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};
use utoipa::ToSchema;

use super::books::Books;
use crate::tx::Event;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Entries read at once.
const ENTRIES_AT_ONCE: i64 = 200;

/// How the journal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JournalFormat {
    /// hledger's, declared strictly.
    Hledger,
}

/// Which journal to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportJournal {
    /// In which format.
    pub format: JournalFormat,
}

/// A journal that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalExported {
    /// In which format.
    pub format: JournalFormat,
    /// How many entries.
    pub entries: i64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The hash of the journal's last entry; none where it has none.
    pub head: Option<String>,
    /// The file; none where the bytes were handed over otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Ledger {
    /// Writes the whole journal to `out`, all at once: it is made beside it and put in its place,
    /// also where a file is there already.
    ///
    /// # Errors
    /// Fails where the file cannot be written.
    pub fn export_journal(
        &self,
        call: &Call,
        request: &ExportJournal,
        out: &Path,
    ) -> Result<JournalExported> {
        let failed = |error: io::Error| LedgerError::File {
            place: out.display().to_string(),
            error,
        };
        let folder = out
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".hitokuchi-")
            .tempfile_in(folder)
            .map_err(failed)?;
        let mut exported = self.make_journal(call, request, file.as_file_mut(), &failed)?;
        file.as_file().sync_all().map_err(failed)?;
        self.record_journal_export(call, request, &exported)?;
        file.persist(out).map_err(|error| failed(error.error))?;
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
        exported.file = Some(out.display().to_string());
        Ok(exported)
    }

    /// The whole journal, to be read from its beginning; it goes when it is closed.
    ///
    /// # Errors
    /// Fails where no temporary file can be written.
    pub fn open_journal_file(
        &self,
        call: &Call,
        request: &ExportJournal,
    ) -> Result<(JournalExported, File)> {
        let failed = |error: io::Error| LedgerError::File {
            place: "仕訳帳の一時ファイル".to_owned(),
            error,
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        let exported = self.make_journal(call, request, &mut file, &failed)?;
        self.record_journal_export(call, request, &exported)?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok((exported, file))
    }

    fn make_journal(
        &self,
        call: &Call,
        request: &ExportJournal,
        file: &mut File,
        failed: &dyn Fn(io::Error) -> LedgerError,
    ) -> Result<JournalExported> {
        let written = self.read(call, Operation::ExportJournal, |connection| {
            write(connection, &mut *file, failed)
        })?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(JournalExported {
            format: request.format,
            entries: written.entries,
            sha256: sha256(file).map_err(failed)?,
            head: written.head,
            file: None,
        })
    }

    fn record_journal_export(
        &self,
        call: &Call,
        request: &ExportJournal,
        exported: &JournalExported,
    ) -> Result<()> {
        self.write(call, Operation::ExportJournal, request, |tx| {
            let event = Event {
                action: "export_journal",
                coop_id: None,
                subject: "journal".to_owned(),
                reason: None,
            };
            tx.audit(&event, None::<&()>, Some(exported))
        })
    }
}

struct Written {
    entries: i64,
    head: Option<String>,
}

fn sha256(file: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

fn write(
    connection: &mut DbConnection,
    out: impl Write,
    failed: &dyn Fn(io::Error) -> LedgerError,
) -> Result<Written> {
    let books = Books::load(connection)?;
    let accounts = accounts(connection, &books)?;
    let mut writer = HledgerWriter::new(BufWriter::new(out), &accounts).map_err(failed)?;
    // Months, and so entries, begin there.
    let mut after = (CollectionMonth::MIN.first_day(), 0);
    let mut entries = 0;
    loop {
        let page = journal_entries::page_by_day(connection, after, ENTRIES_AT_ONCE)?;
        let Some(last) = page.last() else {
            break;
        };
        after = (last.posted_on, last.id);
        let ids: Vec<i64> = page.iter().map(|entry| entry.id).collect();
        let mut lines: BTreeMap<i64, Vec<JournalPosting>> = BTreeMap::new();
        for line in journal_postings::of_some(connection, &ids)? {
            lines.entry(line.entry_id).or_default().push(line);
        }
        for entry in &page {
            let lines = lines.remove(&entry.id).unwrap_or_default();
            let transaction = transaction(&books, entry, &lines)?;
            writer.write(&transaction).map_err(failed)?;
            entries += 1;
        }
    }
    writer.finish().map_err(failed)?;
    let head = journal_entries::head(connection)?.map(|(_, hash)| hash);
    Ok(Written { entries, head })
}

/// Every account in every fund that a posting names.
fn accounts<'a>(
    connection: &mut DbConnection,
    books: &'a Books,
) -> Result<Vec<HledgerAccount<'a>>> {
    let days = Days {
        from: None,
        to: CollectionMonth::MAX.last_day(),
    };
    let sums = reports::account_sums(connection, days, &PostingFilter::default())?;
    let used: BTreeSet<(i32, Option<i64>)> =
        sums.iter().map(|sum| (sum.account, sum.fund_id)).collect();
    used.into_iter()
        .map(|(account, fund)| account_of(books, account, fund))
        .collect()
}

fn account_of(books: &Books, account: i32, fund: Option<i64>) -> Result<HledgerAccount<'_>> {
    let account = books.stored_account(account)?;
    let fund = fund.map(|id| books.fund_of(id)).transpose()?;
    Ok(HledgerAccount {
        code: account.code,
        name: &account.name,
        kind: account.kind,
        fund: fund.map(|fund| fund.code.as_str()),
    })
}

fn transaction<'a>(
    books: &'a Books,
    entry: &'a JournalEntry,
    lines: &[JournalPosting],
) -> Result<HledgerTransaction<'a>> {
    let postings = lines
        .iter()
        .map(|line| {
            let coop = line
                .coop_id
                .map(|id| books.cooperative_of(id))
                .transpose()?;
            let campaign = line
                .campaign_id
                .map(|id| books.campaign_of(id))
                .transpose()?;
            Ok(HledgerPosting {
                account: account_of(books, line.account, line.fund_id)?,
                amount: Yen::new(line.amount),
                coop: coop.map(|coop| coop.code.as_str()),
                campaign: campaign.map(|campaign| campaign.code.as_str()),
                batch: line.batch_id,
            })
        })
        .collect::<Result<_>>()?;
    Ok(HledgerTransaction {
        id: entry.id,
        posted_on: entry.posted_on,
        occurred_on: entry.occurred_on,
        description: &entry.description,
        postings,
    })
}

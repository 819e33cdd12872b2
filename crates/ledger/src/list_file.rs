//! A list that is taken along as CSV for people (UTF-8 with BOM): every row that fits, whatever a page of
//! it shows, and all of one moment.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use formats::report::ReportCsv;
use store::DbConnection;

use crate::ledger::Look;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The file while it is written: rows go to the disk, so that a long list takes no memory.
pub(crate) struct ListFile(BufWriter<File>);

impl ListFile {
    fn begun() -> Result<Self> {
        let file = tempfile::tempfile().map_err(failed)?;
        Ok(Self(BufWriter::new(file)))
    }

    /// Writes what there is of the table so far.
    pub(crate) fn put(&mut self, csv: ReportCsv) -> Result<()> {
        self.0.write_all(csv.into_text().as_bytes()).map_err(failed)
    }

    fn finished(self) -> Result<File> {
        let mut file = self.0.into_inner().map_err(|e| failed(e.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok(file)
    }
}

fn failed(error: io::Error) -> LedgerError {
    LedgerError::File {
        place: "一覧の一時ファイル".to_owned(),
        error,
    }
}

impl Ledger {
    /// Has `write` put a list into a file, to be read from its beginning; the file goes when it is
    /// closed. Whoever may see the list may take it along. That it was taken along is on record before
    /// it is handed over, in the chain of the co-op that `write` names, or of the rest.
    pub(crate) fn take_along(
        &self,
        call: &Call,
        list: Operation,
        name: &str,
        write: impl FnOnce(&mut DbConnection, &mut ListFile) -> Result<Option<i64>>,
    ) -> Result<File> {
        let mut file = ListFile::begun()?;
        let (coop_id, access) = self.read_as(call, list, |connection, access| {
            Ok((write(connection, &mut file)?, access.clone()))
        })?;
        let look = Look {
            coop_id,
            subject: format!("report:{name}"),
        };
        self.record_look(Operation::DownloadReport, &access, Some(look))?;
        file.finished()
    }
}

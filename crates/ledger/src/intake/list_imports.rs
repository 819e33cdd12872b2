//! `list_imports`: the files that were taken, but for results, which have a list of their own.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::tables::intakes::{self, Intake};

use crate::error::stored;
use crate::reference::ReferenceTable;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

const LIST: &str = "imports";
/// `intakes.kind` of a file of applications.
const APPLICATIONS_KIND: &str = "file";

/// Which imports are asked for; all where nothing is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImportFilter {
    /// All.
    #[default]
    All,
    /// Those of applications.
    Applications,
    /// Those that filled a table.
    Reference(ReferenceTable),
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportTaken {
    /// Its number.
    pub id: i64,
    /// The table that it filled; none for applications.
    pub table: Option<ReferenceTable>,
    /// Its name.
    pub file: Option<String>,
    /// Its lines.
    pub lines: u64,
    /// How many were taken at once.
    pub accepted: u64,
    /// How many were held then.
    pub held: u64,
    /// Who brought it, as the audit log names them.
    pub taken_by: String,
    /// When.
    pub taken_at: DateTime<Utc>,
}

impl ImportFilter {
    fn kind(self) -> Option<&'static str> {
        match self {
            Self::All => None,
            Self::Applications => Some(APPLICATIONS_KIND),
            Self::Reference(table) => Some(table.intake_kind()),
        }
    }
}

impl Ledger {
    /// The files of applications and of reference data that were taken and changed something,
    /// newest first, a page at a time.
    pub fn list_imports(
        &self,
        call: &Call,
        filter: ImportFilter,
        page: &PageRequest,
    ) -> Result<Page<ImportTaken>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => i64::MAX,
        };
        self.read(call, Operation::GetImport, |connection| {
            let found = intakes::page_of_files(connection, filter.kind(), before_id, rows + 1)?;
            let views = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
            Ok(Page::of(views, rows, |import| {
                Cursor::after(LIST, &[import.id])
            }))
        })
    }
}

fn view(intake: Intake) -> Result<ImportTaken> {
    let count = |number: i64| stored("intakes.lines", u64::try_from(number));
    Ok(ImportTaken {
        id: intake.id,
        table: ReferenceTable::of_intake_kind(&intake.kind),
        file: intake.name,
        lines: count(intake.lines)?,
        accepted: count(intake.accepted)?,
        held: count(intake.held)?,
        taken_by: intake.actor,
        taken_at: intake.recorded_at.and_utc(),
    })
}

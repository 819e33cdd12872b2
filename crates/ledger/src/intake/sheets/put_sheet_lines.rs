//! Many lines at once, as they are pasted from a table: all of them or none.

use serde::{Deserialize, Serialize};
use store::tables::sheet_lines;
use store::tables::sheets::Sheet;

use super::key_lines::{Keyed, PutSheetLine, check_line_no, keyed, lock_open, may_key, read};
use super::view::{SheetLineView, line_view};
use super::{FIRST_KEYING, SECOND_KEYING, SHEET_LINES_MAX};
use crate::intake::Desk;
use crate::intake::incoming::Incoming;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Problem, Result};

/// Lines to key at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutSheetLines {
    /// Which keying: 1, or 2 for the second; the first where none is given.
    #[serde(default)]
    pub keying: Option<i32>,
    /// The lines, in order: they come after those that are there.
    pub lines: Vec<PutSheetLine>,
}

/// Lines as they were keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLinesKeyed {
    /// Their sheet.
    pub sheet_id: i64,
    /// 1, or 2 for the second keying.
    pub keying: i32,
    /// The lines, in the order in which they were given.
    pub keyed: Vec<SheetLineView>,
    /// How many lines this keying has now.
    pub lines: i64,
}

impl Ledger {
    /// Keys many lines of a sheet, after those that are there: all of them or none.
    ///
    /// Refuses what [`put_sheet_line`](Self::put_sheet_line) refuses, naming every bad line by its
    /// place among those given, from 1, and its column; and lines that say where they belong.
    pub fn put_sheet_lines(
        &self,
        call: &Call,
        sheet_id: i64,
        request: PutSheetLines,
    ) -> Result<SheetLinesKeyed> {
        self.write(
            call,
            Operation::PutSheetLines,
            &(sheet_id, &request),
            |tx| put_many(tx, sheet_id, &request),
        )
    }
}

fn put_many(tx: &mut Tx<'_>, sheet_id: i64, request: &PutSheetLines) -> Result<SheetLinesKeyed> {
    let keying = request.keying.unwrap_or(FIRST_KEYING);
    if !(FIRST_KEYING..=SECOND_KEYING).contains(&keying) {
        let reason = "1（1回目の入力）か 2（2回目の入力）を指定してください";
        return Err(LedgerError::field("keying_unknown", "keying", reason));
    }
    let (sheet, coop) = lock_open(tx, sheet_id)?;
    may_key(tx, &sheet, keying)?;
    let first = sheet_lines::last_line_no(tx.connection, sheet_id, keying)? + 1;
    let last = first.saturating_add(i64::try_from(request.lines.len()).unwrap_or(SHEET_LINES_MAX));
    if !request.lines.is_empty() {
        check_line_no(last - 1)?;
    }
    let lines = read_all(tx, &sheet, &coop, &request.lines)?;
    let lines: Vec<_> = (first..)
        .zip(lines)
        .map(|(line_no, incoming)| keyed(tx, sheet_id, keying, line_no, incoming))
        .collect();
    sheet_lines::insert_many(tx.connection, &lines)?;
    let event = Event {
        action: "put_sheet_lines",
        coop_id: Some(sheet.coop_id),
        subject: format!("sheet:{sheet_id}"),
        reason: None,
    };
    let recorded: Vec<Keyed<'_>> = lines.iter().map(Keyed::of).collect();
    tx.audit(&event, None::<&()>, Some(&recorded))?;
    let desk = Desk::load(tx.connection, tx.settings.implausible_units_over)?;
    Ok(SheetLinesKeyed {
        sheet_id,
        keying,
        lines: sheet_lines::count(tx.connection, sheet_id, keying)?,
        keyed: lines
            .into_iter()
            .map(|line| line_view(&desk, &sheet, line))
            .collect::<Result<_>>()?,
    })
}

/// Reads lines as applications are. Refuses them with every place that cannot be read.
fn read_all(
    tx: &Tx<'_>,
    sheet: &Sheet,
    coop: &str,
    given: &[PutSheetLine],
) -> Result<Vec<Incoming>> {
    let mut problems = Vec::new();
    let mut lines = Vec::with_capacity(given.len());
    for (place, line) in (1..).zip(given) {
        if line.line_no.is_some() {
            problems.push(Problem {
                line: Some(place),
                column: Some("line_no".to_owned()),
                reason: "まとめて入力する行には行番号を付けられません".to_owned(),
            });
            continue;
        }
        match read(tx, sheet, coop, line) {
            Ok(incoming) => lines.push(incoming),
            Err(LedgerError::Invalid { problems: bad, .. }) => {
                problems.extend(bad.into_iter().map(|problem| Problem {
                    line: Some(place),
                    ..problem
                }));
            }
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() {
        return Ok(lines);
    }
    let mut bad: Vec<u64> = problems.iter().filter_map(|one| one.line).collect();
    bad.dedup();
    Err(LedgerError::Invalid {
        code: "lines_unreadable",
        message: format!(
            "{}行のうち {}行が読めません。1行も入力していません。示された行を直して、もう一度送ってください",
            given.len(),
            bad.len()
        ),
        problems,
    })
}

//! Laying both keyings side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::sheet_lines::{self, SheetLine};
use store::tables::sheets;

use super::find_open::find_open;
use super::view::SheetLineView;
use super::{FIRST_KEYING, SECOND_KEYING};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Both keyings of a sheet, where they differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KeyingsCompared {
    /// The sheet.
    pub sheet_id: i64,
    /// Lines of the first keying.
    pub first_lines: usize,
    /// Lines of the second keying.
    pub second_lines: usize,
    /// Whether they agree in every line.
    pub agree: bool,
    /// The lines in which they differ, in order.
    pub differing: Vec<LineDiffering>,
}

/// A line in which the keyings differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LineDiffering {
    /// The line on the sheet.
    pub line_no: i64,
    /// As it was keyed first; nothing where it was not.
    pub first: Option<SheetLineView>,
    /// As it was keyed the second time; nothing where it was not.
    pub second: Option<SheetLineView>,
}

impl Ledger {
    /// Lays the two keyings of an open sheet side by side and gives the lines that differ (R7).
    /// From then on both keyers see both, and may correct either.
    ///
    /// Refuses while the second keying has fewer lines than the first: to look before one has
    /// finished would not be blind.
    pub fn compare_keyings(&self, call: &Call, sheet_id: i64) -> Result<KeyingsCompared> {
        self.write(call, Operation::CompareKeyings, &sheet_id, |tx| {
            compare(tx, sheet_id)
        })
    }
}

fn compare(tx: &mut Tx<'_>, sheet_id: i64) -> Result<KeyingsCompared> {
    let (found, _) = find_open(tx.connection, sheet_id)?;
    store::lock::coop_shared(tx.connection, found.coop_id)?;
    let (sheet, _) = find_open(tx.connection, sheet_id)?;
    let compared = side_by_side(tx.connection, sheet_id)?;
    if sheet.compared_at.is_some() {
        return Ok(compared);
    }
    if sheet.second_keyed_by.is_none() || compared.second_lines < compared.first_lines {
        return Err(LedgerError::refused(
            "second_keying_unfinished",
            format!(
                "2回目の入力が終わっていません（1回目 {}行、2回目 {}行）。終わってから突き合わせてください",
                compared.first_lines, compared.second_lines
            ),
        ));
    }
    let at = tx.recorded_at();
    sheets::set_compared(tx.connection, sheet_id, at)?;
    let event = Event {
        action: "compare_keyings",
        coop_id: Some(sheet.coop_id),
        subject: format!("sheet:{sheet_id}"),
        reason: None,
    };
    let lines: Vec<i64> = compared.differing.iter().map(|line| line.line_no).collect();
    tx.audit(&event, None::<&()>, Some(&lines))?;
    Ok(compared)
}

/// Both keyings as they stand.
pub(super) fn side_by_side(
    connection: &mut DbConnection,
    sheet_id: i64,
) -> Result<KeyingsCompared> {
    let mut load = |keying| -> Result<BTreeMap<i64, SheetLine>> {
        let lines = sheet_lines::of_keying(connection, sheet_id, keying)?;
        Ok(lines.into_iter().map(|line| (line.line_no, line)).collect())
    };
    let (first, second) = (load(FIRST_KEYING)?, load(SECOND_KEYING)?);
    let numbers: BTreeSet<i64> = first.keys().chain(second.keys()).copied().collect();
    let differing: Vec<LineDiffering> = numbers
        .into_iter()
        .filter(|line_no| !is_same(first.get(line_no), second.get(line_no)))
        .map(|line_no| LineDiffering {
            line_no,
            first: first.get(&line_no).cloned().map(Into::into),
            second: second.get(&line_no).cloned().map(Into::into),
        })
        .collect();
    Ok(KeyingsCompared {
        sheet_id,
        first_lines: first.len(),
        second_lines: second.len(),
        agree: differing.is_empty(),
        differing,
    })
}

/// Whether both say the same. A note decides only where there is no order number: elsewhere it is
/// a remark.
fn is_same(first: Option<&SheetLine>, second: Option<&SheetLine>) -> bool {
    let said = |line: &SheetLine| {
        let note = line.note.clone().filter(|_| line.order_number.is_none());
        let number = line.member_number.clone();
        (
            number,
            line.order_number.clone(),
            line.units,
            line.amount,
            note,
        )
    };
    first.map(said) == second.map(said)
}

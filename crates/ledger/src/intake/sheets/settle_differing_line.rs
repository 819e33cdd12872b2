//! Settling a line in which both keyings differ, with the paper in hand.

use serde::{Deserialize, Serialize};
use store::tables::sheet_lines::{self, SheetLine};

use super::compare_keyings::{KeyingsCompared, side_by_side};
use super::key_lines::{Keyed, PutSheetLine, check_line_no, keyed, lock_open, read};
use super::{FIRST_KEYING, SECOND_KEYING};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// How a line is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleDifferingLine {
    /// The line on the sheet.
    pub line_no: i64,
    /// What is right.
    pub as_of: Settled,
}

/// What is right of a line that was keyed twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The first keying; where that has no such line, there is none.
    First,
    /// The second keying, likewise.
    Second,
    /// Neither: the paper says this.
    Paper(Box<PutSheetLine>),
}

impl Ledger {
    /// Makes both keyings of a sheet say the same in a line, as the paper has it. Gives what still
    /// differs.
    ///
    /// Refuses before both were compared, and a line in which they agree: another has settled it.
    pub fn settle_differing_line(
        &self,
        call: &Call,
        sheet_id: i64,
        request: SettleDifferingLine,
    ) -> Result<KeyingsCompared> {
        self.write(
            call,
            Operation::SettleDifferingLine,
            &(sheet_id, &request),
            |tx| settle(tx, sheet_id, &request),
        )
    }
}

fn settle(
    tx: &mut Tx<'_>,
    sheet_id: i64,
    request: &SettleDifferingLine,
) -> Result<KeyingsCompared> {
    let line_no = request.line_no;
    check_line_no(line_no)?;
    let (sheet, coop) = lock_open(tx, sheet_id)?;
    if sheet.compared_at.is_none() {
        return Err(LedgerError::refused(
            "not_compared",
            "2回の入力はまだ突き合わせていません。突き合わせてから決めてください",
        ));
    }
    let compared = side_by_side(tx.connection, sheet_id)?;
    if !compared.differing.iter().any(|one| one.line_no == line_no) {
        return Err(LedgerError::refused(
            "line_agrees",
            format!(
                "{line_no}行目は2回の入力が一致しています。ほかの人が先に決めたのかもしれません"
            ),
        ));
    }
    let mut find = |keying| sheet_lines::find(tx.connection, sheet_id, keying, line_no);
    let before = [find(FIRST_KEYING)?, find(SECOND_KEYING)?];
    let right = match &request.as_of {
        Settled::First => before[0].clone(),
        Settled::Second => before[1].clone(),
        Settled::Paper(line) => {
            let incoming = read(tx, &sheet, &coop, line)?;
            Some(keyed(tx, sheet_id, FIRST_KEYING, line_no, incoming))
        }
    };
    for (keying, was) in [FIRST_KEYING, SECOND_KEYING].into_iter().zip(&before) {
        let right = right.clone().map(|line| SheetLine { keying, ..line });
        if right == *was {
            continue;
        }
        match right {
            Some(line) => {
                let line = SheetLine {
                    actor: tx.actor.as_str().to_owned(),
                    recorded_at: tx.recorded_at(),
                    ..line
                };
                sheet_lines::put(tx.connection, &line)?;
            }
            None => {
                sheet_lines::remove(tx.connection, sheet_id, keying, line_no)?;
            }
        }
    }
    let event = Event {
        action: "settle_differing_line",
        coop_id: Some(sheet.coop_id),
        subject: format!("sheet:{sheet_id}"),
        reason: None,
    };
    let both: Vec<Keyed<'_>> = before.iter().flatten().map(Keyed::of).collect();
    tx.audit(&event, Some(&both), right.as_ref().map(Keyed::of).as_ref())?;
    side_by_side(tx.connection, sheet_id)
}

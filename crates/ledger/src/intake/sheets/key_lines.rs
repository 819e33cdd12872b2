//! Keying the lines of a sheet: once, or a second time, blind, by another person.

use serde::{Deserialize, Serialize};
use store::tables::sheet_lines::{self, SheetLine};
use store::tables::sheets::{self, Sheet};

use super::find_open::find_open;
use super::view::{SheetLineView, line_view};
use super::{FIRST_KEYING, SECOND_KEYING, SHEET_LINES_MAX};
use crate::intake::incoming::Incoming;
use crate::intake::{Desk, NewApplication};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A line to key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutSheetLine {
    /// Its line on the sheet, from 1, to correct that one; the next where none is given.
    #[serde(default)]
    pub line_no: Option<i64>,
    /// The member's number.
    #[schema(example = "0010762")]
    pub member_number: String,
    /// The order number, six digits; only a depot form may lack it.
    #[serde(default)]
    #[schema(example = "108413")]
    pub order_number: Option<String>,
    /// Units (口), 1 to 99; or `amount`.
    #[serde(default)]
    #[schema(example = 2)]
    pub units: Option<i64>,
    /// Yen; or `units`.
    #[serde(default)]
    pub amount: Option<i64>,
    /// What else was written.
    #[serde(default)]
    pub note: Option<String>,
    /// The line as it was before it was corrected: where another one has changed it meanwhile, the
    /// correction is refused. Without it, what is there is replaced.
    #[serde(default)]
    pub replacing: Option<LineSeen>,
}

/// A line as whoever changes it saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineSeen {
    /// The member's number.
    #[schema(example = "0010762")]
    pub member_number: String,
    /// The order number.
    #[serde(default)]
    #[schema(example = "108413")]
    pub order_number: Option<String>,
    /// Units (口).
    #[serde(default)]
    #[schema(example = 2)]
    pub units: Option<i64>,
    /// Yen.
    #[serde(default)]
    pub amount: Option<i64>,
    /// What else was written.
    #[serde(default)]
    pub note: Option<String>,
}

impl LineSeen {
    /// Refuses where the line does not say that any more.
    fn check(&self, line_no: i64, now: Option<&SheetLine>) -> Result<()> {
        let is_so = now.is_some_and(|now| {
            now.member_number == self.member_number
                && now.order_number == self.order_number
                && (now.units, now.amount) == (self.units, self.amount)
                && now.note == self.note
        });
        if is_so {
            return Ok(());
        }
        let (message, details) = match now {
            Some(now) => (
                format!(
                    "{line_no}行目は {} さんが先に直しました（今は 組合員番号 {}・注文番号 {}・口数 {}）。今の内容を確かめて、もう一度直してください",
                    now.actor.strip_prefix("user:").unwrap_or(&now.actor),
                    now.member_number,
                    now.order_number.as_deref().unwrap_or("なし"),
                    now.units
                        .map_or_else(|| "なし".to_owned(), |units| units.to_string()),
                ),
                serde_json::to_value(SheetLineView::from(now.clone())).ok(),
            ),
            None => (
                format!(
                    "{line_no}行目はほかの人が消しました。必要なら新しい行として入力してください"
                ),
                None,
            ),
        };
        Err(LedgerError::Refused {
            code: "line_changed_meanwhile",
            message,
            details,
        })
    }
}

/// A line as it was keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SheetLineKeyed {
    /// Its sheet.
    pub sheet_id: i64,
    /// 1, or 2 for the second keying.
    pub keying: i32,
    /// The line.
    pub line: SheetLineView,
    /// How many lines this keying has now.
    pub lines: i64,
}

impl Ledger {
    /// Keys a line of a sheet, or corrects one. Any line that can be read will do: what has to be
    /// held is held when the sheet is posted.
    ///
    /// Refuses a line that cannot be read, a sheet that is not open, more than 1,000 lines, and,
    /// until both keyings were compared, the one who keys it a second time.
    pub fn put_sheet_line(
        &self,
        call: &Call,
        sheet_id: i64,
        line: PutSheetLine,
    ) -> Result<SheetLineKeyed> {
        self.write(call, Operation::PutSheetLine, &(sheet_id, &line), |tx| {
            put(tx, sheet_id, FIRST_KEYING, &line)
        })
    }

    /// Keys a line a second time, without being shown the first keying (R7).
    ///
    /// Refuses, until both keyings were compared, everybody who keyed a line of the first and
    /// everybody but the one who began the second.
    pub fn key_second_time(
        &self,
        call: &Call,
        sheet_id: i64,
        line: PutSheetLine,
    ) -> Result<SheetLineKeyed> {
        self.write(call, Operation::KeySecondTime, &(sheet_id, &line), |tx| {
            put(tx, sheet_id, SECOND_KEYING, &line)
        })
    }

    /// Takes a line out of a keying, 1 or 2. Gives how many lines that has now.
    ///
    /// Refuses, where it is given as it was `seen`, one that another has changed since.
    pub fn remove_sheet_line(
        &self,
        call: &Call,
        sheet_id: i64,
        keying: i32,
        line_no: i64,
        seen: Option<&LineSeen>,
    ) -> Result<i64> {
        let request = (sheet_id, keying, line_no, seen);
        self.write(call, Operation::RemoveSheetLine, &request, |tx| {
            if !(FIRST_KEYING..=SECOND_KEYING).contains(&keying) {
                let reason = "1（1回目の入力）か 2（2回目の入力）を指定してください";
                return Err(LedgerError::field("keying_unknown", "keying", reason));
            }
            remove(tx, sheet_id, keying, line_no, seen)
        })
    }
}

fn put(tx: &mut Tx<'_>, sheet_id: i64, keying: i32, line: &PutSheetLine) -> Result<SheetLineKeyed> {
    let (sheet, coop) = lock_open(tx, sheet_id)?;
    may_key(tx, &sheet, keying)?;
    let incoming = read(tx, &sheet, &coop, line)?;
    let line_no = match line.line_no {
        Some(line_no) => line_no,
        None => sheet_lines::last_line_no(tx.connection, sheet_id, keying)? + 1,
    };
    check_line_no(line_no)?;
    let before = sheet_lines::find(tx.connection, sheet_id, keying, line_no)?;
    if let Some(seen) = &line.replacing {
        seen.check(line_no, before.as_ref())?;
    }
    let desk = Desk::load_for(
        tx.connection,
        tx.settings.implausible_units_over,
        incoming.order_number.as_ref(),
        sheet.received_on,
    )?;
    let keyed = keyed(tx, sheet_id, keying, line_no, incoming);
    sheet_lines::put(tx.connection, &keyed)?;
    let action = match keying {
        FIRST_KEYING => "put_sheet_line",
        _ => "key_second_time",
    };
    audit(tx, action, &sheet, before.as_ref(), Some(&keyed))?;
    Ok(SheetLineKeyed {
        sheet_id,
        keying,
        lines: sheet_lines::count(tx.connection, sheet_id, keying)?,
        line: line_view(&desk, &sheet, keyed)?,
    })
}

/// A line to key, read as applications are.
pub(super) fn read(
    tx: &Tx<'_>,
    sheet: &Sheet,
    coop: &str,
    line: &PutSheetLine,
) -> Result<Incoming> {
    let told = NewApplication {
        coop: coop.to_owned(),
        member_number: line.member_number.clone(),
        order_number: line.order_number.clone(),
        units: line.units,
        amount: line.amount,
        received_on: Some(sheet.received_on.to_string()),
        channel: Some(sheet.channel.clone()),
        note: line.note.clone(),
        line_id: None,
    };
    Incoming::read(&told, tx.today)
}

/// Refuses a line that no sheet has.
pub(super) fn check_line_no(line_no: i64) -> Result<()> {
    if (1..=SHEET_LINES_MAX).contains(&line_no) {
        return Ok(());
    }
    Err(LedgerError::field(
        "line_no_out_of_range",
        "line_no",
        format!(
            "1〜{SHEET_LINES_MAX} の行番号を指定してください。多いときは入力束を分けてください"
        ),
    ))
}

/// A line as it is kept.
pub(super) fn keyed(
    tx: &Tx<'_>,
    sheet_id: i64,
    keying: i32,
    line_no: i64,
    incoming: Incoming,
) -> SheetLine {
    SheetLine {
        sheet_id,
        keying,
        line_no,
        member_number: incoming.member_number.into_string(),
        order_number: incoming.order_number.map(|number| number.to_string()),
        units: incoming.units.map(|units| units.get()),
        amount: incoming.amount.map(|amount| amount.get()),
        note: incoming.note,
        actor: tx.actor.as_str().to_owned(),
        recorded_at: tx.recorded_at(),
    }
}

fn remove(
    tx: &mut Tx<'_>,
    sheet_id: i64,
    keying: i32,
    line_no: i64,
    seen: Option<&LineSeen>,
) -> Result<i64> {
    let (sheet, _) = lock_open(tx, sheet_id)?;
    may_key(tx, &sheet, keying)?;
    let Some(before) = sheet_lines::find(tx.connection, sheet_id, keying, line_no)? else {
        let message = format!("入力束 {sheet_id} に {line_no} 行目はありません");
        return Err(LedgerError::not_found("sheet_line_not_found", message));
    };
    if let Some(seen) = seen {
        seen.check(line_no, Some(&before))?;
    }
    sheet_lines::remove(tx.connection, sheet_id, keying, line_no)?;
    audit(tx, "remove_sheet_line", &sheet, Some(&before), None)?;
    Ok(sheet_lines::count(tx.connection, sheet_id, keying)?)
}

/// The sheet while it is open, and nobody posts it or keys it meanwhile.
pub(super) fn lock_open(tx: &mut Tx<'_>, sheet_id: i64) -> Result<(Sheet, String)> {
    let (found, _) = find_open(tx.connection, sheet_id)?;
    store::lock::coop_shared(tx.connection, found.coop_id)?;
    store::lock::sheet(tx.connection, sheet_id)?;
    find_open(tx.connection, sheet_id)
}

/// Keeps the two keyings, and the two persons, apart until they were compared (R7, R17).
pub(super) fn may_key(tx: &mut Tx<'_>, sheet: &Sheet, keying: i32) -> Result<()> {
    if sheet.compared_at.is_some() {
        return Ok(());
    }
    let second = sheet.second_keyed_by.as_deref();
    if keying == FIRST_KEYING {
        return match second {
            Some(second) if tx.access.is_same_person_as(second) => Err(LedgerError::refused(
                "second_keyer",
                "この入力束の2回目の入力をしている人は、突き合わせまで1回目の入力に触れません",
            )),
            _ => Ok(()),
        };
    }
    let keyers = sheet_lines::keyers(tx.connection, sheet.id, FIRST_KEYING)?;
    if keyers.iter().any(|one| tx.access.is_same_person_as(one)) {
        return Err(LedgerError::refused(
            "first_keyer",
            "1回目の入力をした人は2回目の入力ができません。別の人が入力してください",
        ));
    }
    match second {
        None => {
            let actor = tx.actor.as_str();
            Ok(sheets::set_second_keyer(tx.connection, sheet.id, actor)?)
        }
        Some(second) if tx.access.is_same_person_as(second) => Ok(()),
        Some(second) => Err(LedgerError::refused(
            "other_second_keyer",
            format!("2回目の入力は {second} さんが始めています。続きはその人が入力してください"),
        )),
    }
}

/// A line as the audit log keeps it: nothing that names a person.
#[derive(Serialize)]
pub(super) struct Keyed<'a> {
    keying: i32,
    line_no: i64,
    order_number: Option<&'a str>,
    units: Option<i64>,
    amount: Option<i64>,
}

impl<'a> Keyed<'a> {
    pub(super) fn of(line: &'a SheetLine) -> Self {
        Self {
            keying: line.keying,
            line_no: line.line_no,
            order_number: line.order_number.as_deref(),
            units: line.units,
            amount: line.amount,
        }
    }
}

fn audit(
    tx: &mut Tx<'_>,
    action: &'static str,
    sheet: &Sheet,
    before: Option<&SheetLine>,
    after: Option<&SheetLine>,
) -> Result<()> {
    let event = Event {
        action,
        coop_id: Some(sheet.coop_id),
        subject: format!("sheet:{}", sheet.id),
        reason: None,
    };
    let (before, after) = (before.map(Keyed::of), after.map(Keyed::of));
    tx.audit(&event, before.as_ref(), after.as_ref())
}

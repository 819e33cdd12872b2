//! A sheet as it is shown.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Channel, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::sheet_lines::{self, SheetLine};
use store::tables::sheets::{self, Sheet};

use super::totals::{self, SheetTotals, TotalDiffering};
use super::{FIRST_KEYING, SECOND_KEYING};
use crate::error::stored;
use crate::intake::Desk;
use crate::{Access, LedgerError, Result};

/// What has become of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetState {
    /// Being keyed.
    Open,
    /// Its lines have become applications.
    Posted,
    /// It was put aside; nothing came of it.
    Discarded,
}

impl SheetState {
    /// As the database keeps it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Posted => "posted",
            Self::Discarded => "discarded",
        }
    }

    pub(super) fn from_stored(word: &str) -> Result<Self> {
        match word {
            "open" => Ok(Self::Open),
            "posted" => Ok(Self::Posted),
            "discarded" => Ok(Self::Discarded),
            other => Err(LedgerError::Corrupt(format!("sheets.state: {other}"))),
        }
    }
}

/// A sheet, with the lines that the one who asks may see: until both keyings are compared, each
/// keyer sees only their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SheetView {
    /// Its number.
    pub id: i64,
    /// The co-op's code.
    #[schema(example = "01")]
    pub coop: String,
    /// The way in of its lines.
    #[schema(value_type = String, example = "paper")]
    pub channel: Channel,
    /// The day of receipt of its lines.
    pub received_on: NaiveDate,
    /// What has become of it.
    pub state: SheetState,
    /// What its cover says.
    pub control: SheetTotals,
    /// What the lines of the first keying come to; nothing where the one who asks may not see
    /// them.
    pub keyed: Option<SheetTotals>,
    /// Where cover and lines differ.
    pub differing: Vec<TotalDiffering>,
    /// The lines of the first keying.
    pub lines: Vec<SheetLineView>,
    /// The lines of the second keying.
    pub second_lines: Vec<SheetLineView>,
    /// Who opened it.
    pub opened_by: String,
    /// When, UTC.
    pub opened_at: DateTime<Utc>,
    /// Who keyed it a second time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_keyed_by: Option<String>,
    /// When the keyings were compared, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compared_at: Option<DateTime<Utc>>,
    /// Who posted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_by: Option<String>,
    /// When, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_at: Option<DateTime<Utc>>,
    /// Why it was posted although something differed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// Why it was discarded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discard_reason: Option<String>,
    /// The import its lines became, as applications name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_id: Option<i64>,
}

/// A keyed line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SheetLineView {
    /// Its line on the sheet, from 1.
    pub line_no: i64,
    /// The member's number.
    pub member_number: String,
    /// The order number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// Units (口).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// Yen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Yen that it comes to: as keyed, or as its order number makes of the units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comes_to: Option<i64>,
    /// What else was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who keyed it last.
    pub keyed_by: String,
}

impl From<SheetLine> for SheetLineView {
    fn from(line: SheetLine) -> Self {
        Self {
            line_no: line.line_no,
            member_number: line.member_number,
            order_number: line.order_number,
            units: line.units,
            amount: line.amount,
            comes_to: None,
            note: line.note,
            keyed_by: line.actor,
        }
    }
}

/// The sheet with this number, and its co-op's code. Refuses a number that there is not.
pub(super) fn find_sheet(connection: &mut DbConnection, id: i64) -> Result<(Sheet, String)> {
    sheets::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found("sheet_not_found", format!("入力束 {id} はありません"))
    })
}

/// Whether who asks may see a keying: until both are compared, whoever keys the second time sees
/// that one only, and everybody else the first only (R7).
pub(super) fn may_see(sheet: &Sheet, access: &Access, keying: i32) -> bool {
    let is_blind = sheet.second_keyed_by.is_some() && sheet.compared_at.is_none();
    if sheet.state != SheetState::Open.as_str() || !is_blind {
        return true;
    }
    let is_second = sheet
        .second_keyed_by
        .as_deref()
        .is_some_and(|keyer| access.is_same_person_as(keyer));
    is_second == (keying == SECOND_KEYING)
}

/// The sheet as who asks may see it.
pub(super) fn view(
    connection: &mut DbConnection,
    id: i64,
    access: &Access,
    implausible_units_over: i64,
) -> Result<SheetView> {
    let (sheet, coop) = find_sheet(connection, id)?;
    let desk = Desk::load(connection, implausible_units_over)?;
    view_of(connection, sheet, coop, access, &desk)
}

/// A sheet of the co-op of this code as who asks may see it.
pub(super) fn view_of(
    connection: &mut DbConnection,
    sheet: Sheet,
    coop: String,
    access: &Access,
    desk: &Desk,
) -> Result<SheetView> {
    let mut load = |keying| -> Result<Option<Vec<SheetLine>>> {
        if !may_see(&sheet, access, keying) {
            return Ok(None);
        }
        Ok(Some(sheet_lines::of_keying(connection, sheet.id, keying)?))
    };
    let (first, second) = (load(FIRST_KEYING)?, load(SECOND_KEYING)?);
    let control = SheetTotals::of_cover(&sheet);
    let keyed = first
        .as_ref()
        .map(|lines| totals::of_lines(desk, &sheet, lines))
        .transpose()?;
    let differing = keyed
        .as_ref()
        .map(|keyed| control.differing(keyed))
        .unwrap_or_default();
    let views = |lines: Option<Vec<SheetLine>>| -> Result<Vec<SheetLineView>> {
        let lines = lines.unwrap_or_default().into_iter();
        lines.map(|line| line_view(desk, &sheet, line)).collect()
    };
    let (lines, second_lines) = (views(first)?, views(second)?);
    Ok(SheetView {
        id: sheet.id,
        coop,
        channel: stored("sheets.channel", Channel::from_stored(&sheet.channel))?,
        received_on: sheet.received_on,
        state: SheetState::from_stored(&sheet.state)?,
        control,
        keyed,
        differing,
        lines,
        second_lines,
        opened_by: sheet.opened_by,
        opened_at: sheet.opened_at.and_utc(),
        second_keyed_by: sheet.second_keyed_by,
        compared_at: sheet.compared_at.map(|at| at.and_utc()),
        posted_by: sheet.posted_by,
        posted_at: sheet.posted_at.map(|at| at.and_utc()),
        override_reason: sheet.override_reason,
        discard_reason: sheet.discard_reason,
        import_id: sheet.intake_id,
    })
}

/// A line with the yen that it comes to.
pub(super) fn line_view(desk: &Desk, sheet: &Sheet, line: SheetLine) -> Result<SheetLineView> {
    let comes_to = totals::comes_to(desk, sheet, &line)?.1;
    Ok(SheetLineView {
        comes_to: comes_to.map(Yen::get),
        ..line.into()
    })
}

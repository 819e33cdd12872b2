//! Looking at sheets.

use domain::CoopCode;
use serde::{Deserialize, Serialize};
use store::tables::sheets::{self, SheetsAsked};

use super::find_open::find_open;
use super::view::{SheetState, SheetView, view, view_of};
use crate::intake::Desk;
use crate::ledger::Look;
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

/// Which sheets to list; all where nothing is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetFilter {
    /// Of one co-op.
    pub coop: Option<CoopCode>,
    /// In one state.
    pub state: Option<SheetState>,
    /// Only those that the caller has opened or keyed a line of.
    pub mine: bool,
    /// The newest first in place of the oldest.
    pub newest_first: bool,
}

impl Ledger {
    /// A sheet as the caller may see it: until both keyings are compared, each keyer sees only their
    /// own (R7). Refuses a number that there is not.
    pub fn get_sheet(&self, call: &Call, sheet_id: i64) -> Result<SheetView> {
        let over = self.settings().implausible_units_over;
        self.read_as(call, Operation::GetSheet, |connection, access| {
            view(connection, sheet_id, access, over)
        })
    }

    /// A sheet to be keyed, as the caller may see it. While its lines are keyed the members' states
    /// stand beside their numbers ([`look_at_keyed_line`](Self::look_at_keyed_line)): the audit log
    /// has one event of that for each time somebody sits down to it (R17).
    ///
    /// Refuses a number that there is not, and a sheet that is not open.
    pub fn begin_keying(&self, call: &Call, sheet_id: i64) -> Result<SheetView> {
        let over = self.settings().implausible_units_over;
        self.read_logged(call, Operation::BeginKeying, |connection, access| {
            let (sheet, _) = find_open(connection, sheet_id)?;
            let look = Look {
                coop_id: Some(sheet.coop_id),
                subject: format!("sheet:{sheet_id}"),
            };
            Ok((view(connection, sheet_id, access, over)?, look))
        })
    }

    /// The sheets, oldest first unless asked otherwise, without their lines.
    pub fn list_sheets(
        &self,
        call: &Call,
        filter: &SheetFilter,
        page: &PageRequest,
    ) -> Result<Page<SheetView>> {
        let rows = page.rows()?;
        let list = if filter.newest_first {
            "newest_sheets"
        } else {
            "sheets"
        };
        let after_id = match &page.cursor {
            Some(cursor) => Some(cursor.keys::<1>(list)?[0]),
            None => None,
        };
        let over = self.settings().implausible_units_over;
        let views = self.read_as(call, Operation::ListSheets, |connection, access| {
            let coop_id = match &filter.coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let asked = SheetsAsked {
                coop_id,
                state: filter.state.map(SheetState::as_str),
                person: filter.mine.then(|| access.actor().person()),
                newest_first: filter.newest_first,
            };
            let found = sheets::page(connection, asked, after_id, rows + 1)?;
            let desk = Desk::load(connection, over)?;
            found
                .into_iter()
                .map(|(sheet, coop)| {
                    Ok(SheetView {
                        lines: Vec::new(),
                        second_lines: Vec::new(),
                        ..view_of(connection, sheet, coop, access, &desk)?
                    })
                })
                .collect::<Result<Vec<_>>>()
        })?;
        Ok(Page::of(views, rows, |one| Cursor::after(list, &[one.id])))
    }
}

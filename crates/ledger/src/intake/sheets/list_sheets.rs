//! Looking at sheets.

use domain::CoopCode;
use serde::{Deserialize, Serialize};
use store::tables::sheets;

use super::view::{SheetState, SheetView, view};
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

/// Which sheets to list; all where nothing is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetFilter {
    /// Of one co-op.
    pub coop: Option<CoopCode>,
    /// In one state.
    pub state: Option<SheetState>,
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

    /// The sheets, oldest first, without their lines.
    pub fn list_sheets(
        &self,
        call: &Call,
        filter: &SheetFilter,
        page: &PageRequest,
    ) -> Result<Page<SheetView>> {
        let rows = page.rows()?;
        let [after_id] = match &page.cursor {
            Some(cursor) => cursor.keys("sheets")?,
            None => [0],
        };
        let over = self.settings().implausible_units_over;
        let views = self.read_as(call, Operation::ListSheets, |connection, access| {
            let coop_id = match &filter.coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let state = filter.state.map(SheetState::as_str);
            let found = sheets::page(connection, coop_id, state, after_id, rows + 1)?;
            found
                .into_iter()
                .map(|(sheet, _)| {
                    Ok(SheetView {
                        lines: Vec::new(),
                        second_lines: Vec::new(),
                        ..view(connection, sheet.id, access, over)?
                    })
                })
                .collect::<Result<Vec<_>>>()
        })?;
        Ok(Page::of(views, rows, |one| {
            Cursor::after("sheets", &[one.id])
        }))
    }
}

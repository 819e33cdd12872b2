//! Looking at what waits for a second person.

use domain::PendingState;
use store::tables::pending_actions;

use super::PendingActionView;
use super::view::find;
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

const LIST: &str = "pending_actions";

/// Which to list; all where nothing is given.
#[derive(Debug, Clone, Copy, Default)]
pub struct PendingFilter {
    /// In one state.
    pub state: Option<PendingState>,
}

impl Ledger {
    /// What waits for a second person, or waited, newest first (R17).
    pub fn list_pending_actions(
        &self,
        call: &Call,
        filter: &PendingFilter,
        page: &PageRequest,
    ) -> Result<Page<PendingActionView>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => Some(cursor.keys::<1>(LIST)?[0]),
            None => None,
        };
        let asked = pending_actions::PendingFilter {
            state: filter.state.map(PendingState::as_str),
            before_id,
        };
        self.read(call, Operation::ListPendingActions, |connection| {
            let found = pending_actions::page(connection, asked, rows + 1)?;
            let views = found
                .into_iter()
                .map(PendingActionView::of)
                .collect::<Result<Vec<_>>>()?;
            Ok(Page::of(views, rows, |one| {
                Cursor::after(LIST, &[one.pending_id])
            }))
        })
    }

    /// What waits, or waited, under this number.
    ///
    /// # Errors
    /// Refuses a number that nothing has.
    pub fn get_pending_action(&self, call: &Call, pending_id: i64) -> Result<PendingActionView> {
        self.read(call, Operation::GetPendingAction, |connection| {
            PendingActionView::of(find(connection, pending_id)?)
        })
    }
}

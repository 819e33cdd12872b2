//! Putting a sheet aside that is not to be posted.

use serde::{Deserialize, Serialize};
use store::tables::sheets;

use super::find_open::find_open;
use super::open_sheet::shown;
use super::view::SheetView;
use crate::call::given_reason;
use crate::tx::Event;
use crate::{Call, Ledger, Operation, Result};

/// Why a sheet is put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscardSheet {
    /// The reason, in the person's own words.
    #[schema(example = "同じ束をもう一度開いてしまった")]
    pub reason: String,
}

impl Ledger {
    /// Discards an open sheet with a reason. Its lines stay to be seen; nothing comes of them.
    ///
    /// Refuses one that was posted or discarded, and one without a reason.
    pub fn discard_sheet(
        &self,
        call: &Call,
        sheet_id: i64,
        request: DiscardSheet,
    ) -> Result<SheetView> {
        self.write(call, Operation::DiscardSheet, &(sheet_id, &request), |tx| {
            let reason = given_reason(&request.reason)?;
            let (found, _) = find_open(tx.connection, sheet_id)?;
            store::lock::coop_exclusive(tx.connection, found.coop_id)?;
            let (sheet, _) = find_open(tx.connection, sheet_id)?;
            sheets::set_discarded(tx.connection, sheet_id, reason)?;
            let event = Event {
                action: "discard_sheet",
                coop_id: Some(sheet.coop_id),
                subject: format!("sheet:{sheet_id}"),
                reason: Some(reason),
            };
            tx.audit(&event, None::<&()>, None::<&()>)?;
            shown(tx, sheet_id)
        })
    }
}

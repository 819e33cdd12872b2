//! Opening a sheet, and what its cover says.

use chrono::NaiveDate;
use domain::{Channel, CoopCode};
use serde::{Deserialize, Serialize};
use store::tables::sheets::{self, NewSheet};

use super::find_open::find_open;
use super::totals::SheetTotals;
use super::view::{SheetState, SheetView, view};
use crate::reference::find_cooperative;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A sheet to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenSheet {
    /// The co-op's code: all lines are of its members.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// `paper`, `web`, `depot` or `phone`; paper where none is given.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "paper")]
    pub channel: Option<Channel>,
    /// The day of receipt of its lines; today where none is given.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
    /// What its cover says, as far as it is known.
    #[serde(default)]
    pub control: SheetTotals,
}

impl Ledger {
    /// Opens a sheet to key lines under its control totals (R7).
    ///
    /// Refuses an unknown co-op, a date of receipt outside 2000 to 2099, and totals below 0.
    pub fn open_sheet(&self, call: &Call, request: OpenSheet) -> Result<SheetView> {
        self.write(call, Operation::OpenSheet, &request, |tx| {
            open(tx, &request)
        })
    }

    /// Puts down what the cover of an open sheet says, in place of what was put down before.
    pub fn set_control_totals(
        &self,
        call: &Call,
        sheet_id: i64,
        totals: SheetTotals,
    ) -> Result<SheetView> {
        self.write(
            call,
            Operation::SetControlTotals,
            &(sheet_id, &totals),
            |tx| {
                let (found, _) = find_open(tx.connection, sheet_id)?;
                store::lock::coop_shared(tx.connection, found.coop_id)?;
                let (sheet, _) = find_open(tx.connection, sheet_id)?;
                let control = totals.clone().checked()?;
                sheets::set_control_totals(tx.connection, sheet_id, &control)?;
                let event = Event {
                    action: "set_control_totals",
                    coop_id: Some(sheet.coop_id),
                    subject: format!("sheet:{sheet_id}"),
                    reason: None,
                };
                tx.audit(&event, Some(&SheetTotals::of_cover(&sheet)), Some(&totals))?;
                shown(tx, sheet_id)
            },
        )
    }
}

fn open(tx: &mut Tx<'_>, request: &OpenSheet) -> Result<SheetView> {
    let coop = find_cooperative(tx.connection, &request.coop)?;
    let received_on = request.received_on.unwrap_or(tx.today);
    domain::parse_date(&received_on.to_string())
        .map_err(|e| LedgerError::field("date_out_of_range", "received_on", e.to_string()))?;
    let control = request.control.clone().checked()?;
    let opened_at = tx.recorded_at();
    let sheet = NewSheet {
        coop_id: coop.id,
        channel: request.channel.unwrap_or(Channel::Paper).as_str(),
        received_on,
        state: SheetState::Open.as_str(),
        opened_by: tx.actor.as_str(),
        opened_at,
    };
    let id = sheets::insert(tx.connection, &sheet)?;
    sheets::set_control_totals(tx.connection, id, &control)?;
    let event = Event {
        action: "open_sheet",
        coop_id: Some(coop.id),
        subject: format!("sheet:{id}"),
        reason: None,
    };
    tx.audit(&event, None::<&()>, Some(request))?;
    shown(tx, id)
}

/// The sheet as the one who works on it may see it.
pub(super) fn shown(tx: &mut Tx<'_>, sheet_id: i64) -> Result<SheetView> {
    view(
        tx.connection,
        sheet_id,
        tx.access,
        tx.settings.implausible_units_over,
    )
}

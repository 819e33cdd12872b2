//! A pledge that ended for its failures goes on, where one of them was wrong.

use domain::CollectionMonth;
use store::tables::pledge_terms::{self, Cause};

use crate::Result;
use crate::error::stored;
use crate::months::Months;
use crate::pledges::plan::{self, CAUSE_UNDO};
use crate::tx::Tx;

/// What brings the end about, as the database keeps it.
pub(super) const CAUSE_SETTLEMENT: &str = "settlement";

/// Undoes the end of a pledge that its failures brought about, where that is the newest change of
/// its plan and its month is open still. Tells whether it did.
pub(super) fn reopen_pledge(
    tx: &mut Tx<'_>,
    coop_id: i64,
    pledge_id: i64,
    reason: &str,
) -> Result<bool> {
    let terms = plan::standing(&pledge_terms::of_pledge(tx.connection, pledge_id)?);
    let Some(end) = terms.last().filter(|term| term.cause == CAUSE_SETTLEMENT) else {
        return Ok(false);
    };
    let from = stored(
        "pledge_terms.from_month",
        CollectionMonth::from_int(end.from_month),
    )?;
    if Months::of_coop(tx.connection, coop_id)?.is_closed(from) {
        return Ok(false);
    }
    let plan_before = plan::to_timeline(&terms)?
        .undo(end.revision.into())
        .map_err(plan::refused)?;
    let cause = Cause {
        cause: CAUSE_UNDO,
        application_id: None,
        decision_id: None,
        reason: Some(reason),
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(tx.recorded_at()),
    };
    plan::append(tx.connection, pledge_id, &plan_before, &cause)?;
    Ok(true)
}

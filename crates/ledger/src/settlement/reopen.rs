//! A pledge that ended for its failures goes on, where one of them was wrong.

use domain::CollectionMonth;
use store::tables::pledge_terms::{self, Cause};
use store::tables::pledges;
use store::{DbConnection, results};

use crate::error::stored;
use crate::months::Months;
use crate::pledges::plan::{self, CAUSE_UNDO};
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// What brings the end about, as the database keeps it.
pub(super) const CAUSE_SETTLEMENT: &str = "settlement";

/// Undoes the end of a pledge that its failures brought about, where that is the newest change of
/// its plan, its month is open still, and the failures that are left are too few for it. Where the
/// member has begun another pledge to the fund meanwhile, that one stays the only one (R8). Tells
/// whether it did.
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
    if Months::of_coop(tx.connection, coop_id)?.is_closed(from)
        || results::has_failed_too_often(tx.connection, pledge_id)?
        || has_successor(tx.connection, pledge_id, from)?
    {
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

/// Whether the member has another pledge to the fund, open in the month or later.
fn has_successor(
    connection: &mut DbConnection,
    pledge_id: i64,
    from: CollectionMonth,
) -> Result<bool> {
    let pledge = pledges::find(connection, pledge_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("pledge {pledge_id} is gone")))?;
    let (member_id, fund_id) = (pledge.member_id, pledge.fund_id);
    let open = pledges::all_open(connection, member_id, fund_id, from.as_int())?;
    Ok(open.iter().any(|one| one.id != pledge_id))
}

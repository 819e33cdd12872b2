//! What was classified becomes results, entries of the journal, and what follows a failure.

use domain::CollectionMonth;
use store::results::{self, FailedPledge};
use store::tables::pledge_terms::{self, Cause};

use super::book;
use super::reopen::CAUSE_SETTLEMENT;
use crate::Result;
use crate::error::stored;
use crate::months::Months;
use crate::tx::Tx;

/// Makes the classified lines results of their charges, held lines, and whatever follows a failure.
/// Gives how many pledges have ended.
pub(super) fn settle(tx: &mut Tx<'_>, result_file_id: i64, file: &str) -> Result<u64> {
    for batch in results::batches_settling(tx.connection)? {
        let month = stored("batches.month", CollectionMonth::from_int(batch.month))?;
        let next = next_try(tx, batch.coop_id, month)?;
        let next = next.map(CollectionMonth::as_int);
        results::set_next_month(tx.connection, batch.batch_id, next)?;
    }
    results::insert_held(tx.connection, result_file_id)?;
    let groups = results::collected_groups(tx.connection)?;
    book::book_settlements(tx, result_file_id, file, &groups)?;
    results::insert_settlements(tx.connection, result_file_id)?;
    let failed = results::pledges_to_end(tx.connection)?;
    for pledge in &failed {
        end_pledge(tx, pledge, file)?;
    }
    Ok(failed.len() as u64)
}

/// The month in which what failed in `month` may be tried again, or a pledge may end: the next one
/// that is open (R8). None after the last month there is.
fn next_try(
    tx: &mut Tx<'_>,
    coop_id: i64,
    month: CollectionMonth,
) -> Result<Option<CollectionMonth>> {
    let months = Months::of_coop(tx.connection, coop_id)?;
    Ok(month.next().map(|next| months.open_from(next)))
}

/// Ends a pledge that has failed too often in a row, from its next open month on.
fn end_pledge(tx: &mut Tx<'_>, failed: &FailedPledge, file: &str) -> Result<()> {
    let plan = pledge_terms::of_pledge(tx.connection, failed.pledge_id)?;
    let unit_price = plan
        .iter()
        .max_by_key(|term| (term.revision, term.from_month))
        .map_or(1, |term| term.unit_price);
    let reason = format!("集金できない月が{}回続いたため（{file}）", failed.failures);
    let recorded_at = tx.recorded_at();
    let cause = Cause {
        cause: CAUSE_SETTLEMENT,
        application_id: None,
        decision_id: None,
        reason: Some(&reason),
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(recorded_at),
    };
    let end = pledge_terms::NewTerm {
        from_month: failed.end_month,
        units: 0,
        unit_price,
    };
    pledge_terms::append_revision(tx.connection, failed.pledge_id, &[end], &cause)?;
    Ok(())
}

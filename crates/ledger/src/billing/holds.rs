//! The held applications that stand in the way of a close (R11).

use chrono::NaiveDate;
use domain::{CollectionMonth, HoldReason, HoldReasons, Yen};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::DbConnection;
use store::blocking_holds::{self, Blocking, BlockingHold};

use super::coop_month::{CoopMonth, MonthState};
use crate::error::stored;
use crate::{LedgerError, Result};

/// Holds listed at most.
const HOLDS_MAX: i64 = 1_000;
/// Holds named in a message at most.
const NAMED_MAX: usize = 10;

/// A held application that stands in the way of closing the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoldInTheWay {
    /// The application's number.
    pub id: i64,
    /// Member number as it was written.
    pub member_number: String,
    /// Order number as it was written.
    pub order_number: Option<String>,
    /// Units (口), where known.
    pub units: Option<i64>,
    /// Yen, where known.
    #[schema(value_type = Option<i64>)]
    pub amount: Option<Yen>,
    /// The main reason (R3).
    #[schema(value_type = String, example = "already_supporter")]
    pub reason: HoldReason,
    /// Every reason.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// When it was received.
    pub received_on: NaiveDate,
    /// The month it would be collected in; none where that is not known.
    #[schema(value_type = Option<String>, example = "2025-08")]
    pub collection_month: Option<CollectionMonth>,
}

/// What stands in the way of closing a month, oldest first: nothing once it is closed.
pub(super) fn in_the_way(
    connection: &mut DbConnection,
    target: &CoopMonth,
    state: &MonthState,
) -> Result<Vec<HoldInTheWay>> {
    if state.closing.is_some() {
        return Ok(Vec::new());
    }
    let rows = blocking_holds::list(connection, of_the_month(target, state), HOLDS_MAX)?;
    rows.into_iter().map(view).collect()
}

/// A member's applications that are held, of any month, oldest first.
pub(crate) fn of_member(
    connection: &mut DbConnection,
    member_id: i64,
) -> Result<Vec<HoldInTheWay>> {
    let rows = blocking_holds::of_member(connection, member_id, HOLDS_MAX)?;
    rows.into_iter().map(view).collect()
}

/// Refuses to close while an application is held for the month, or for one before it that closes
/// with it, or held with no month known while the earliest open one closes; names them and the ways
/// out (R11).
pub(super) fn refuse_if_any(
    connection: &mut DbConnection,
    target: &CoopMonth,
    state: &MonthState,
) -> Result<()> {
    let blocking = of_all_that_close(target, state);
    let count = blocking_holds::count(connection, blocking)?;
    if count == 0 {
        return Ok(());
    }
    let holds = blocking_holds::list(connection, blocking, HOLDS_MAX)?;
    let ids: Vec<i64> = holds.iter().map(|hold| hold.id).collect();
    let named: Vec<String> = ids.iter().take(NAMED_MAX).map(i64::to_string).collect();
    let more = if ids.len() > NAMED_MAX { " ほか" } else { "" };
    Err(LedgerError::Refused {
        code: "holds_in_the_way",
        message: format!(
            "{}は、要確認の申込が {count} 件残っているので締められません（申込 {}{more}）。\
             要確認で一件ずつ確かめて決めるか、翌月に回してください",
            target.label(),
            named.join("、"),
        ),
        details: Some(json!({ "count": count, "holds": ids })),
    })
}

fn of_the_month(target: &CoopMonth, state: &MonthState) -> Blocking {
    Blocking {
        coop_id: target.coop.id,
        from_month: target.month.as_int(),
        to_month: target.month.as_int(),
        with_no_month: state.is_earliest_open(target.month),
    }
}

/// Past open months, all of them close at once, the earliest among them.
fn of_all_that_close(target: &CoopMonth, state: &MonthState) -> Blocking {
    let first = state.next_to_close().unwrap_or(target.month);
    Blocking {
        from_month: first.min(target.month).as_int(),
        with_no_month: true,
        ..of_the_month(target, state)
    }
}

fn view(row: BlockingHold) -> Result<HoldInTheWay> {
    let corrupt = || LedgerError::Corrupt(format!("applications.reasons: {}", row.id));
    let reasons = u16::try_from(row.reasons)
        .ok()
        .and_then(HoldReasons::from_bits)
        .ok_or_else(corrupt)?;
    let reason = reasons.main().ok_or_else(corrupt)?;
    let collection_month = row
        .collection_month
        .map(|month| {
            stored(
                "applications.collection_month",
                CollectionMonth::from_int(month),
            )
        })
        .transpose()?;
    Ok(HoldInTheWay {
        id: row.id,
        member_number: row.member_number,
        order_number: row.order_number,
        units: row.units,
        amount: row.amount.map(Yen::new),
        reason,
        reasons,
        received_on: row.received_on,
        collection_month,
    })
}

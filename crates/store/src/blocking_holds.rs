//! The held applications that stand in the way of closing a month (R11).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::schema::applications;
use crate::{DbConnection, StoreError};

/// An application that a person has to decide about first.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = applications)]
pub struct BlockingHold {
    /// Its number.
    pub id: i64,
    /// The member number as it was written.
    pub member_number: String,
    /// The order number as it was written.
    pub order_number: Option<String>,
    /// Units (口), where known.
    pub units: Option<i64>,
    /// Yen, where known.
    pub amount: Option<i64>,
    /// When it was received.
    pub received_on: NaiveDate,
    /// The month it would be collected in, as 202508, where known.
    pub collection_month: Option<i32>,
    /// The bit set of R3's reasons.
    pub reasons: i32,
}

/// Which holds stand in the way.
#[derive(Debug, Clone, Copy)]
pub struct Blocking {
    /// Of which co-op.
    pub coop_id: i64,
    /// Of this month on, as 202508.
    pub from_month: i32,
    /// To this month.
    pub to_month: i32,
    /// Whether those with no month known stand in the way too: the co-op's earliest open month is
    /// among these.
    pub with_no_month: bool,
}

/// The holds that stand in the way, oldest first, at most `rows`.
pub fn list(
    connection: &mut DbConnection,
    blocking: Blocking,
    rows: i64,
) -> Result<Vec<BlockingHold>, StoreError> {
    let of_months = applications::collection_month
        .assume_not_null()
        .between(blocking.from_month, blocking.to_month);
    let mut held = applications::table
        .filter(applications::coop_id.eq(blocking.coop_id))
        .filter(applications::state.eq("held"))
        .order(applications::id)
        .limit(rows)
        .select(BlockingHold::as_select())
        .into_boxed();
    held = if blocking.with_no_month {
        held.filter(of_months.or(applications::collection_month.is_null()))
    } else {
        held.filter(of_months)
    };
    Ok(held.load(connection)?)
}

/// How many holds stand in the way.
pub fn count(connection: &mut DbConnection, blocking: Blocking) -> Result<i64, StoreError> {
    // Two questions, so that each finds its part of the index.
    let held = applications::table
        .filter(applications::coop_id.eq(blocking.coop_id))
        .filter(applications::state.eq("held"));
    let of_months: i64 = held
        .filter(applications::collection_month.between(blocking.from_month, blocking.to_month))
        .count()
        .get_result(connection)?;
    if !blocking.with_no_month {
        return Ok(of_months);
    }
    let of_none: i64 = held
        .filter(applications::collection_month.is_null())
        .count()
        .get_result(connection)?;
    Ok(of_months + of_none)
}

/// The held applications of a member, oldest first, at most `rows`.
pub fn of_member(
    connection: &mut DbConnection,
    member_id: i64,
    rows: i64,
) -> Result<Vec<BlockingHold>, StoreError> {
    Ok(applications::table
        .filter(applications::member_id.eq(member_id))
        .filter(applications::state.eq("held"))
        .order(applications::id)
        .limit(rows)
        .select(BlockingHold::as_select())
        .load(connection)?)
}

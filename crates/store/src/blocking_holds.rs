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
    /// Of which month, as 202508.
    pub month: i32,
    /// Whether those with no month known stand in its way too: it is the earliest open one.
    pub is_earliest_open: bool,
}

/// The holds that stand in the way of a month, oldest first, at most `rows`.
pub fn list(
    connection: &mut DbConnection,
    blocking: Blocking,
    rows: i64,
) -> Result<Vec<BlockingHold>, StoreError> {
    Ok(applications::table
        .filter(applications::coop_id.eq(blocking.coop_id))
        .filter(applications::state.eq("held"))
        .filter(applications::collection_month.eq(blocking.month).or(
            applications::collection_month.is_null().and(
                diesel::dsl::sql::<diesel::sql_types::Bool>(if blocking.is_earliest_open {
                    "1 = 1"
                } else {
                    "1 = 0"
                }),
            ),
        ))
        .order(applications::id)
        .limit(rows)
        .select(BlockingHold::as_select())
        .load(connection)?)
}

/// How many holds stand in the way of a month.
pub fn count(connection: &mut DbConnection, blocking: Blocking) -> Result<i64, StoreError> {
    let of_month = applications::table
        .filter(applications::coop_id.eq(blocking.coop_id))
        .filter(applications::state.eq("held"))
        .filter(applications::collection_month.eq(blocking.month))
        .count()
        .get_result::<i64>(connection)?;
    if !blocking.is_earliest_open {
        return Ok(of_month);
    }
    let of_none = applications::table
        .filter(applications::coop_id.eq(blocking.coop_id))
        .filter(applications::state.eq("held"))
        .filter(applications::collection_month.is_null())
        .count()
        .get_result::<i64>(connection)?;
    Ok(of_month + of_none)
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

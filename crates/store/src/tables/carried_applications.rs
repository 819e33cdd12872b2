//! `applications` that nobody wrote: a pledge that met another when its giver moved to another
//! co-op or number (R8). A person decides about it as about any held line.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::schema::applications;
use crate::{DbConnection, StoreError};

/// A pledge that met another, as a held line.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = applications)]
pub struct CarriedApplication<'a> {
    /// The member-changes file it came of.
    pub intake_id: i64,
    /// Its place among the held lines of that file.
    pub line_no: i64,
    /// The line of the file.
    pub line_id: &'a str,
    /// The co-op the member moved to.
    pub coop_id: i64,
    /// The number there.
    pub member_number: &'a str,
    /// The member there.
    pub member_id: i64,
    /// The order number of the pledge.
    pub order_number: Option<&'a str>,
    /// Its units.
    pub units: i64,
    /// Its yen a month.
    pub amount: i64,
    /// The day of the move.
    pub received_on: NaiveDate,
    /// `member_change`.
    pub channel: &'a str,
    /// Where it comes from and what was planned.
    pub note: &'a str,
    /// What the pledge was applied for with.
    pub offering_id: Option<i64>,
    /// The first month it would be charged in, as 202508.
    pub collection_month: i32,
    /// The pledge that met another.
    pub carried_pledge_id: i64,
    /// `held`.
    pub state: &'a str,
    /// Why, as a bit set.
    pub reasons: i32,
}

/// Records a held line and gives its number.
pub fn insert(
    connection: &mut DbConnection,
    carried: &CarriedApplication<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(applications::table)
        .values(carried)
        .returning(applications::id)
        .get_result(connection)?)
}

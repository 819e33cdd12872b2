//! `pledges`: who gives monthly to which fund (R8). What is given when is in `pledge_terms`.

use diesel::prelude::*;

use crate::schema::pledges;
use crate::{DbConnection, StoreError};

/// A pledge as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pledges)]
pub struct Pledge {
    /// Its number.
    pub id: i64,
    /// The co-op that collects it.
    pub coop_id: i64,
    /// Who gives.
    pub member_id: i64,
    /// To which fund.
    pub fund_id: i64,
    /// The application that opened it; none where it was imported or carried over.
    pub application_id: Option<i64>,
    /// What that application was for.
    pub offering_id: Option<i64>,
    /// The file that brought it, where one did.
    pub intake_id: Option<i64>,
    /// Its line there.
    pub intake_line: Option<i64>,
    /// The order number its charges bear.
    pub order_number: Option<String>,
    /// Its first month, as 202508.
    pub from_month: i32,
    /// The first month from which it is 0 for ever, as 202508; none while a later month is above 0.
    pub ends_from: Option<i32>,
    /// The pledge it carries on in another co-op or under another number.
    pub predecessor_id: Option<i64>,
}

/// A pledge to record. Its first terms follow with
/// [`append_revision`](super::pledge_terms::append_revision).
#[derive(Debug, Clone, Default, Insertable)]
#[diesel(table_name = pledges)]
pub struct NewPledge<'a> {
    /// The co-op that collects it.
    pub coop_id: i64,
    /// Who gives.
    pub member_id: i64,
    /// To which fund.
    pub fund_id: i64,
    /// The application that opens it.
    pub application_id: Option<i64>,
    /// What that application is for.
    pub offering_id: Option<i64>,
    /// The file that brings it.
    pub intake_id: Option<i64>,
    /// Its line there.
    pub intake_line: Option<i64>,
    /// The order number its charges bear.
    pub order_number: Option<&'a str>,
    /// Its first month, as 202508.
    pub from_month: i32,
    /// The pledge it carries on.
    pub predecessor_id: Option<i64>,
}

/// Records a pledge and gives its number. A second open-ended one of the same member and fund
/// violates `pledges_one_open` (R8).
pub fn insert(connection: &mut DbConnection, pledge: &NewPledge<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(pledges::table)
        .values(pledge)
        .returning(pledges::id)
        .get_result(connection)?)
}

/// The pledge with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Pledge>, StoreError> {
    Ok(pledges::table
        .find(id)
        .select(Pledge::as_select())
        .first(connection)
        .optional()?)
}

/// The pledge of a member to a fund that is above 0 in `month` (as 202508) or in any later one:
/// there is at most one (R8).
pub fn find_open(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
    month: i32,
) -> Result<Option<Pledge>, StoreError> {
    let open = pledges::ends_from
        .is_null()
        .or(pledges::ends_from.gt(month));
    Ok(pledges::table
        .filter(pledges::member_id.eq(member_id))
        .filter(pledges::fund_id.eq(fund_id))
        .filter(open)
        .order(pledges::id.desc())
        .select(Pledge::as_select())
        .first(connection)
        .optional()?)
}

/// The newest pledge of a member to a fund, whether open or ended.
pub fn find_newest(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
) -> Result<Option<Pledge>, StoreError> {
    Ok(pledges::table
        .filter(pledges::member_id.eq(member_id))
        .filter(pledges::fund_id.eq(fund_id))
        .order(pledges::id.desc())
        .select(Pledge::as_select())
        .first(connection)
        .optional()?)
}

/// Every pledge of a member, oldest first.
pub fn of_member(connection: &mut DbConnection, member_id: i64) -> Result<Vec<Pledge>, StoreError> {
    Ok(pledges::table
        .filter(pledges::member_id.eq(member_id))
        .order(pledges::id)
        .select(Pledge::as_select())
        .load(connection)?)
}

/// The pledge that an application opened, the newest where an undone one stands before it.
pub fn opened_by(
    connection: &mut DbConnection,
    application_id: i64,
) -> Result<Option<Pledge>, StoreError> {
    Ok(pledges::table
        .filter(pledges::application_id.eq(application_id))
        .order(pledges::id.desc())
        .select(Pledge::as_select())
        .first(connection)
        .optional()?)
}

//! `pledges`: who gives monthly to which fund (R8). What is given when is in `pledge_terms`.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::schema::{charges, cooperatives, funds, members, pledges};
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
        .get_result(connection)
        .optional()?)
}

/// The pledge of a member to a fund that is above 0 in `month` (as 202508) or in any later one;
/// the newest, where the end of another is only planned.
pub fn find_open(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
    month: i32,
) -> Result<Option<Pledge>, StoreError> {
    Ok(all_open(connection, member_id, fund_id, month)?.pop())
}

/// Every pledge of a member to a fund that is above 0 in `month` (as 202508) or in any later one,
/// oldest first: two when the first one's end is planned and the next begins after it.
pub fn all_open(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
    month: i32,
) -> Result<Vec<Pledge>, StoreError> {
    let mut open = of_fund(connection, member_id, fund_id)?;
    open.retain(|pledge| pledge.ends_from.is_none_or(|ends| ends > month));
    Ok(open)
}

/// The newest pledge of a member to a fund, whether open or ended.
pub fn find_newest(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
) -> Result<Option<Pledge>, StoreError> {
    Ok(of_fund(connection, member_id, fund_id)?.pop())
}

/// The pledges a member has had to a fund, oldest first; there are few.
pub fn of_fund(
    connection: &mut DbConnection,
    member_id: i64,
    fund_id: i64,
) -> Result<Vec<Pledge>, StoreError> {
    let mut found = of_member(connection, member_id)?;
    found.retain(|pledge| pledge.fund_id == fund_id);
    Ok(found)
}

/// Every pledge of a member, oldest first.
pub fn of_member(connection: &mut DbConnection, member_id: i64) -> Result<Vec<Pledge>, StoreError> {
    // Open-ended and ended pledges have an index each, so that opening a million of them is quick;
    // asked for in turn, each index answers.
    let of_member = || {
        pledges::table
            .filter(pledges::member_id.eq(member_id))
            .select(Pledge::as_select())
    };
    let mut found: Vec<Pledge> = of_member()
        .filter(pledges::ends_from.is_null())
        .load(connection)?;
    found.extend(
        of_member()
            .filter(pledges::ends_from.is_not_null())
            .load(connection)?,
    );
    found.sort_by_key(|pledge: &Pledge| pledge.id);
    Ok(found)
}

/// The pledges of these members that are above 0 in `month` (as 202508) or in any later one,
/// oldest first.
pub fn open_of_members(
    connection: &mut DbConnection,
    member_ids: &[i64],
    month: i32,
) -> Result<Vec<Pledge>, StoreError> {
    let of_members = || {
        pledges::table
            .filter(pledges::member_id.eq_any(member_ids))
            .select(Pledge::as_select())
    };
    let mut found: Vec<Pledge> = of_members()
        .filter(pledges::ends_from.is_null())
        .load(connection)?;
    found.extend(
        of_members()
            .filter(pledges::ends_from.gt(month))
            .load(connection)?,
    );
    found.sort_by_key(|pledge: &Pledge| pledge.id);
    Ok(found)
}

/// A pledge with the codes people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPledge {
    /// The pledge.
    pub pledge: Pledge,
    /// The co-op's code.
    pub coop: String,
    /// The member's number.
    pub member_number: String,
    /// The fund's code.
    pub fund: String,
}

type NamedRow = (Pledge, String, String, String);

macro_rules! named {
    () => {
        pledges::table
            .inner_join(cooperatives::table)
            .inner_join(members::table)
            .inner_join(funds::table)
            .select((
                Pledge::as_select(),
                cooperatives::code,
                members::number,
                funds::code,
            ))
    };
}

/// The pledge with this number, and its names.
pub fn find_named(
    connection: &mut DbConnection,
    id: i64,
) -> Result<Option<NamedPledge>, StoreError> {
    let found: Option<NamedRow> = named!()
        .filter(pledges::id.eq(id))
        .first(connection)
        .optional()?;
    Ok(found.map(from_row))
}

fn from_row((pledge, coop, member_number, fund): NamedRow) -> NamedPledge {
    NamedPledge {
        pledge,
        coop,
        member_number,
        fund,
    }
}

/// A month in which a pledge is charged, voided batches aside.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = charges)]
pub struct ChargedMonth {
    /// The month, as 202508.
    pub month: i32,
    /// In which batch.
    pub batch_id: i64,
    /// Yen.
    pub amount: i64,
}

/// The months for which a pledge is charged, earliest first; later tries of one aside.
pub fn charged_months(
    connection: &mut DbConnection,
    pledge_id: i64,
) -> Result<Vec<ChargedMonth>, StoreError> {
    Ok(charges::table
        .filter(charges::pledge_id.eq(pledge_id))
        .filter(charges::void_mark.eq(0))
        .filter(charges::attempt.eq(1))
        .order(charges::month)
        .select(ChargedMonth::as_select())
        .load(connection)?)
}

/// A pledge that is above 0 in a month or any later one, with its fund and the term in force.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct OpenPledge {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The fund's code.
    #[diesel(sql_type = Text)]
    pub fund_code: String,
    /// Its first month, as 202508.
    #[diesel(sql_type = Integer)]
    pub from_month: i32,
    /// The first month from which it is 0 for ever, as 202508.
    #[diesel(sql_type = Nullable<Integer>)]
    pub ends_from: Option<i32>,
    /// The order number its charges bear.
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    /// The units in that month; none before it begins.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub units: Option<i64>,
    /// Yen a unit in that month or, before it begins, in its first.
    #[diesel(sql_type = BigInt)]
    pub unit_price: i64,
}

/// The pledges of a member that are above 0 in `month` (as 202508) or in any later one.
pub fn open_with_terms(
    connection: &mut DbConnection,
    member_id: i64,
    month: i32,
) -> Result<Vec<OpenPledge>, StoreError> {
    Ok(sql_query(
        "SELECT p.id, f.code AS fund_code, p.from_month, p.ends_from, p.order_number,
                t.units, COALESCE(t.unit_price, o.unit_price) AS unit_price
         FROM pledges p
         JOIN funds f ON f.id = p.fund_id
         JOIN pledge_terms o ON o.pledge_id = p.id AND o.revision = 1
          AND o.from_month = p.from_month
         LEFT JOIN pledge_terms t ON t.pledge_id = p.id
          AND (t.revision, t.from_month) = (
            SELECT x.revision, x.from_month FROM pledge_terms x
            WHERE x.pledge_id = p.id AND x.from_month <= $1
            ORDER BY x.revision DESC, x.from_month DESC LIMIT 1)
         WHERE p.id IN (
           SELECT id FROM pledges WHERE member_id = $2 AND ends_from IS NULL
           UNION ALL SELECT id FROM pledges WHERE member_id = $3 AND ends_from > $4)
         ORDER BY p.id",
    )
    .bind::<Integer, _>(month)
    .bind::<BigInt, _>(member_id)
    .bind::<BigInt, _>(member_id)
    .bind::<Integer, _>(month)
    .load(connection)?)
}

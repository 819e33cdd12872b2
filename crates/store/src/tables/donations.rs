//! `donations`: one-time gifts, spot or to a campaign.

use diesel::dsl::{count_star, exists, min, select, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::schema::{applications, charges, donations};
use crate::{DbConnection, StoreError};

/// `state` of a gift that is to be collected, or was.
const LIVE: &str = "live";
/// `state` of a gift that was taken back before it was charged.
const CANCELLED: &str = "cancelled";

/// A gift as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = donations)]
pub struct Donation {
    /// Its number.
    pub id: i64,
    /// The application that made it.
    pub application_id: i64,
    /// The co-op that collects it.
    pub coop_id: i64,
    /// Who gives.
    pub member_id: i64,
    /// `spot` or `campaign`.
    pub kind: String,
    /// To which fund; none for a campaign.
    pub fund_id: Option<i64>,
    /// To which campaign; none for a spot gift.
    pub campaign_id: Option<i64>,
    /// The order number its charge bears.
    pub order_number: String,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// When it is collected, as 202508.
    pub collection_month: i32,
    /// `live` or `cancelled`.
    pub state: String,
}

/// A gift to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = donations)]
pub struct NewDonation<'a> {
    /// The application that makes it.
    pub application_id: i64,
    /// The co-op that collects it.
    pub coop_id: i64,
    /// Who gives.
    pub member_id: i64,
    /// `spot` or `campaign`.
    pub kind: &'a str,
    /// To which fund; none for a campaign.
    pub fund_id: Option<i64>,
    /// To which campaign; none for a spot gift.
    pub campaign_id: Option<i64>,
    /// The order number its charge bears.
    pub order_number: &'a str,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// When it is collected, as 202508.
    pub collection_month: i32,
}

/// Records a gift, live, and gives its number. A second live one of one application violates
/// `donations_one_live`.
pub fn insert(
    connection: &mut DbConnection,
    donation: &NewDonation<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(donations::table)
        .values((donation, donations::state.eq(LIVE)))
        .returning(donations::id)
        .get_result(connection)?)
}

/// The gift with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Donation>, StoreError> {
    Ok(donations::table
        .find(id)
        .select(Donation::as_select())
        .get_result(connection)
        .optional()?)
}

/// The live gift of an application, if it has one.
pub fn find_live(
    connection: &mut DbConnection,
    application_id: i64,
) -> Result<Option<Donation>, StoreError> {
    Ok(donations::table
        .filter(donations::application_id.eq(application_id))
        // A literal, or SQLite does not see that the partial index answers this.
        .filter(sql::<Bool>("donations.state = 'live'"))
        .select(Donation::as_select())
        .first(connection)
        .optional()?)
}

/// The live gifts of a member that a co-op collects in a month (as 202508).
pub fn live_of_member(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
    member_id: i64,
) -> Result<Vec<Donation>, StoreError> {
    Ok(donations::table
        .filter(donations::coop_id.eq(coop_id))
        .filter(donations::collection_month.eq(month))
        .filter(donations::member_id.eq(member_id))
        .filter(donations::state.eq(LIVE))
        .order(donations::id)
        .select(Donation::as_select())
        .load(connection)?)
}

/// Every gift of a member, cancelled ones too, oldest first. `rows` are all the ids that the person has
/// had, this one among them: a gift follows its giver, its application stays where it was.
pub fn of_member(
    connection: &mut DbConnection,
    member_id: i64,
    rows: &[i64],
) -> Result<Vec<Donation>, StoreError> {
    let of_rows = || {
        donations::table
            .inner_join(applications::table)
            .filter(applications::member_id.eq_any(rows.iter().map(|id| Some(*id))))
            .filter(donations::member_id.eq(member_id))
            .select(Donation::as_select())
    };
    // By its applications, each state having an index: one by member would cost every import.
    let mut found: Vec<Donation> = of_rows()
        .filter(sql::<Bool>("donations.state = 'live'"))
        .load(connection)?;
    let cancelled: Vec<Donation> = of_rows()
        .filter(sql::<Bool>("donations.state = 'cancelled'"))
        .load(connection)?;
    found.extend(cancelled);
    found.sort_by_key(|gift| gift.id);
    Ok(found)
}

/// Whether a gift is charged, voided batches aside.
pub fn is_charged(connection: &mut DbConnection, id: i64) -> Result<bool, StoreError> {
    let charged = charges::table
        .filter(charges::donation_id.eq(id))
        .filter(charges::void_mark.eq(0));
    Ok(select(exists(charged)).get_result(connection)?)
}

/// Takes a gift back: it is charged no more.
pub fn cancel(connection: &mut DbConnection, id: i64) -> Result<(), StoreError> {
    set_state(connection, id, CANCELLED)
}

/// Takes back that a gift was cancelled.
pub fn restore(connection: &mut DbConnection, id: i64) -> Result<(), StoreError> {
    set_state(connection, id, LIVE)
}

/// The live gifts of these members of a co-op, to be collected in `month` (as 202508) or later,
/// that no batch that counts has charged; oldest first.
pub fn uncharged_of_members(
    connection: &mut DbConnection,
    coop_id: i64,
    member_ids: &[i64],
    month: i32,
) -> Result<Vec<Donation>, StoreError> {
    let charged = charges::table
        .filter(charges::donation_id.eq(donations::id.nullable()))
        .filter(charges::void_mark.eq(0));
    Ok(donations::table
        .filter(donations::coop_id.eq(coop_id))
        .filter(donations::collection_month.ge(month))
        .filter(donations::member_id.eq_any(member_ids))
        .filter(donations::state.eq(LIVE))
        .filter(diesel::dsl::not(exists(charged)))
        .order(donations::id)
        .select(Donation::as_select())
        .load(connection)?)
}

/// The first month (as 202508) before `month` in which a co-op has live gifts that no batch that
/// counts has charged; and how many there are before it in all.
pub fn uncharged_before(
    connection: &mut DbConnection,
    coop_id: i64,
    month: i32,
) -> Result<Option<(i32, i64)>, StoreError> {
    let charged = charges::table
        .filter(charges::donation_id.eq(donations::id.nullable()))
        .filter(charges::void_mark.eq(0));
    let (first, count): (Option<i32>, i64) = donations::table
        .filter(donations::coop_id.eq(coop_id))
        .filter(donations::collection_month.lt(month))
        .filter(donations::state.eq(LIVE))
        .filter(diesel::dsl::not(exists(charged)))
        .select((min(donations::collection_month), count_star()))
        .first(connection)?;
    Ok(first.map(|first| (first, count)))
}

/// Lets a gift follow its giver to another number or co-op, to be collected there in `month` (as
/// 202508).
pub fn transfer(
    connection: &mut DbConnection,
    id: i64,
    (coop_id, member_id): (i64, i64),
    month: i32,
) -> Result<(), StoreError> {
    diesel::update(donations::table.find(id))
        .set((
            donations::coop_id.eq(coop_id),
            donations::member_id.eq(member_id),
            donations::collection_month.eq(month),
        ))
        .execute(connection)?;
    Ok(())
}

fn set_state(connection: &mut DbConnection, id: i64, state: &str) -> Result<(), StoreError> {
    diesel::update(donations::table.find(id))
        .set(donations::state.eq(state))
        .execute(connection)?;
    Ok(())
}

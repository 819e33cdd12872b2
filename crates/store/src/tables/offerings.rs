//! `offerings`: what an order number means in a cycle (募集・注文番号, R1).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::schema::{applications, campaigns, cycles, funds, offerings, pledges};
use crate::{DbConnection, StoreError};

/// What an offering says, without its id.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = offerings, treat_none_as_null = true)]
pub struct OfferingValues {
    /// Its cycle.
    pub cycle_id: i64,
    /// Its number there.
    pub order_number: String,
    /// `supporter`, `spot` or `campaign`.
    pub kind: String,
    /// The price of one unit, in yen.
    pub unit_price: i64,
    /// The fund, unless it is for a campaign.
    pub fund_id: Option<i64>,
    /// The campaign, if it is for one.
    pub campaign_id: Option<i64>,
    /// What the order sheet calls it.
    pub title: String,
    /// What follows a failed collection: `lapse`, `carry_forward` or `end_pledge` (R13).
    pub on_failure: String,
    /// Tries at most, or failures in a row; none where it lapses.
    pub failures_max: Option<i32>,
}

/// An offering with its cycle, and the codes of what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = offerings)]
pub struct Offering {
    /// Its id.
    pub id: i64,
    /// What it says.
    #[diesel(embed)]
    pub values: OfferingValues,
    /// The cycle's label.
    #[diesel(select_expression = cycles::label)]
    pub cycle_label: String,
    /// The first day of the cycle's window.
    #[diesel(select_expression = cycles::opens_on)]
    pub opens_on: NaiveDate,
    /// Its last day for paper, depots and the telephone.
    #[diesel(select_expression = cycles::closes_on)]
    pub closes_on: NaiveDate,
    /// Its last day for web orders, where there is another.
    #[diesel(select_expression = cycles::web_closes_on)]
    pub web_closes_on: Option<NaiveDate>,
    /// The month it is collected in, as 202508.
    #[diesel(select_expression = cycles::collection_month)]
    pub collection_month: i32,
    /// The fund's code.
    #[diesel(select_expression = funds::code.nullable())]
    pub fund_code: Option<String>,
    /// The campaign's code.
    #[diesel(select_expression = campaigns::code.nullable())]
    pub campaign_code: Option<String>,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Offering>, StoreError> {
    page(connection, None, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id; of one cycle where it is given.
pub fn page(
    connection: &mut DbConnection,
    cycle_id: Option<i64>,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Offering>, StoreError> {
    let mut query = offerings::table
        .inner_join(cycles::table)
        .left_join(funds::table)
        .left_join(campaigns::table)
        .filter(offerings::id.gt(after_id))
        .order(offerings::id)
        .limit(rows)
        .select(Offering::as_select())
        .into_boxed();
    if let Some(cycle_id) = cycle_id {
        query = query.filter(offerings::cycle_id.eq(cycle_id));
    }
    Ok(query.load(connection)?)
}

/// How many there are of each of the cycles given, by the cycle's id; a cycle with none is left out.
pub fn count_by_cycle(
    connection: &mut DbConnection,
    cycle_ids: &[i64],
) -> Result<Vec<(i64, i64)>, StoreError> {
    Ok(offerings::table
        .filter(offerings::cycle_id.eq_any(cycle_ids))
        .group_by(offerings::cycle_id)
        .select((offerings::cycle_id, diesel::dsl::count_star()))
        .load(connection)?)
}

/// Those of the cycles that are open on a day in some channel.
pub fn open_on(connection: &mut DbConnection, on: NaiveDate) -> Result<Vec<Offering>, StoreError> {
    let is_not_over = cycles::closes_on
        .ge(on)
        .nullable()
        .or(cycles::web_closes_on.ge(on));
    Ok(offerings::table
        .inner_join(cycles::table)
        .left_join(funds::table)
        .left_join(campaigns::table)
        .filter(cycles::opens_on.le(on).nullable().and(is_not_over))
        .order(offerings::order_number)
        .select(Offering::as_select())
        .load(connection)?)
}

/// Those of a number in any cycle, and all of the cycles that are open on a day in some channel:
/// what it takes to tell what the number means then, and what would have been right.
pub fn around(
    connection: &mut DbConnection,
    order_number: &str,
    on: NaiveDate,
) -> Result<Vec<Offering>, StoreError> {
    let is_not_over = cycles::closes_on
        .ge(on)
        .nullable()
        .or(cycles::web_closes_on.ge(on));
    let is_open = cycles::opens_on.le(on).nullable().and(is_not_over);
    Ok(offerings::table
        .inner_join(cycles::table)
        .left_join(funds::table)
        .left_join(campaigns::table)
        .filter(
            offerings::order_number
                .eq(order_number)
                .nullable()
                .or(is_open),
        )
        .select(Offering::as_select())
        .load(connection)?)
}

/// Those of the offerings given that applications were received for, or pledges taken over.
pub fn with_applications(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<Vec<i64>, StoreError> {
    let applied: Vec<Option<i64>> = applications::table
        .filter(applications::offering_id.eq_any(ids))
        .select(applications::offering_id)
        .distinct()
        .load(connection)?;
    let pledged: Vec<Option<i64>> = pledges::table
        .filter(pledges::offering_id.eq_any(ids))
        .select(pledges::offering_id)
        .distinct()
        .load(connection)?;
    Ok(applied.into_iter().chain(pledged).flatten().collect())
}

/// Adds one. A second one of the same number in the same cycle violates their uniqueness (R1).
pub fn insert(connection: &mut DbConnection, added: &OfferingValues) -> Result<(), StoreError> {
    diesel::insert_into(offerings::table)
        .values(added)
        .execute(connection)?;
    Ok(())
}

/// Makes one say something else.
pub fn update(
    connection: &mut DbConnection,
    id: i64,
    values: &OfferingValues,
) -> Result<(), StoreError> {
    diesel::update(offerings::table.find(id))
        .set(values)
        .execute(connection)?;
    Ok(())
}

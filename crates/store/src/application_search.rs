//! Looking for applications by what people remember of them.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::schema::{applications, charges, cooperatives, donations, members, pledges};
use crate::{DbConnection, StoreError};

/// Which applications to look for; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFilter {
    /// Of one co-op.
    pub coop_id: Option<i64>,
    /// Of the member of this number, or with this number where there is no such member.
    pub member_number: Option<String>,
    /// With this order number.
    pub order_number: Option<String>,
    /// Collected in this month, as 202508.
    pub month: Option<i32>,
    /// Charged in this batch.
    pub batch_id: Option<i64>,
    /// Of so many yen or more.
    pub amount_min: Option<i64>,
    /// Of so many yen or fewer.
    pub amount_max: Option<i64>,
    /// Received on this day or later.
    pub received_from: Option<NaiveDate>,
    /// Received on this day or earlier.
    pub received_to: Option<NaiveDate>,
    /// In this state.
    pub state: Option<&'static str>,
    /// From the import, sheet or request of this number.
    pub intake_id: Option<i64>,
}

/// An application that was found.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = applications)]
pub struct FoundApplication {
    /// Its number.
    pub id: i64,
    /// The co-op's code.
    #[diesel(select_expression = cooperatives::code)]
    pub coop: String,
    /// The member number as written.
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    pub order_number: Option<String>,
    /// Units (口), where known.
    pub units: Option<i64>,
    /// Yen, where known.
    pub amount: Option<i64>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: String,
    /// What else was written.
    pub note: Option<String>,
    /// When it is collected, as 202508; none while unknown.
    pub collection_month: Option<i32>,
    /// `posted`, `held`, `mistake` or `voided`.
    pub state: String,
    /// The reasons to hold it, as a bit set; 0 unless held.
    pub reasons: i32,
    /// What it arrived in.
    pub intake_id: i64,
    /// Its line there.
    pub line_no: i64,
}

/// The applications of some members, newest first, with numbers below `before_id`; those that were
/// taken in before their number was a member's are not among them.
pub fn of_members(
    connection: &mut DbConnection,
    ids: &[i64],
    before_id: i64,
    rows: i64,
) -> Result<Vec<FoundApplication>, StoreError> {
    // Found by member and then sorted: a member has few, everybody together has millions.
    let of_members: Vec<i64> = applications::table
        .filter(applications::member_id.eq_any(ids.iter().map(|id| Some(*id))))
        .select(applications::id)
        .load(connection)?;
    let mut newest: Vec<i64> = of_members
        .into_iter()
        .filter(|id| *id < before_id)
        .collect();
    newest.sort_unstable_by(|one, other| other.cmp(one));
    newest.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    Ok(applications::table
        .inner_join(cooperatives::table)
        .filter(applications::id.eq_any(newest))
        .order(applications::id.desc())
        .select(FoundApplication::as_select())
        .load(connection)?)
}

/// The applications that fit, newest first, with numbers below `before_id`.
pub fn search(
    connection: &mut DbConnection,
    filter: &ApplicationFilter,
    before_id: i64,
    rows: i64,
) -> Result<Vec<FoundApplication>, StoreError> {
    let mut query = applications::table
        .inner_join(cooperatives::table)
        .filter(applications::id.lt(before_id))
        .order(applications::id.desc())
        .limit(rows)
        .select(FoundApplication::as_select())
        .into_boxed();
    if let Some(coop_id) = filter.coop_id {
        query = query.filter(applications::coop_id.eq(coop_id));
    }
    if let Some(number) = &filter.member_number {
        let known = members::table
            .filter(members::number.eq(number))
            .select(members::id.nullable());
        let by_text = applications::member_id
            .is_null()
            .and(applications::member_number.eq(number));
        query = query.filter(applications::member_id.eq_any(known).or(by_text));
    }
    if let Some(number) = &filter.order_number {
        query = query.filter(applications::order_number.eq(number));
    }
    if let Some(month) = filter.month {
        query = query.filter(applications::collection_month.eq(month));
    }
    if let Some(batch_id) = filter.batch_id {
        let of_pledges = charges::table
            .inner_join(pledges::table)
            .filter(charges::batch_id.eq(batch_id))
            .select(pledges::application_id);
        let of_gifts = charges::table
            .inner_join(donations::table)
            .filter(charges::batch_id.eq(batch_id))
            .select(donations::application_id.nullable());
        let id = applications::id.nullable();
        query = query.filter(id.eq_any(of_pledges).or(id.eq_any(of_gifts)));
    }
    if let Some(amount) = filter.amount_min {
        query = query.filter(applications::amount.ge(amount));
    }
    if let Some(amount) = filter.amount_max {
        query = query.filter(applications::amount.le(amount));
    }
    if let Some(day) = filter.received_from {
        query = query.filter(applications::received_on.ge(day));
    }
    if let Some(day) = filter.received_to {
        query = query.filter(applications::received_on.le(day));
    }
    if let Some(state) = filter.state {
        query = query.filter(applications::state.eq(state));
    }
    if let Some(intake_id) = filter.intake_id {
        query = query.filter(applications::intake_id.eq(intake_id));
    }
    Ok(query.load(connection)?)
}

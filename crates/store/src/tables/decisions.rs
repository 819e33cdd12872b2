//! `decisions`: what a person decided about an application. Append-only; undone by a mark.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};

use crate::schema::decisions;
use crate::{DbConnection, StoreError};

/// A decision as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct Decision {
    /// Its number.
    pub id: i64,
    /// About which application.
    pub application_id: i64,
    /// `add`, `replace`, `mistake`, `spot`, `accept`, `next-month`, `correct` or `void`.
    pub way: String,
    /// Why, in the person's own words.
    pub reason: String,
    /// Who.
    pub actor: String,
    /// When, UTC.
    pub decided_at: NaiveDateTime,
    /// The reasons shown when it was decided, as a bit set.
    pub reasons: i32,
    /// JSON of the application's values before.
    pub before: String,
    /// JSON of them after.
    pub after: String,
    /// The pledge it opened or changed.
    pub pledge_id: Option<i64>,
    /// The revision of that pledge's plan.
    pub revision: Option<i32>,
    /// The gift it made or cancelled.
    pub donation_id: Option<i64>,
    /// When it was undone, UTC.
    pub undone_at: Option<NaiveDateTime>,
    /// Who undid it.
    pub undone_by: Option<String>,
    /// Why.
    pub undo_reason: Option<String>,
}

/// A decision to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = decisions)]
pub struct NewDecision<'a> {
    /// About which application.
    pub application_id: i64,
    /// `add`, `replace`, `mistake`, `spot`, `accept`, `next-month`, `correct` or `void`.
    pub way: &'a str,
    /// Why, in the person's own words.
    pub reason: &'a str,
    /// Who.
    pub actor: &'a str,
    /// When, UTC.
    pub decided_at: NaiveDateTime,
    /// The reasons shown, as a bit set.
    pub reasons: i32,
    /// JSON of the application's values before.
    pub before: &'a str,
    /// JSON of them after.
    pub after: &'a str,
}

/// What a decision made or changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = decisions)]
pub struct Outcome {
    /// The pledge it opened or changed.
    pub pledge_id: Option<i64>,
    /// The revision of that pledge's plan.
    pub revision: Option<i32>,
    /// The gift it made or cancelled.
    pub donation_id: Option<i64>,
}

/// Records a decision and gives its number.
pub fn insert(
    connection: &mut DbConnection,
    decision: &NewDecision<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(decisions::table)
        .values(decision)
        .returning(decisions::id)
        .get_result(connection)?)
}

/// Completes a decision with what it made, in the transaction that recorded it: the terms and
/// gifts it makes name the decision, so it has to be there first.
pub fn set_outcome(
    connection: &mut DbConnection,
    id: i64,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    if *outcome != Outcome::default() {
        diesel::update(decisions::table.find(id))
            .set(outcome)
            .execute(connection)?;
    }
    Ok(())
}

/// Every decision about an application, oldest first, those undone too.
pub fn of_application(
    connection: &mut DbConnection,
    application_id: i64,
) -> Result<Vec<Decision>, StoreError> {
    Ok(decisions::table
        .filter(decisions::application_id.eq(application_id))
        .order(decisions::id)
        .select(Decision::as_select())
        .load(connection)?)
}

/// The newest decision about an application that still stands.
pub fn newest_standing(
    connection: &mut DbConnection,
    application_id: i64,
) -> Result<Option<Decision>, StoreError> {
    Ok(decisions::table
        .filter(decisions::application_id.eq(application_id))
        .filter(decisions::undone_at.is_null())
        .order(decisions::id.desc())
        .select(Decision::as_select())
        .first(connection)
        .optional()?)
}

/// Marks a decision as undone.
pub fn mark_undone(
    connection: &mut DbConnection,
    id: i64,
    actor: &str,
    reason: &str,
    at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(decisions::table.find(id))
        .set((
            decisions::undone_at.eq(at),
            decisions::undone_by.eq(actor),
            decisions::undo_reason.eq(reason),
        ))
        .execute(connection)?;
    Ok(())
}

/// A decision with the line it was about.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct ListedDecision {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// About which application.
    #[diesel(sql_type = BigInt)]
    pub application_id: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member number as it is now.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number.
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    /// Units (口).
    #[diesel(sql_type = Nullable<BigInt>)]
    pub units: Option<i64>,
    /// Yen.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    /// How the application stands.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// How it was decided.
    #[diesel(sql_type = Text)]
    pub way: String,
    /// Why.
    #[diesel(sql_type = Text)]
    pub reason: String,
    /// Who.
    #[diesel(sql_type = Text)]
    pub actor: String,
    /// When, UTC.
    #[diesel(sql_type = Timestamp)]
    pub decided_at: NaiveDateTime,
    /// When it was undone, UTC.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub undone_at: Option<NaiveDateTime>,
    /// Whether it stands and is the newest about its application that does.
    #[diesel(sql_type = Bool)]
    pub is_newest: bool,
}

/// At most `rows` decisions with numbers below `before_id`, newest first, those undone too.
pub fn page_before(
    connection: &mut DbConnection,
    before_id: i64,
    rows: i64,
) -> Result<Vec<ListedDecision>, StoreError> {
    Ok(sql_query(
        "SELECT d.id, d.application_id, c.code AS coop, a.member_number, a.order_number, a.units, \
           a.amount, a.state, d.way, d.reason, d.actor, d.decided_at, d.undone_at, \
           (d.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM decisions later \
             WHERE later.application_id = d.application_id AND later.id > d.id \
               AND later.undone_at IS NULL)) AS is_newest \
         FROM decisions d \
         JOIN applications a ON a.id = d.application_id \
         JOIN cooperatives c ON c.id = a.coop_id \
         WHERE d.id < $1 ORDER BY d.id DESC LIMIT $2",
    )
    .bind::<BigInt, _>(before_id)
    .bind::<BigInt, _>(rows)
    .load(connection)?)
}

//! `pending_actions`: what one person entered and another has to approve (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::pending_actions;
use crate::{DbConnection, StoreError};

/// What was entered, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pending_actions)]
pub struct PendingAction {
    /// Its number.
    pub id: i64,
    /// The use case.
    pub operation: String,
    /// JSON of what was asked for.
    pub request: String,
    /// Hash of that.
    pub request_sha256: String,
    /// Who entered it.
    pub submitted_by: String,
    /// When, UTC.
    pub submitted_at: NaiveDateTime,
    /// `pending`, `approved`, `rejected` or `withdrawn`.
    pub state: String,
    /// Why the approval was enough: `second_person`, `one_person_office` or `operator`.
    pub ground: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When, UTC.
    pub decided_at: Option<NaiveDateTime>,
    /// Why it was rejected or withdrawn.
    pub decision_reason: Option<String>,
    /// The journal entry that came of it.
    pub entry_id: Option<i64>,
}

/// Something entered.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = pending_actions)]
pub struct NewPendingAction<'a> {
    /// The use case.
    pub operation: &'a str,
    /// JSON of what is asked for.
    pub request: &'a str,
    /// Hash of that.
    pub request_sha256: &'a str,
    /// Who enters it.
    pub submitted_by: &'a str,
    /// When, UTC.
    pub submitted_at: NaiveDateTime,
}

/// What became of something entered.
#[derive(Debug, Clone, Copy, AsChangeset)]
#[diesel(table_name = pending_actions)]
pub struct Decision<'a> {
    /// `approved`, `rejected` or `withdrawn`.
    pub state: &'a str,
    /// Why the approval was enough.
    pub ground: Option<&'a str>,
    /// Who decided.
    pub decided_by: &'a str,
    /// When, UTC.
    pub decided_at: NaiveDateTime,
    /// Why.
    pub decision_reason: Option<&'a str>,
    /// The journal entry that came of it.
    pub entry_id: Option<i64>,
}

/// Which to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct PendingFilter<'a> {
    /// In this state.
    pub state: Option<&'a str>,
    /// With a number below this.
    pub before_id: Option<i64>,
}

/// `state` of what waits.
const PENDING: &str = "pending";

/// Keeps what was entered and gives its number. The same again, while that waits, violates
/// `pending_actions_once`.
pub fn insert(
    connection: &mut DbConnection,
    action: &NewPendingAction<'_>,
) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(pending_actions::table)
        .values((action, pending_actions::state.eq(PENDING)))
        .returning(pending_actions::id)
        .get_result(connection)?)
}

/// What has this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<PendingAction>, StoreError> {
    Ok(pending_actions::table
        .find(id)
        .select(PendingAction::as_select())
        .get_result(connection)
        .optional()?)
}

/// The same, while it waits.
pub fn find_waiting(
    connection: &mut DbConnection,
    operation: &str,
    request_sha256: &str,
) -> Result<Option<PendingAction>, StoreError> {
    Ok(pending_actions::table
        .filter(pending_actions::operation.eq(operation))
        .filter(pending_actions::request_sha256.eq(request_sha256))
        .filter(pending_actions::state.eq(PENDING))
        .select(PendingAction::as_select())
        .first(connection)
        .optional()?)
}

/// What led to an entry of the journal, where that had to wait.
pub fn find_of_entry(
    connection: &mut DbConnection,
    entry_id: i64,
) -> Result<Option<PendingAction>, StoreError> {
    Ok(pending_actions::table
        .filter(pending_actions::entry_id.eq(entry_id))
        .select(PendingAction::as_select())
        .first(connection)
        .optional()?)
}

/// How many wait.
pub fn count_waiting(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(pending_actions::table
        .filter(pending_actions::state.eq(PENDING))
        .count()
        .get_result(connection)?)
}

/// What was entered, newest first.
pub fn page(
    connection: &mut DbConnection,
    filter: PendingFilter<'_>,
    rows: i64,
) -> Result<Vec<PendingAction>, StoreError> {
    // Any state is a text at or after the empty one.
    let (from, to) = match filter.state {
        Some(state) => (state, state),
        None => ("", "\u{7f}"),
    };
    Ok(pending_actions::table
        .filter(pending_actions::state.ge(from))
        .filter(pending_actions::state.le(to))
        .filter(pending_actions::id.lt(filter.before_id.unwrap_or(i64::MAX)))
        .order(pending_actions::id.desc())
        .limit(rows)
        .select(PendingAction::as_select())
        .load(connection)?)
}

/// Says what became of something entered. Refused where that was said already.
pub fn decide(
    connection: &mut DbConnection,
    id: i64,
    decision: &Decision<'_>,
) -> Result<(), StoreError> {
    diesel::update(pending_actions::table.find(id))
        .set(decision)
        .execute(connection)?;
    Ok(())
}

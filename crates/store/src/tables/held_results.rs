//! `held_results`: lines of result files that a person has to decide about (R13).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{held_results, result_files};
use crate::{DbConnection, StoreError};

/// Waits for a person.
pub const OPEN: &str = "open";
/// Was taken as the result of a charge.
pub const TAKEN: &str = "taken";
/// Was put aside.
pub const DISMISSED: &str = "dismissed";

/// A held line as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = held_results)]
pub struct HeldResult {
    /// Its number.
    pub id: i64,
    /// The file it came in.
    pub result_file_id: i64,
    /// The line there.
    pub line_no: i64,
    /// Why it is held.
    pub reason: String,
    /// Whose charge it is about, where that is known.
    pub coop_id: Option<i64>,
    /// The charge's key, as the line says.
    pub charge_key: Option<String>,
    /// The co-op's code, as the line says.
    pub coop_code: Option<String>,
    /// The member's number, as the line says.
    pub member_number: Option<String>,
    /// The month of collection, as the line says.
    pub month: Option<i32>,
    /// The order number, as the line says.
    pub order_number: Option<String>,
    /// The code of the result.
    pub result_code: String,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
    /// Yen, as the line says.
    pub amount: Option<i64>,
    /// The batch of the charge it is about, where that is known.
    pub batch_id: Option<i64>,
    /// The charge's place in it.
    pub rank: Option<i64>,
    /// [`OPEN`], [`TAKEN`] or [`DISMISSED`].
    pub state: String,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When, UTC.
    pub decided_at: Option<NaiveDateTime>,
    /// Why.
    pub decision_reason: Option<String>,
    /// The result it was taken as.
    pub settlement_id: Option<i64>,
    /// The name of its file.
    #[diesel(select_expression = result_files::name)]
    pub file: String,
}

/// The held line with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<HeldResult>, StoreError> {
    Ok(held_results::table
        .inner_join(result_files::table)
        .filter(held_results::id.eq(id))
        .select(HeldResult::as_select())
        .first(connection)
        .optional()?)
}

/// Which held lines to list; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct HeldResultFilter {
    /// About charges of one co-op.
    pub coop_id: Option<i64>,
    /// Of one file.
    pub result_file_id: Option<i64>,
    /// Held for one reason.
    pub reason: Option<String>,
    /// In one state.
    pub state: Option<String>,
}

/// Held lines after a number, by number.
pub fn page(
    connection: &mut DbConnection,
    filter: &HeldResultFilter,
    after_id: i64,
    rows: i64,
) -> Result<Vec<HeldResult>, StoreError> {
    let mut query = held_results::table
        .inner_join(result_files::table)
        .filter(held_results::id.gt(after_id))
        .order(held_results::id)
        .limit(rows)
        .select(HeldResult::as_select())
        .into_boxed();
    if let Some(coop_id) = filter.coop_id {
        query = query.filter(held_results::coop_id.eq(coop_id));
    }
    if let Some(id) = filter.result_file_id {
        query = query.filter(held_results::result_file_id.eq(id));
    }
    if let Some(reason) = &filter.reason {
        query = query.filter(held_results::reason.eq(reason));
    }
    if let Some(state) = &filter.state {
        query = query.filter(held_results::state.eq(state));
    }
    Ok(query.load(connection)?)
}

/// What a person decided about a held line.
#[derive(Debug, Clone, Copy)]
pub struct HeldDecision<'a> {
    /// [`TAKEN`] or [`DISMISSED`].
    pub state: &'a str,
    /// Who.
    pub by: &'a str,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Why.
    pub reason: &'a str,
    /// The result it was taken as.
    pub settlement_id: Option<i64>,
}

/// Records what was decided about a held line that is open; tells whether it was.
pub fn set_decided(
    connection: &mut DbConnection,
    id: i64,
    decision: HeldDecision<'_>,
) -> Result<bool, StoreError> {
    let open = held_results::table
        .find(id)
        .filter(held_results::state.eq(OPEN));
    let rows = diesel::update(open)
        .set((
            held_results::state.eq(decision.state),
            held_results::decided_by.eq(decision.by),
            held_results::decided_at.eq(decision.at),
            held_results::decision_reason.eq(decision.reason),
            held_results::settlement_id.eq(decision.settlement_id),
        ))
        .execute(connection)?;
    Ok(rows == 1)
}

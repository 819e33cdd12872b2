//! What waits for somebody, counted in the database: nothing here reads a list to its end.
//!
//! The numbers in the texts are made here, so nothing in them needs escaping.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use crate::batch_board::BoardBatch;
use crate::schema::{held_results, jobs, tokens, users};
use crate::{DbConnection, StoreError};

/// How many applications are held for one month for one set of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct HeldCount {
    /// The month, as 202508; none where it is not known.
    #[diesel(sql_type = Nullable<Integer>)]
    pub month: Option<i32>,
    /// The bit set of R3's reasons.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
}

/// The held applications by month and reasons, the earliest month first.
pub fn held_by_reason(connection: &mut DbConnection) -> Result<Vec<HeldCount>, StoreError> {
    Ok(sql_query(
        "SELECT collection_month AS month, reasons, COUNT(*) AS count FROM applications
         WHERE state = 'held' GROUP BY collection_month, reasons
         ORDER BY COALESCE(collection_month, 0), reasons",
    )
    .load(connection)?)
}

/// Open sheets that one person opened.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct OpenSheets {
    /// Who opened them.
    #[diesel(sql_type = Text)]
    pub opened_by: String,
    /// Who keys them a second time, where both keyings were not compared yet.
    #[diesel(sql_type = Nullable<Text>)]
    pub second_keyed_by: Option<String>,
    /// Whether both keyings were compared.
    #[diesel(sql_type = Bool)]
    pub is_compared: bool,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// The earliest day of receipt.
    #[diesel(sql_type = Date)]
    pub since: NaiveDate,
}

/// The open sheets by who works on them.
pub fn open_sheets(connection: &mut DbConnection) -> Result<Vec<OpenSheets>, StoreError> {
    Ok(sql_query(
        "SELECT opened_by, second_keyed_by, compared_at IS NOT NULL AS is_compared,
           COUNT(*) AS count, MIN(received_on) AS since
         FROM sheets WHERE state = 'open'
         GROUP BY opened_by, second_keyed_by, compared_at IS NOT NULL
         ORDER BY opened_by, COALESCE(second_keyed_by, '')",
    )
    .load(connection)?)
}

/// How many imports were refused or failed since a moment, UTC.
pub fn failed_imports(
    connection: &mut DbConnection,
    since: NaiveDateTime,
) -> Result<i64, StoreError> {
    Ok(jobs::table
        .filter(jobs::state.eq("refused").or(jobs::state.eq("failed")))
        .filter(jobs::started_at.ge(since))
        .select(count_star())
        .get_result(connection)?)
}

/// How many lines of result files wait for a person.
pub fn held_results(connection: &mut DbConnection) -> Result<i64, StoreError> {
    Ok(held_results::table
        .filter(held_results::state.eq("open"))
        .select(count_star())
        .get_result(connection)?)
}

/// The batches that count, of this month (as 202508) or later, that are not wholly settled, by co-op,
/// month and sequence: not approved, not exported, or with charges that have no result.
pub fn unfinished_batches(
    connection: &mut DbConnection,
    from: i32,
) -> Result<Vec<BoardBatch>, StoreError> {
    let mut batches = crate::batch_board::batches_between(connection, from, i32::MAX, None)?;
    batches.retain(|batch| {
        batch.state == crate::tables::batches::CLOSED
            && (batch.exported_at.is_none() || batch.results < batch.charges)
    });
    Ok(batches)
}

/// What one person entered that waits for another.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct PendingOf {
    /// Who entered it.
    #[diesel(sql_type = Text)]
    pub submitted_by: String,
    /// How many.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// When the first was entered, UTC.
    #[diesel(sql_type = Timestamp)]
    pub since: NaiveDateTime,
}

/// What waits for a second person, by who entered it.
pub fn pending_actions(connection: &mut DbConnection) -> Result<Vec<PendingOf>, StoreError> {
    Ok(sql_query(
        "SELECT submitted_by, COUNT(*) AS count, MIN(submitted_at) AS since FROM pending_actions
         WHERE state = 'pending' GROUP BY submitted_by ORDER BY submitted_by",
    )
    .load(connection)?)
}

/// The day on which the journal's first entry counts; none before there is one.
pub fn first_posted_on(connection: &mut DbConnection) -> Result<Option<NaiveDate>, StoreError> {
    use crate::schema::journal_entries;
    Ok(journal_entries::table
        .select(diesel::dsl::min(journal_entries::posted_on))
        .get_result(connection)?)
}

/// How many events the audit log has since a moment, UTC.
pub fn audit_events_since(
    connection: &mut DbConnection,
    since: NaiveDateTime,
) -> Result<i64, StoreError> {
    use crate::schema::audit_events;
    Ok(audit_events::table
        .filter(audit_events::recorded_at.ge(since))
        .select(count_star())
        .get_result(connection)?)
}

/// Names of the people who were invited and have not come yet, by name.
pub fn invited(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    Ok(users::table
        .filter(users::state.eq("invited"))
        .order(users::name)
        .select(users::name)
        .load(connection)?)
}

/// Name and roles of the people who may sign in and have no second factor, by name.
pub fn without_second_factor(
    connection: &mut DbConnection,
) -> Result<Vec<(String, String)>, StoreError> {
    Ok(users::table
        .filter(users::state.eq("active"))
        .filter(users::totp_key.is_null())
        .order(users::name)
        .select((users::name, users::roles))
        .load(connection)?)
}

/// Person, name and end of the tokens that end between two moments, UTC, the earliest first.
pub fn tokens_ending(
    connection: &mut DbConnection,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> Result<Vec<(String, String, NaiveDateTime)>, StoreError> {
    Ok(tokens::table
        .inner_join(users::table)
        .filter(tokens::revoked_at.is_null())
        .filter(tokens::expires_at.gt(from))
        .filter(tokens::expires_at.le(to))
        .filter(users::state.ne("disabled"))
        .order((tokens::expires_at, tokens::id))
        .select((users::name, tokens::name, tokens::expires_at))
        .load(connection)?)
}

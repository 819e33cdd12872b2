//! `idempotency_keys`: the answers already given, so that a request sent twice changes nothing
//! (R6).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::idempotency_keys;
use crate::{DbConnection, StoreError};

/// An answer kept under its key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
pub struct KeptAnswer {
    /// Who asked.
    pub caller: String,
    /// The use case.
    pub operation: String,
    /// The caller's key.
    pub key: String,
    /// Hash of what was asked.
    pub request_sha256: String,
    /// JSON of the answer.
    pub body: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// The answer kept for (caller, operation, key), if any.
pub fn find(
    connection: &mut DbConnection,
    caller: &str,
    operation: &str,
    key: &str,
) -> Result<Option<KeptAnswer>, StoreError> {
    Ok(idempotency_keys::table
        .find((caller, operation, key))
        .select(KeptAnswer::as_select())
        .get_result(connection)
        .optional()?)
}

/// Keeps an answer. A second one under the same key violates the primary key.
pub fn insert(connection: &mut DbConnection, answer: &KeptAnswer) -> Result<(), StoreError> {
    diesel::insert_into(idempotency_keys::table)
        .values(answer)
        .execute(connection)?;
    Ok(())
}

/// At most `rows` kept answers with a note in them, by their keys after that of another; those given
/// before a moment, UTC, where one is named.
pub fn with_notes(
    connection: &mut DbConnection,
    before: Option<NaiveDateTime>,
    after: Option<&KeptAnswer>,
    rows: i64,
) -> Result<Vec<KeptAnswer>, StoreError> {
    let (caller, operation, key) = (
        idempotency_keys::caller,
        idempotency_keys::operation,
        idempotency_keys::key,
    );
    let mut query = idempotency_keys::table
        .filter(idempotency_keys::body.like("%\"note\":\"%"))
        .order((caller, operation, key))
        .limit(rows)
        .select(KeptAnswer::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(idempotency_keys::recorded_at.lt(before));
    }
    if let Some(last) = after {
        let of_caller = operation
            .gt(&last.operation)
            .or(operation.eq(&last.operation).and(key.gt(&last.key)));
        query = query
            .filter(caller.ge(&last.caller))
            .filter(caller.gt(&last.caller).or(of_caller));
    }
    Ok(query.load(connection)?)
}

/// Puts another body in the place of a kept answer's.
pub fn set_body(
    connection: &mut DbConnection,
    answer: &KeptAnswer,
    body: &str,
) -> Result<(), StoreError> {
    let key = (&answer.caller, &answer.operation, &answer.key);
    diesel::update(idempotency_keys::table.find(key))
        .set(idempotency_keys::body.eq(body))
        .execute(connection)?;
    Ok(())
}

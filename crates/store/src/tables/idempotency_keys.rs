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
        .first(connection)
        .optional()?)
}

/// Keeps an answer. A second one under the same key violates the primary key.
pub fn insert(connection: &mut DbConnection, answer: &KeptAnswer) -> Result<(), StoreError> {
    diesel::insert_into(idempotency_keys::table)
        .values(answer)
        .execute(connection)?;
    Ok(())
}

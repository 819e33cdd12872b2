//! `exports`: the hash of each batch's file, taken at the first export and checked at every later
//! one (R10).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::exports;
use crate::{DbConnection, StoreError};

/// The first export of a batch in a profile.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = exports)]
pub struct Export {
    /// The batch.
    pub batch_id: i64,
    /// The profile's name.
    pub profile: String,
    /// The profile's version.
    pub profile_version: i32,
    /// SHA-256 of the file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Rows, the header not counted.
    pub rows: i64,
    /// Yen.
    pub amount: i64,
    /// Who.
    pub actor: String,
    /// When, UTC.
    pub exported_at: NaiveDateTime,
}

/// The first export of a batch in a profile, if there was one.
pub fn find(
    connection: &mut DbConnection,
    batch_id: i64,
    profile: &str,
) -> Result<Option<Export>, StoreError> {
    Ok(exports::table
        .find((batch_id, profile))
        .select(Export::as_select())
        .get_result(connection)
        .optional()?)
}

/// The exports of a batch, by profile.
pub fn of_batch(connection: &mut DbConnection, batch_id: i64) -> Result<Vec<Export>, StoreError> {
    Ok(exports::table
        .filter(exports::batch_id.eq(batch_id))
        .order(exports::profile)
        .select(Export::as_select())
        .load(connection)?)
}

/// Every export of every batch, by batch and profile.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Export>, StoreError> {
    Ok(exports::table
        .order((exports::batch_id, exports::profile))
        .select(Export::as_select())
        .load(connection)?)
}

/// Records the first export of a batch in a profile. A second one violates the primary key.
pub fn insert(connection: &mut DbConnection, export: &Export) -> Result<(), StoreError> {
    diesel::insert_into(exports::table)
        .values(export)
        .execute(connection)?;
    Ok(())
}

//! `sign_in_failures`: wrong tries by account and by address, which slow down the next (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::sign_in_failures;
use crate::{DbConnection, StoreError, on_backend};

/// The wrong tries under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Failures {
    /// How many.
    pub failures: i64,
    /// When the last one was, UTC.
    pub last_failed_at: NaiveDateTime,
}

/// The wrong tries of this kind (`account` or `address`) under the name with this SHA-256.
pub fn find(
    connection: &mut DbConnection,
    kind: &str,
    sha256: &str,
) -> Result<Option<Failures>, StoreError> {
    Ok(sign_in_failures::table
        .find((kind, sha256))
        .select((sign_in_failures::failures, sign_in_failures::last_failed_at))
        .get_result(connection)
        .optional()?)
}

/// Says how many there are now.
pub fn put(
    connection: &mut DbConnection,
    kind: &str,
    sha256: &str,
    failures: Failures,
) -> Result<(), StoreError> {
    let values = (
        sign_in_failures::failures.eq(failures.failures),
        sign_in_failures::last_failed_at.eq(failures.last_failed_at),
    );
    on_backend!(connection, c => diesel::insert_into(sign_in_failures::table)
        .values((
            sign_in_failures::kind.eq(kind),
            sign_in_failures::sha256.eq(sha256),
            values,
        ))
        .on_conflict((sign_in_failures::kind, sign_in_failures::sha256))
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// Forgets them.
pub fn forget(connection: &mut DbConnection, kind: &str, sha256: &str) -> Result<(), StoreError> {
    diesel::delete(sign_in_failures::table.find((kind, sha256))).execute(connection)?;
    Ok(())
}

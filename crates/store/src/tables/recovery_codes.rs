//! `recovery_codes`: each stands once in the place of the second factor (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::recovery_codes;
use crate::{DbConnection, StoreError, on_backend};

/// Gives a person these codes, by their SHA-256, in the place of those they had.
pub fn replace(
    connection: &mut DbConnection,
    user_id: i64,
    sha256s: &[&str],
) -> Result<(), StoreError> {
    forget(connection, user_id)?;
    let rows: Vec<_> = sha256s
        .iter()
        .map(|sha256| {
            (
                recovery_codes::user_id.eq(user_id),
                recovery_codes::sha256.eq(*sha256),
            )
        })
        .collect();
    on_backend!(connection, c => diesel::insert_into(recovery_codes::table)
        .values(&rows)
        .execute(c))?;
    Ok(())
}

/// Takes every code from a person.
pub fn forget(connection: &mut DbConnection, user_id: i64) -> Result<(), StoreError> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id)))
        .execute(connection)?;
    Ok(())
}

/// Uses up a code. False where the person has no such code, or has used it.
pub fn take(
    connection: &mut DbConnection,
    user_id: i64,
    sha256: &str,
    used_at: NaiveDateTime,
) -> Result<bool, StoreError> {
    let taken = diesel::update(recovery_codes::table.find((user_id, sha256)))
        .filter(recovery_codes::used_at.is_null())
        .set(recovery_codes::used_at.eq(used_at))
        .execute(connection)?;
    Ok(taken == 1)
}

/// How many a person has left.
pub fn count_left(connection: &mut DbConnection, user_id: i64) -> Result<i64, StoreError> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(user_id))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(connection)?)
}

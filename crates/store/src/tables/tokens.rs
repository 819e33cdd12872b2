//! `tokens`: how scripts prove for whom they act (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::users::{Standing, standing_columns};
use crate::schema::{organizations, tokens, users};
use crate::{DbConnection, StoreError};

/// A token to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = tokens)]
pub struct NewToken<'a> {
    /// For whom it acts.
    pub user_id: i64,
    /// Its name.
    pub name: &'a str,
    /// SHA-256 of its secret.
    pub sha256: &'a str,
    /// With which of the person's roles, with commas.
    pub roles: &'a str,
    /// For what, with commas.
    pub scopes: &'a str,
    /// When, UTC.
    pub created_at: NaiveDateTime,
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
}

/// A token that has not been revoked, by its secret, and for whom it acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveToken {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// With which of the person's roles, with commas.
    pub roles: String,
    /// For what, with commas.
    pub scopes: String,
    /// When it was last used, UTC.
    pub last_used_at: Option<NaiveDateTime>,
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
    /// For whom it acts.
    pub standing: Standing,
}

/// Records a token and gives its number. A second one of that person and name violates the unique
/// index.
pub fn insert(connection: &mut DbConnection, token: &NewToken<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(tokens::table)
        .values(token)
        .returning(tokens::id)
        .get_result(connection)?)
}

/// The token of this secret, unless it has been revoked. Whether its time is over is for the caller
/// to say.
pub fn find_live(
    connection: &mut DbConnection,
    sha256: &str,
) -> Result<Option<LiveToken>, StoreError> {
    type Row = (
        (i64, String, String, String),
        Option<NaiveDateTime>,
        NaiveDateTime,
        Standing,
    );
    let row: Option<Row> = tokens::table
        .inner_join(users::table.left_join(organizations::table))
        .filter(tokens::sha256.eq(sha256))
        .filter(tokens::revoked_at.is_null())
        .select((
            (tokens::id, tokens::name, tokens::roles, tokens::scopes),
            tokens::last_used_at,
            tokens::expires_at,
            standing_columns(),
        ))
        .first(connection)
        .optional()?;
    Ok(row.map(|row| {
        let ((id, name, roles, scopes), last_used_at, expires_at, standing) = row;
        LiveToken {
            id,
            name,
            roles,
            scopes,
            last_used_at,
            expires_at,
            standing,
        }
    }))
}

/// Whether a token of this person has, or had, this name.
pub fn has_name(
    connection: &mut DbConnection,
    user_id: i64,
    name: &str,
) -> Result<bool, StoreError> {
    let found: i64 = tokens::table
        .filter(tokens::user_id.eq(user_id))
        .filter(tokens::name.eq(name))
        .count()
        .get_result(connection)?;
    Ok(found > 0)
}

/// Notes that a token was used.
pub fn touch(
    connection: &mut DbConnection,
    id: i64,
    used_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(tokens::table.find(id))
        .set(tokens::last_used_at.eq(used_at))
        .execute(connection)?;
    Ok(())
}

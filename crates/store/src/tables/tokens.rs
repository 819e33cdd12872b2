//! `tokens`: how scripts prove for whom they act (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::users::{Standing, standing_columns};
use crate::schema::{organizations, tokens, users};
use crate::{DbConnection, StoreError, on_backend};

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

/// Records a token and gives it as it is listed. A second one of that person and name violates the unique
/// index.
pub fn insert(connection: &mut DbConnection, token: &NewToken<'_>) -> Result<Token, StoreError> {
    Ok(diesel::insert_into(tokens::table)
        .values(token)
        .returning((
            tokens::id,
            tokens::name,
            tokens::roles,
            tokens::scopes,
            tokens::created_at,
            tokens::expires_at,
            tokens::last_used_at,
            tokens::revoked_at,
            tokens::revoked_by,
        ))
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
    let query = tokens::table
        .inner_join(users::table.left_join(organizations::table))
        .filter(tokens::sha256.eq(sha256))
        .filter(tokens::revoked_at.is_null())
        .select((
            (tokens::id, tokens::name, tokens::roles, tokens::scopes),
            tokens::last_used_at,
            tokens::expires_at,
            standing_columns(),
        ));
    // Every request asks this. On the backend itself its text is not written anew each time; and
    // without `first`: SQLite prepares a statement anew each time its LIMIT is bound.
    let row: Option<Row> = on_backend!(connection, c => query.get_result(c).optional())?;
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

/// A token as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tokens)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// With which of the person's roles, with commas.
    pub roles: String,
    /// For what, with commas.
    pub scopes: String,
    /// When it was made, UTC.
    pub created_at: NaiveDateTime,
    /// When it ends, UTC.
    pub expires_at: NaiveDateTime,
    /// When it was last used, UTC.
    pub last_used_at: Option<NaiveDateTime>,
    /// When it was revoked, UTC.
    pub revoked_at: Option<NaiveDateTime>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

/// At most `rows` of a person's tokens before a number, the newest first, the revoked among them.
pub fn page(
    connection: &mut DbConnection,
    user_id: i64,
    before_id: Option<i64>,
    rows: i64,
) -> Result<Vec<Token>, StoreError> {
    Ok(tokens::table
        .filter(tokens::user_id.eq(user_id))
        .filter(tokens::id.lt(before_id.unwrap_or(i64::MAX)))
        .order(tokens::id.desc())
        .limit(rows)
        .select(Token::as_select())
        .load(connection)?)
}

/// The token of this name that a person has, or had.
pub fn find_by_name(
    connection: &mut DbConnection,
    user_id: i64,
    name: &str,
) -> Result<Option<Token>, StoreError> {
    Ok(tokens::table
        .filter(tokens::user_id.eq(user_id))
        .filter(tokens::name.eq(name))
        .select(Token::as_select())
        .get_result(connection)
        .optional()?)
}

/// Revokes a token. False where it was revoked before.
pub fn revoke(
    connection: &mut DbConnection,
    id: i64,
    revoked_at: NaiveDateTime,
    revoked_by: &str,
) -> Result<bool, StoreError> {
    let revoked = diesel::update(tokens::table.find(id))
        .filter(tokens::revoked_at.is_null())
        .set((
            tokens::revoked_at.eq(revoked_at),
            tokens::revoked_by.eq(revoked_by),
        ))
        .execute(connection)?;
    Ok(revoked == 1)
}

/// Revokes every token of a person that has not been, and gives how many there were.
pub fn revoke_all(
    connection: &mut DbConnection,
    user_id: i64,
    revoked_at: NaiveDateTime,
    revoked_by: &str,
) -> Result<usize, StoreError> {
    Ok(diesel::update(tokens::table)
        .filter(tokens::user_id.eq(user_id))
        .filter(tokens::revoked_at.is_null())
        .set((
            tokens::revoked_at.eq(revoked_at),
            tokens::revoked_by.eq(revoked_by),
        ))
        .execute(connection)?)
}

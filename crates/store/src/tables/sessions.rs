//! `sessions`: who is signed in, since when and until when (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::users::{Standing, standing_columns};
use crate::schema::{organizations, sessions, users};
use crate::{DbConnection, StoreError, on_backend};

/// A session to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    /// Whose.
    pub user_id: i64,
    /// SHA-256 of its secret.
    pub sha256: &'a str,
    /// `second_factor`, `enrolment` or `full`.
    pub stage: &'a str,
    /// Where from.
    pub address: Option<String>,
    /// What the browser says of itself.
    pub agent: Option<&'a str>,
    /// When, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last used, UTC.
    pub last_seen_at: NaiveDateTime,
    /// When it ends at the latest, UTC.
    pub expires_at: NaiveDateTime,
}

/// A session that has not been ended, by its secret, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Its number.
    pub id: i64,
    /// `second_factor`, `enrolment` or `full`.
    pub stage: String,
    /// When it was last used, UTC.
    pub last_seen_at: NaiveDateTime,
    /// When it ends at the latest, UTC.
    pub expires_at: NaiveDateTime,
    /// Whose it is.
    pub standing: Standing,
}

/// Records a session and gives its number.
pub fn insert(connection: &mut DbConnection, session: &NewSession<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(sessions::table)
        .values(session)
        .returning(sessions::id)
        .get_result(connection)?)
}

/// The session of this secret, unless it has been ended. Whether its time is over is for the caller
/// to say.
pub fn find_open(
    connection: &mut DbConnection,
    sha256: &str,
) -> Result<Option<OpenSession>, StoreError> {
    type Row = (i64, String, NaiveDateTime, NaiveDateTime, Standing);
    let query = sessions::table
        .inner_join(users::table.left_join(organizations::table))
        .filter(sessions::sha256.eq(sha256))
        .filter(sessions::ended_at.is_null())
        .select((
            sessions::id,
            sessions::stage,
            sessions::last_seen_at,
            sessions::expires_at,
            standing_columns(),
        ));
    // Every request asks this. On the backend itself its text is not written anew each time; and
    // without `first`: SQLite prepares a statement anew each time its LIMIT is bound.
    let row: Option<Row> = on_backend!(connection, c => query.get_result(c).optional())?;
    Ok(row.map(
        |(id, stage, last_seen_at, expires_at, standing)| OpenSession {
            id,
            stage,
            last_seen_at,
            expires_at,
            standing,
        },
    ))
}

/// Notes that a session was used.
pub fn touch(
    connection: &mut DbConnection,
    id: i64,
    seen_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::last_seen_at.lt(seen_at))
        .set(sessions::last_seen_at.eq(seen_at))
        .execute(connection)?;
    Ok(())
}

/// Ends every open session of a person, and gives how many there were.
pub fn end_all(
    connection: &mut DbConnection,
    user_id: i64,
    ended_at: NaiveDateTime,
    because: &str,
) -> Result<usize, StoreError> {
    Ok(diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::ended_at.eq(ended_at),
            sessions::ended_because.eq(because),
        ))
        .execute(connection)?)
}

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// `second_factor`, `enrolment` or `full`.
    pub stage: String,
    /// Where from.
    pub address: Option<String>,
    /// What the browser says of itself.
    pub agent: Option<String>,
    /// The key of a second factor that was offered in it and is not confirmed yet, base32.
    pub totp_key: Option<String>,
    /// When it began, UTC.
    pub created_at: NaiveDateTime,
    /// When it was last used, UTC.
    pub last_seen_at: NaiveDateTime,
    /// When it ends at the latest, UTC.
    pub expires_at: NaiveDateTime,
}

/// The session of this number, unless it has been ended.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Session>, StoreError> {
    Ok(sessions::table
        .find(id)
        .filter(sessions::ended_at.is_null())
        .select(Session::as_select())
        .get_result(connection)
        .optional()?)
}

/// The sessions of a person that are open at a moment and were used after another, the newest first;
/// no more than `limit`.
pub fn list_open(
    connection: &mut DbConnection,
    user_id: i64,
    now: NaiveDateTime,
    used_after: NaiveDateTime,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_seen_at.gt(used_after))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(limit)
        .select(Session::as_select())
        .load(connection)?)
}

/// Ends a session. False where it has ended before.
pub fn end(
    connection: &mut DbConnection,
    id: i64,
    ended_at: NaiveDateTime,
    because: &str,
) -> Result<bool, StoreError> {
    let ended = diesel::update(sessions::table.find(id))
        .filter(sessions::ended_at.is_null())
        .set((
            sessions::ended_at.eq(ended_at),
            sessions::ended_because.eq(because),
        ))
        .execute(connection)?;
    Ok(ended == 1)
}

/// Keeps the key of a second factor that is offered in a session, until a code confirms it; none then.
pub fn offer_totp(
    connection: &mut DbConnection,
    id: i64,
    totp_key: Option<&str>,
) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(id))
        .set(sessions::totp_key.eq(totp_key))
        .execute(connection)?;
    Ok(())
}

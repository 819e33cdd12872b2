//! `one_time_links`: by which a person sets a password, once, until their end (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::one_time_links;
use crate::{DbConnection, StoreError};

/// A link to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = one_time_links)]
pub struct NewLink<'a> {
    /// Whose.
    pub user_id: i64,
    /// `invitation` or `reset`.
    pub purpose: &'a str,
    /// SHA-256 of its secret.
    pub sha256: &'a str,
    /// Until when it is good, UTC.
    pub expires_at: NaiveDateTime,
    /// Who made it.
    pub created_by: &'a str,
    /// When, UTC.
    pub created_at: NaiveDateTime,
}

/// A link that was neither used nor replaced.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = one_time_links)]
pub struct OpenLink {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// `invitation` or `reset`.
    pub purpose: String,
    /// Until when it is good, UTC.
    pub expires_at: NaiveDateTime,
}

/// Records a link; the one that the person had before is good no more.
pub fn put(connection: &mut DbConnection, link: &NewLink<'_>) -> Result<i64, StoreError> {
    end_of(connection, link.user_id, link.created_at)?;
    Ok(diesel::insert_into(one_time_links::table)
        .values(link)
        .returning(one_time_links::id)
        .get_result(connection)?)
}

/// The link with this secret, unless it was used or replaced. Whether its time is over is for the
/// caller to say.
pub fn find_open(
    connection: &mut DbConnection,
    sha256: &str,
) -> Result<Option<OpenLink>, StoreError> {
    Ok(one_time_links::table
        .filter(one_time_links::sha256.eq(sha256))
        .filter(one_time_links::ended_at.is_null())
        .select(OpenLink::as_select())
        .get_result(connection)
        .optional()?)
}

/// The link that a person has, unless it was used or replaced.
pub fn open_of(
    connection: &mut DbConnection,
    user_id: i64,
) -> Result<Option<OpenLink>, StoreError> {
    Ok(one_time_links::table
        .filter(one_time_links::user_id.eq(user_id))
        .filter(one_time_links::ended_at.is_null())
        .select(OpenLink::as_select())
        .first(connection)
        .optional()?)
}

/// Uses up a link. False where it was used or replaced before.
pub fn take(
    connection: &mut DbConnection,
    id: i64,
    used_at: NaiveDateTime,
) -> Result<bool, StoreError> {
    let taken = diesel::update(one_time_links::table.find(id))
        .filter(one_time_links::ended_at.is_null())
        .set((
            one_time_links::ended_at.eq(used_at),
            one_time_links::ended_because.eq("used"),
        ))
        .execute(connection)?;
    Ok(taken == 1)
}

/// The links that these people have, unless they were used or replaced.
pub fn open_of_all(
    connection: &mut DbConnection,
    user_ids: &[i64],
) -> Result<Vec<OpenLink>, StoreError> {
    Ok(one_time_links::table
        .filter(one_time_links::user_id.eq_any(user_ids))
        .filter(one_time_links::ended_at.is_null())
        .select(OpenLink::as_select())
        .load(connection)?)
}

/// Ends the link that a person has, if any, without another in its place.
pub fn end_of(
    connection: &mut DbConnection,
    user_id: i64,
    ended_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(one_time_links::table)
        .filter(one_time_links::user_id.eq(user_id))
        .filter(one_time_links::ended_at.is_null())
        .set((
            one_time_links::ended_at.eq(ended_at),
            one_time_links::ended_because.eq("replaced"),
        ))
        .execute(connection)?;
    Ok(())
}

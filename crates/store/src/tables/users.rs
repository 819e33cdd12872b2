//! `users`: the people who may sign in, and what they may do (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::{organizations, users};
use crate::{DbConnection, StoreError};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct User {
    /// Surrogate key.
    pub id: i64,
    /// What they sign in with.
    pub name: String,
    /// What they are called on screen.
    pub display_name: Option<String>,
    /// Their roles, with commas.
    pub roles: String,
    /// The organisation that they are bound to.
    pub organization_id: Option<i64>,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// PHC string of Argon2id; none before the first password.
    pub password_hash: Option<String>,
    /// Key of the second factor, base32.
    pub totp_key: Option<String>,
    /// The last 30 seconds that a code was taken of.
    pub totp_step: i64,
    /// Who invited them.
    pub created_by: String,
    /// When, UTC.
    pub created_at: NaiveDateTime,
    /// When they last signed in, UTC.
    pub signed_in_at: Option<NaiveDateTime>,
}

/// A person to record.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser<'a> {
    /// What they sign in with.
    pub name: &'a str,
    /// What they are called on screen.
    pub display_name: Option<&'a str>,
    /// Their roles, with commas.
    pub roles: &'a str,
    /// The organisation that they are bound to.
    pub organization_id: Option<i64>,
    /// `invited`, until they set a password.
    pub state: &'a str,
    /// Who invited them.
    pub created_by: &'a str,
    /// When, UTC.
    pub created_at: NaiveDateTime,
}

/// What rights rest on: a person, and the code of their organisation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Standing {
    /// The person's number.
    pub user_id: i64,
    /// What they sign in with.
    pub name: String,
    /// Their roles, with commas.
    pub roles: String,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// The number of their organisation.
    pub organization_id: Option<i64>,
    /// The code of their organisation.
    pub organization: Option<String>,
}

/// The columns of a [`Standing`].
pub(crate) type StandingColumns = (
    users::id,
    users::name,
    users::roles,
    users::state,
    users::organization_id,
    diesel::dsl::Nullable<organizations::code>,
);

/// The columns of a [`Standing`].
pub(crate) fn standing_columns() -> StandingColumns {
    (
        users::id,
        users::name,
        users::roles,
        users::state,
        users::organization_id,
        organizations::code.nullable(),
    )
}

/// Records a person and gives their number. A second one of that name violates the unique index.
pub fn insert(connection: &mut DbConnection, user: &NewUser<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(users::table)
        .values(user)
        .returning(users::id)
        .get_result(connection)?)
}

/// The person who signs in with this name.
pub fn find_by_name(connection: &mut DbConnection, name: &str) -> Result<Option<User>, StoreError> {
    Ok(users::table
        .filter(users::name.eq(name))
        .select(User::as_select())
        .get_result(connection)
        .optional()?)
}

/// The person of this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<User>, StoreError> {
    Ok(users::table
        .find(id)
        .select(User::as_select())
        .get_result(connection)
        .optional()?)
}

/// Gives a person this password and lets them sign in with it.
pub fn set_password(
    connection: &mut DbConnection,
    id: i64,
    password_hash: &str,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set((
            users::password_hash.eq(password_hash),
            users::state.eq("active"),
        ))
        .execute(connection)?;
    Ok(())
}

/// Gives a person this second factor, whose code of `step` has been taken.
pub fn set_totp(
    connection: &mut DbConnection,
    id: i64,
    totp_key: &str,
    step: i64,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set((users::totp_key.eq(totp_key), users::totp_step.eq(step)))
        .execute(connection)?;
    Ok(())
}

/// Notes that the code of this step was taken. False where one of it, or of a later one, was before.
pub fn take_totp_step(
    connection: &mut DbConnection,
    id: i64,
    step: i64,
) -> Result<bool, StoreError> {
    let updated = diesel::update(users::table.find(id))
        .filter(users::totp_step.lt(step))
        .set(users::totp_step.eq(step))
        .execute(connection)?;
    Ok(updated == 1)
}

/// Notes that a person signed in, the second factor included.
pub fn note_sign_in(
    connection: &mut DbConnection,
    id: i64,
    signed_in_at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set(users::signed_in_at.eq(signed_in_at))
        .execute(connection)?;
    Ok(())
}

/// A person with the code of their organisation.
pub type Listed = (User, Option<String>);

/// Which people are looked for; all where nothing is said.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Those whose roles include the role of this name.
    pub role: Option<&'a str>,
    /// Those in this state: `invited`, `active` or `disabled`.
    pub state: Option<&'a str>,
}

/// At most `rows` of the people wanted after a number, by number.
pub fn page(
    connection: &mut DbConnection,
    wanted: Wanted<'_>,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = users::table
        .left_join(organizations::table)
        .filter(users::id.gt(after_id))
        .order(users::id)
        .limit(rows)
        .select((User::as_select(), organizations::code.nullable()))
        .into_boxed();
    if let Some(role) = wanted.role {
        // No role's name is part of another's.
        query = query.filter(users::roles.like(format!("%{role}%")));
    }
    if let Some(state) = wanted.state {
        query = query.filter(users::state.eq(state));
    }
    Ok(query.load(connection)?)
}

/// The person who signs in with this name, and the code of their organisation.
pub fn find_listed(
    connection: &mut DbConnection,
    name: &str,
) -> Result<Option<Listed>, StoreError> {
    Ok(users::table
        .left_join(organizations::table)
        .filter(users::name.eq(name))
        .select((User::as_select(), organizations::code.nullable()))
        .get_result(connection)
        .optional()?)
}

/// The people in this state whose roles include the role of this name, by number.
pub fn list_in_role(
    connection: &mut DbConnection,
    state: &str,
    role: &str,
) -> Result<Vec<User>, StoreError> {
    // No role's name is part of another's.
    Ok(users::table
        .filter(users::state.eq(state))
        .filter(users::roles.like(format!("%{role}%")))
        .order(users::id)
        .select(User::as_select())
        .load(connection)?)
}

/// Gives a person other roles, and binds them to an organisation or to none.
pub fn set_roles(
    connection: &mut DbConnection,
    id: i64,
    roles: &str,
    organization_id: Option<i64>,
) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set((
            users::roles.eq(roles),
            users::organization_id.eq(organization_id),
        ))
        .execute(connection)?;
    Ok(())
}

/// Says whether a person may sign in: `invited`, `active` or `disabled`.
pub fn set_state(connection: &mut DbConnection, id: i64, state: &str) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set(users::state.eq(state))
        .execute(connection)?;
    Ok(())
}

/// Takes a person's password and second factor from them: they wait for a link as when invited.
pub fn forget_credentials(connection: &mut DbConnection, id: i64) -> Result<(), StoreError> {
    diesel::update(users::table.find(id))
        .set((
            users::state.eq("invited"),
            users::password_hash.eq(None::<String>),
            users::totp_key.eq(None::<String>),
        ))
        .execute(connection)?;
    Ok(())
}

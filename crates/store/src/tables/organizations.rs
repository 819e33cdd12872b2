//! `organizations`: those whose campaigns are collected for (団体).

use diesel::prelude::*;

use crate::schema::organizations;
use crate::{DbConnection, StoreError};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organizations)]
pub struct Organization {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Organization>, StoreError> {
    page(connection, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id.
pub fn page(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Organization>, StoreError> {
    Ok(organizations::table
        .filter(organizations::id.gt(after_id))
        .order(organizations::id)
        .limit(rows)
        .select(Organization::as_select())
        .load(connection)?)
}

/// The one of an id.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Organization>, StoreError> {
    Ok(organizations::table
        .find(id)
        .select(Organization::as_select())
        .get_result(connection)
        .optional()?)
}

/// The one of a code.
pub fn find_by_code(
    connection: &mut DbConnection,
    code: &str,
) -> Result<Option<Organization>, StoreError> {
    Ok(organizations::table
        .filter(organizations::code.eq(code))
        .select(Organization::as_select())
        .get_result(connection)
        .optional()?)
}

/// Adds one. A second one of the same code violates its uniqueness.
pub fn insert(connection: &mut DbConnection, code: &str, name: &str) -> Result<(), StoreError> {
    diesel::insert_into(organizations::table)
        .values((organizations::code.eq(code), organizations::name.eq(name)))
        .execute(connection)?;
    Ok(())
}

/// Gives one another name.
pub fn rename(connection: &mut DbConnection, id: i64, name: &str) -> Result<(), StoreError> {
    diesel::update(organizations::table.find(id))
        .set(organizations::name.eq(name))
        .execute(connection)?;
    Ok(())
}

//! `funds`: where money belongs (基金).

use diesel::prelude::*;

use crate::schema::funds;
use crate::{DbConnection, StoreError};

/// A fund.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = funds)]
pub struct Fund {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Fund>, StoreError> {
    page(connection, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id.
pub fn page(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Fund>, StoreError> {
    Ok(funds::table
        .filter(funds::id.gt(after_id))
        .order(funds::id)
        .limit(rows)
        .select(Fund::as_select())
        .load(connection)?)
}

/// The one of a code.
pub fn find_by_code(connection: &mut DbConnection, code: &str) -> Result<Option<Fund>, StoreError> {
    Ok(funds::table
        .filter(funds::code.eq(code))
        .select(Fund::as_select())
        .get_result(connection)
        .optional()?)
}

/// Adds one. A second one of the same code violates its uniqueness.
pub fn insert(connection: &mut DbConnection, code: &str, name: &str) -> Result<(), StoreError> {
    diesel::insert_into(funds::table)
        .values((funds::code.eq(code), funds::name.eq(name)))
        .execute(connection)?;
    Ok(())
}

/// Gives one another name.
pub fn rename(connection: &mut DbConnection, id: i64, name: &str) -> Result<(), StoreError> {
    diesel::update(funds::table.find(id))
        .set(funds::name.eq(name))
        .execute(connection)?;
    Ok(())
}

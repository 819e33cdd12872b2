//! `cooperatives`: the co-ops that collect from their members (単協).

use diesel::prelude::*;

use crate::schema::cooperatives;
use crate::{DbConnection, StoreError};

/// A co-op.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cooperatives)]
pub struct Cooperative {
    /// Its id, 1 to 999: its number in the 請求キー.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Cooperative>, StoreError> {
    page(connection, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id.
pub fn page(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Cooperative>, StoreError> {
    Ok(cooperatives::table
        .filter(cooperatives::id.gt(after_id))
        .order(cooperatives::id)
        .limit(rows)
        .select(Cooperative::as_select())
        .load(connection)?)
}

/// The one of an id.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Cooperative>, StoreError> {
    Ok(cooperatives::table
        .find(id)
        .select(Cooperative::as_select())
        .get_result(connection)
        .optional()?)
}

/// The one of a code.
pub fn find_by_code(
    connection: &mut DbConnection,
    code: &str,
) -> Result<Option<Cooperative>, StoreError> {
    Ok(cooperatives::table
        .filter(cooperatives::code.eq(code))
        .select(Cooperative::as_select())
        .get_result(connection)
        .optional()?)
}

/// Adds one. A second one of the same code or id violates its uniqueness.
pub fn insert(connection: &mut DbConnection, added: &Cooperative) -> Result<(), StoreError> {
    diesel::insert_into(cooperatives::table)
        .values(added)
        .execute(connection)?;
    Ok(())
}

/// Gives one another name.
pub fn rename(connection: &mut DbConnection, id: i64, name: &str) -> Result<(), StoreError> {
    diesel::update(cooperatives::table.find(id))
        .set(cooperatives::name.eq(name))
        .execute(connection)?;
    Ok(())
}

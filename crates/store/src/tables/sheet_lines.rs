//! `sheet_lines`: the lines of a sheet as each of its keyings has them.

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::schema::sheet_lines;
use crate::{DbConnection, StoreError, on_backend};

/// Rows added in a single statement.
const ROWS_MAX: usize = 500;

/// A line of one keying.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sheet_lines, treat_none_as_default_value = false)]
pub struct SheetLine {
    /// Its sheet.
    pub sheet_id: i64,
    /// 1, or 2 for the second, blind keying.
    pub keying: i32,
    /// Its line, from 1.
    pub line_no: i64,
    /// The member's number.
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// What else was written.
    pub note: Option<String>,
    /// Who keyed it last.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// The lines of a keying, in order.
pub fn of_keying(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
) -> Result<Vec<SheetLine>, StoreError> {
    Ok(sheet_lines::table
        .filter(sheet_lines::sheet_id.eq(sheet_id))
        .filter(sheet_lines::keying.eq(keying))
        .order(sheet_lines::line_no)
        .select(SheetLine::as_select())
        .load(connection)?)
}

/// One line of a keying.
pub fn find(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
    line_no: i64,
) -> Result<Option<SheetLine>, StoreError> {
    Ok(sheet_lines::table
        .find((sheet_id, keying, line_no))
        .select(SheetLine::as_select())
        .get_result(connection)
        .optional()?)
}

/// The lines of a keying that bear a member number, in order.
pub fn of_member(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
    member_number: &str,
) -> Result<Vec<SheetLine>, StoreError> {
    Ok(sheet_lines::table
        .filter(sheet_lines::sheet_id.eq(sheet_id))
        .filter(sheet_lines::keying.eq(keying))
        .filter(sheet_lines::member_number.eq(member_number))
        .order(sheet_lines::line_no)
        .select(SheetLine::as_select())
        .load(connection)?)
}

/// The last line of a keying; 0 while it has none.
pub fn last_line_no(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
) -> Result<i64, StoreError> {
    let last: Option<i64> = sheet_lines::table
        .filter(sheet_lines::sheet_id.eq(sheet_id))
        .filter(sheet_lines::keying.eq(keying))
        .select(max(sheet_lines::line_no))
        .first(connection)?;
    Ok(last.unwrap_or(0))
}

/// How many lines a keying has.
pub fn count(connection: &mut DbConnection, sheet_id: i64, keying: i32) -> Result<i64, StoreError> {
    Ok(sheet_lines::table
        .filter(sheet_lines::sheet_id.eq(sheet_id))
        .filter(sheet_lines::keying.eq(keying))
        .count()
        .get_result(connection)?)
}

/// Who keyed the lines of a keying.
pub fn keyers(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
) -> Result<Vec<String>, StoreError> {
    Ok(sheet_lines::table
        .filter(sheet_lines::sheet_id.eq(sheet_id))
        .filter(sheet_lines::keying.eq(keying))
        .select(sheet_lines::actor)
        .distinct()
        .order(sheet_lines::actor)
        .load(connection)?)
}

/// Puts a line where it belongs, in the place of the one that is there.
pub fn put(connection: &mut DbConnection, line: &SheetLine) -> Result<(), StoreError> {
    remove(connection, line.sheet_id, line.keying, line.line_no)?;
    diesel::insert_into(sheet_lines::table)
        .values(line)
        .execute(connection)?;
    Ok(())
}

/// Adds lines that are not there yet.
pub fn insert_many(connection: &mut DbConnection, lines: &[SheetLine]) -> Result<(), StoreError> {
    for chunk in lines.chunks(ROWS_MAX) {
        on_backend!(connection, c => diesel::insert_into(sheet_lines::table)
            .values(chunk)
            .execute(c))?;
    }
    Ok(())
}

/// Takes a line away. Gives whether it was there.
pub fn remove(
    connection: &mut DbConnection,
    sheet_id: i64,
    keying: i32,
    line_no: i64,
) -> Result<bool, StoreError> {
    let removed =
        diesel::delete(sheet_lines::table.find((sheet_id, keying, line_no))).execute(connection)?;
    Ok(removed > 0)
}

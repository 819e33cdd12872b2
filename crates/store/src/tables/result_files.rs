//! `result_files`: the co-ops' answers to what was handed over (R13).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::result_files;
use crate::{DbConnection, StoreError};

/// A file of results, with what became of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = result_files)]
pub struct ResultFileValues {
    /// The name people know it by.
    pub name: String,
    /// What it is known by when it comes again (R6).
    pub fingerprint: String,
    /// How many lines.
    pub lines: i64,
    /// How many charges it collected.
    pub collected: i64,
    /// Yen of them.
    pub collected_amount: i64,
    /// How many charges failed.
    pub failed: i64,
    /// Yen of them.
    pub failed_amount: i64,
    /// How many lines were held.
    pub held: i64,
    /// How many said what was known.
    pub unchanged: i64,
    /// JSON: how many were held for which reason.
    pub held_by_reason: String,
    /// Who brought it.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// A file of results as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = result_files)]
pub struct ResultFile {
    /// Its number.
    pub id: i64,
    /// What is known of it.
    #[diesel(embed)]
    pub values: ResultFileValues,
}

/// Records a file and gives its number. A second one of the same fingerprint violates its
/// uniqueness (R6).
pub fn insert(connection: &mut DbConnection, file: &ResultFileValues) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(result_files::table)
        .values(file)
        .returning(result_files::id)
        .get_result(connection)?)
}

/// The file known by a fingerprint (R6).
pub fn find_by_fingerprint(
    connection: &mut DbConnection,
    fingerprint: &str,
) -> Result<Option<ResultFile>, StoreError> {
    Ok(result_files::table
        .filter(result_files::fingerprint.eq(fingerprint))
        .select(ResultFile::as_select())
        .first(connection)
        .optional()?)
}

/// The file with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<ResultFile>, StoreError> {
    Ok(result_files::table
        .find(id)
        .select(ResultFile::as_select())
        .get_result(connection)
        .optional()?)
}

/// Files with a number below `before_id`, newest first.
pub fn page(
    connection: &mut DbConnection,
    before_id: i64,
    rows: i64,
) -> Result<Vec<ResultFile>, StoreError> {
    Ok(result_files::table
        .filter(result_files::id.lt(before_id))
        .order(result_files::id.desc())
        .limit(rows)
        .select(ResultFile::as_select())
        .load(connection)?)
}

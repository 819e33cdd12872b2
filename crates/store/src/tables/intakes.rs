//! `intakes`: what arrived together — a file, a keyed sheet, one request.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::intakes;
use crate::{DbConnection, StoreError};

/// An intake to record, before its lines are counted.
#[derive(Debug, Insertable)]
#[diesel(table_name = intakes)]
pub struct NewIntake<'a> {
    /// `file` (of applications), `sheet`, `request`, or the table that a file filled.
    pub kind: &'a str,
    /// The file's name.
    pub name: Option<&'a str>,
    /// What the file is known by when it comes again (R6).
    pub fingerprint: Option<&'a str>,
    /// How many lines.
    pub lines: i64,
    /// How many of them were posted at once.
    pub accepted: i64,
    /// How many were held.
    pub held: i64,
    /// JSON: how many were held for which main reason.
    pub held_by_reason: Option<&'a str>,
    /// Who brought it.
    pub actor: &'a str,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// An intake as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = intakes)]
pub struct Intake {
    /// Its number.
    pub id: i64,
    /// `file` (of applications), `sheet`, `request`, or the table that a file filled.
    pub kind: String,
    /// The file's name.
    pub name: Option<String>,
    /// How many lines.
    pub lines: i64,
    /// How many of them were posted at once.
    pub accepted: i64,
    /// How many were held.
    pub held: i64,
    /// JSON: how many were held for which main reason.
    pub held_by_reason: Option<String>,
    /// Who brought it.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// Records an intake and gives its number. A second one of the same fingerprint violates its
/// uniqueness (R6).
pub fn insert(connection: &mut DbConnection, intake: &NewIntake<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(intakes::table)
        .values(intake)
        .returning(intakes::id)
        .get_result(connection)?)
}

/// The intake with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Intake>, StoreError> {
    Ok(intakes::table
        .find(id)
        .select(Intake::as_select())
        .get_result(connection)
        .optional()?)
}

/// The intake known by a fingerprint (R6).
pub fn find_by_fingerprint(
    connection: &mut DbConnection,
    fingerprint: &str,
) -> Result<Option<Intake>, StoreError> {
    Ok(intakes::table
        .filter(intakes::fingerprint.eq(fingerprint))
        .select(Intake::as_select())
        .first(connection)
        .optional()?)
}

/// What became of an intake's lines, once they are in.
#[derive(Debug, Clone, Copy)]
pub struct IntakeCounts<'a> {
    /// How many lines.
    pub lines: i64,
    /// How many of them were posted.
    pub accepted: i64,
    /// How many were held.
    pub held: i64,
    /// JSON: how many were held for which main reason.
    pub held_by_reason: &'a str,
}

/// Records what became of an intake's lines.
pub fn set_counts(
    connection: &mut DbConnection,
    id: i64,
    counts: IntakeCounts<'_>,
) -> Result<(), StoreError> {
    diesel::update(intakes::table.find(id))
        .set((
            intakes::lines.eq(counts.lines),
            intakes::accepted.eq(counts.accepted),
            intakes::held.eq(counts.held),
            intakes::held_by_reason.eq(counts.held_by_reason),
        ))
        .execute(connection)?;
    Ok(())
}

/// Intakes that were files, newest first, with a number below `before_id`; of one kind where that is
/// given.
pub fn page_of_files(
    connection: &mut DbConnection,
    kind: Option<&str>,
    before_id: i64,
    rows: i64,
) -> Result<Vec<Intake>, StoreError> {
    // These two conditions are those of the index.
    let mut query = intakes::table
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(
            "kind <> 'sheet' AND kind <> 'request'",
        ))
        .filter(intakes::id.lt(before_id))
        .order(intakes::id.desc())
        .limit(rows)
        .select(Intake::as_select())
        .into_boxed();
    if let Some(kind) = kind {
        query = query.filter(intakes::kind.eq(kind.to_owned()));
    }
    Ok(query.load(connection)?)
}

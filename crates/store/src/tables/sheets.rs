//! `sheets`: bundles of applications keyed together under control totals (R7).

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::schema::{cooperatives, sheet_lines, sheets};
use crate::{DbConnection, StoreError};

/// A sheet as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sheets)]
pub struct Sheet {
    /// Its number.
    pub id: i64,
    /// The co-op of its members.
    pub coop_id: i64,
    /// The way its lines came in.
    pub channel: String,
    /// The day of their receipt.
    pub received_on: NaiveDate,
    /// `open`, `posted` or `discarded`.
    pub state: String,
    /// What its cover says.
    #[diesel(embed)]
    pub control: ControlTotals,
    /// Who opened it.
    pub opened_by: String,
    /// When, UTC.
    pub opened_at: NaiveDateTime,
    /// Who keyed it a second time.
    pub second_keyed_by: Option<String>,
    /// When both keyings were laid side by side, UTC; until then neither keyer sees the other's.
    pub compared_at: Option<NaiveDateTime>,
    /// Who posted it.
    pub posted_by: Option<String>,
    /// When, UTC.
    pub posted_at: Option<NaiveDateTime>,
    /// Why it was posted although something did not agree.
    pub override_reason: Option<String>,
    /// Why it was discarded.
    pub discard_reason: Option<String>,
    /// The intake its lines became.
    pub intake_id: Option<i64>,
}

/// What the cover of a bundle says about its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = sheets, treat_none_as_null = true)]
pub struct ControlTotals {
    /// How many lines.
    #[diesel(column_name = control_lines)]
    pub lines: Option<i64>,
    /// Units (口).
    #[diesel(column_name = control_units)]
    pub units: Option<i64>,
    /// Yen.
    #[diesel(column_name = control_amount)]
    pub amount: Option<i64>,
    /// The sum of the member numbers, in digits.
    #[diesel(column_name = control_member_sum)]
    pub member_sum: Option<String>,
}

/// A sheet to open.
#[derive(Debug, Insertable)]
#[diesel(table_name = sheets)]
pub struct NewSheet<'a> {
    /// The co-op of its members.
    pub coop_id: i64,
    /// The way its lines came in.
    pub channel: &'a str,
    /// The day of their receipt.
    pub received_on: NaiveDate,
    /// `open`.
    pub state: &'a str,
    /// Who opens it.
    pub opened_by: &'a str,
    /// When, UTC.
    pub opened_at: NaiveDateTime,
}

/// Opens a sheet and gives its number.
pub fn insert(connection: &mut DbConnection, sheet: &NewSheet<'_>) -> Result<i64, StoreError> {
    Ok(diesel::insert_into(sheets::table)
        .values(sheet)
        .returning(sheets::id)
        .get_result(connection)?)
}

/// The sheet with this number, and the code of its co-op.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<(Sheet, String)>, StoreError> {
    Ok(sheets::table
        .inner_join(cooperatives::table)
        .filter(sheets::id.eq(id))
        .select((Sheet::as_select(), cooperatives::code))
        .first(connection)
        .optional()?)
}

/// Which sheets are asked for; all where nothing is given.
#[derive(Debug, Clone, Copy, Default)]
pub struct SheetsAsked<'a> {
    /// Of one co-op.
    pub coop_id: Option<i64>,
    /// In one state.
    pub state: Option<&'a str>,
    /// Opened or keyed by a person, by whatever token of theirs: `user:aoki`.
    pub person: Option<&'a str>,
    /// The newest first in place of the oldest.
    pub newest_first: bool,
}

/// At most `rows` sheets that come after the one with number `after_id` where it is given, with
/// their co-ops' codes.
pub fn page(
    connection: &mut DbConnection,
    asked: SheetsAsked<'_>,
    after_id: Option<i64>,
    rows: i64,
) -> Result<Vec<(Sheet, String)>, StoreError> {
    let mut query = sheets::table
        .inner_join(cooperatives::table)
        .limit(rows)
        .select((Sheet::as_select(), cooperatives::code))
        .into_boxed();
    query = match (asked.newest_first, after_id) {
        (true, Some(id)) => query.filter(sheets::id.lt(id)).order(sheets::id.desc()),
        (true, None) => query.order(sheets::id.desc()),
        (false, Some(id)) => query.filter(sheets::id.gt(id)).order(sheets::id),
        (false, None) => query.order(sheets::id),
    };
    if let Some(coop_id) = asked.coop_id {
        query = query.filter(sheets::coop_id.eq(coop_id));
    }
    if let Some(state) = asked.state {
        query = query.filter(sheets::state.eq(state.to_owned()));
    }
    if let Some(person) = asked.person {
        // A token of theirs is recorded as `user:aoki/name`; what follows `/` in bytes is `0`.
        let (token, end) = (format!("{person}/"), format!("{person}0"));
        let person = person.to_owned();
        let keyed = sheet_lines::table
            .filter(sheet_lines::sheet_id.eq(sheets::id))
            .filter(
                sheet_lines::actor.eq(person.clone()).or(sheet_lines::actor
                    .ge(token.clone())
                    .and(sheet_lines::actor.lt(end.clone()))),
            );
        query = query.filter(
            sheets::opened_by
                .eq(person.clone())
                .or(sheets::opened_by
                    .ge(token.clone())
                    .and(sheets::opened_by.lt(end.clone())))
                .or(exists(keyed)),
        );
    }
    Ok(query.load(connection)?)
}

/// Puts down what the cover says.
pub fn set_control_totals(
    connection: &mut DbConnection,
    id: i64,
    totals: &ControlTotals,
) -> Result<(), StoreError> {
    diesel::update(sheets::table.find(id))
        .set(totals)
        .execute(connection)?;
    Ok(())
}

/// Puts down who keys it a second time.
pub fn set_second_keyer(
    connection: &mut DbConnection,
    id: i64,
    actor: &str,
) -> Result<(), StoreError> {
    diesel::update(sheets::table.find(id))
        .set(sheets::second_keyed_by.eq(actor))
        .execute(connection)?;
    Ok(())
}

/// Puts down that both keyings were laid side by side.
pub fn set_compared(
    connection: &mut DbConnection,
    id: i64,
    at: NaiveDateTime,
) -> Result<(), StoreError> {
    diesel::update(sheets::table.find(id))
        .set(sheets::compared_at.eq(at))
        .execute(connection)?;
    Ok(())
}

/// How a sheet was posted.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// The intake its lines became.
    pub intake_id: i64,
    /// Who.
    pub actor: &'a str,
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Why although something did not agree.
    pub override_reason: Option<&'a str>,
}

/// Marks a sheet posted.
pub fn set_posted(
    connection: &mut DbConnection,
    id: i64,
    posting: Posting<'_>,
) -> Result<(), StoreError> {
    diesel::update(sheets::table.find(id))
        .set((
            sheets::state.eq("posted"),
            sheets::intake_id.eq(posting.intake_id),
            sheets::posted_by.eq(posting.actor),
            sheets::posted_at.eq(posting.at),
            sheets::override_reason.eq(posting.override_reason),
        ))
        .execute(connection)?;
    Ok(())
}

/// Marks a sheet discarded.
pub fn set_discarded(
    connection: &mut DbConnection,
    id: i64,
    reason: &str,
) -> Result<(), StoreError> {
    diesel::update(sheets::table.find(id))
        .set((
            sheets::state.eq("discarded"),
            sheets::discard_reason.eq(reason),
        ))
        .execute(connection)?;
    Ok(())
}

/// The sheet whose lines became an intake.
pub fn of_intake(connection: &mut DbConnection, intake_id: i64) -> Result<Option<i64>, StoreError> {
    Ok(sheets::table
        .filter(sheets::intake_id.eq(intake_id))
        .select(sheets::id)
        .get_result(connection)
        .optional()?)
}

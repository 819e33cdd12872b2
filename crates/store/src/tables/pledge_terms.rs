//! `pledge_terms`: the plan of each pledge, append-only (R8).
//!
//! Each revision restates the plan from its first month on: in force in month M is, among the
//! terms that start in or before M, the one with the greatest (revision, from_month).

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use crate::schema::{pledge_terms, pledges};
use crate::{DbConnection, StoreError, on_backend};

/// `ends_from` of a pledge whose every term was taken back: it is open in no month at all.
const NEVER_OPEN: i32 = 200_001;

/// A term as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = pledge_terms)]
pub struct PledgeTerm {
    /// Whose plan.
    pub pledge_id: i64,
    /// Which statement of it, from 1.
    pub revision: i32,
    /// The first month it holds, as 202508.
    pub from_month: i32,
    /// Units a month; 0 where nothing is given.
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// What brought it: `application`, `decision`, `command`, `import`, `member_change`, `undo`.
    pub cause: String,
    /// The application behind it.
    pub application_id: Option<i64>,
    /// The decision behind it.
    pub decision_id: Option<i64>,
    /// Why, in the person's own words.
    pub reason: Option<String>,
    /// Who.
    pub actor: Option<String>,
    /// When, UTC.
    pub recorded_at: Option<NaiveDateTime>,
}

/// One term of a new revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTerm {
    /// The first month it holds, as 202508.
    pub from_month: i32,
    /// Units a month; 0 where nothing is given.
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
}

/// What brings a revision about.
#[derive(Debug, Clone, Copy)]
pub struct Cause<'a> {
    /// `application`, `decision`, `command`, `import`, `member_change` or `undo`.
    pub cause: &'a str,
    /// The application behind it.
    pub application_id: Option<i64>,
    /// The decision behind it.
    pub decision_id: Option<i64>,
    /// Why, in the person's own words.
    pub reason: Option<&'a str>,
    /// Who.
    pub actor: Option<&'a str>,
    /// When, UTC.
    pub recorded_at: Option<NaiveDateTime>,
}

#[derive(Insertable)]
#[diesel(table_name = pledge_terms)]
struct Row<'a> {
    pledge_id: i64,
    revision: i32,
    from_month: i32,
    units: i64,
    unit_price: i64,
    cause: &'a str,
    application_id: Option<i64>,
    decision_id: Option<i64>,
    reason: Option<&'a str>,
    actor: Option<&'a str>,
    recorded_at: Option<NaiveDateTime>,
}

/// Appends the next revision of a pledge's plan and brings its `ends_from` in step. Gives the
/// revision's number, 1 for the one that opens. Whoever calls holds the co-op's lock.
pub fn append_revision(
    connection: &mut DbConnection,
    pledge_id: i64,
    terms: &[NewTerm],
    cause: &Cause<'_>,
) -> Result<i32, StoreError> {
    let revision = newest_revision(connection, pledge_id)? + 1;
    let rows: Vec<Row<'_>> = terms
        .iter()
        .map(|term| Row {
            pledge_id,
            revision,
            from_month: term.from_month,
            units: term.units,
            unit_price: term.unit_price,
            cause: cause.cause,
            application_id: cause.application_id,
            decision_id: cause.decision_id,
            reason: cause.reason,
            actor: cause.actor,
            recorded_at: cause.recorded_at,
        })
        .collect();
    on_backend!(connection, c => diesel::insert_into(pledge_terms::table)
        .values(&rows)
        .execute(c))?;
    let plan = of_pledge(connection, pledge_id)?;
    diesel::update(pledges::table.find(pledge_id))
        .set(pledges::ends_from.eq(ends_from(&plan)))
        .execute(connection)?;
    Ok(revision)
}

/// The number of a pledge's newest revision; 0 while it has none.
pub fn newest_revision(connection: &mut DbConnection, pledge_id: i64) -> Result<i32, StoreError> {
    let newest: Option<i32> = pledge_terms::table
        .filter(pledge_terms::pledge_id.eq(pledge_id))
        .select(max(pledge_terms::revision))
        .first(connection)?;
    Ok(newest.unwrap_or(0))
}

/// Every term of a pledge as it was stated, oldest revision first.
pub fn of_pledge(
    connection: &mut DbConnection,
    pledge_id: i64,
) -> Result<Vec<PledgeTerm>, StoreError> {
    Ok(pledge_terms::table
        .filter(pledge_terms::pledge_id.eq(pledge_id))
        .order((pledge_terms::revision, pledge_terms::from_month))
        .select(PledgeTerm::as_select())
        .load(connection)?)
}

/// The term of a pledge in force in a month (as 202508); none before its first.
pub fn in_force(
    connection: &mut DbConnection,
    pledge_id: i64,
    month: i32,
) -> Result<Option<PledgeTerm>, StoreError> {
    Ok(pledge_terms::table
        .filter(pledge_terms::pledge_id.eq(pledge_id))
        .filter(pledge_terms::from_month.le(month))
        .order((
            pledge_terms::revision.desc(),
            pledge_terms::from_month.desc(),
        ))
        .select(PledgeTerm::as_select())
        .first(connection)
        .optional()?)
}

/// The first month from which a plan is 0 for ever; none while a later month is above 0.
fn ends_from(plan: &[PledgeTerm]) -> Option<i32> {
    let in_force = |month: i32| {
        plan.iter()
            .filter(|term| term.from_month <= month)
            .max_by_key(|term| (term.revision, term.from_month))
            .map_or(0, |term| term.units)
    };
    let mut starts: Vec<i32> = plan.iter().map(|term| term.from_month).collect();
    starts.sort_unstable();
    starts.dedup();
    match starts.iter().rposition(|month| in_force(*month) > 0) {
        None => Some(NEVER_OPEN),
        Some(last_above_0) => starts.get(last_above_0 + 1).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(terms: &[(i32, i32, i64)]) -> Vec<PledgeTerm> {
        terms
            .iter()
            .map(|&(revision, from_month, units)| PledgeTerm {
                pledge_id: 1,
                revision,
                from_month,
                units,
                unit_price: 300,
                cause: "command".to_owned(),
                application_id: None,
                decision_id: None,
                reason: None,
                actor: None,
                recorded_at: None,
            })
            .collect()
    }

    #[test]
    fn a_pledge_ends_where_its_plan_stays_at_0() {
        for (terms, ends) in [
            (&[(1, 202508, 1)][..], None),
            (&[(1, 202508, 1), (2, 202512, 0)], Some(202512)),
            (&[(1, 202508, 1), (2, 202510, 0), (2, 202601, 1)], None),
            (
                &[(1, 202508, 1), (2, 202512, 0), (3, 202511, 0)],
                Some(202511),
            ),
            (&[(1, 202508, 1), (2, 202508, 0)], Some(NEVER_OPEN)),
            (
                &[
                    (1, 202508, 1),
                    (2, 202510, 0),
                    (2, 202601, 1),
                    (3, 202512, 0),
                ],
                Some(202510),
            ),
        ] {
            assert_eq!(ends_from(&plan(terms)), ends, "{terms:?}");
        }
    }
}

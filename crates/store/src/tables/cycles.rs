//! `cycles`: the ordering weeks (企画回).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::schema::{applications, cycles, offerings};
use crate::{DbConnection, StoreError};

/// The first of the days that no window lies on: files are refused with such dates.
const ASIDE: NaiveDate = match NaiveDate::from_ymd_opt(9000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// What a cycle says, without its id.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cycles, treat_none_as_null = true)]
pub struct CycleValues {
    /// Its label with its year.
    pub label: String,
    /// Its ISO week.
    pub iso_week: String,
    /// The first day of its window.
    pub opens_on: NaiveDate,
    /// The last day for paper, depots and the telephone.
    pub closes_on: NaiveDate,
    /// The last day for web orders, where there is another.
    pub web_closes_on: Option<NaiveDate>,
    /// The month it is collected in, as 202508.
    pub collection_month: i32,
}

/// A cycle.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = cycles)]
pub struct Cycle {
    /// Its id.
    pub id: i64,
    /// What it says.
    #[diesel(embed)]
    pub values: CycleValues,
}

/// All, by id.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Cycle>, StoreError> {
    page(connection, 0, i64::MAX)
}

/// At most `rows` of those after an id, by id.
pub fn page(
    connection: &mut DbConnection,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Cycle>, StoreError> {
    Ok(cycles::table
        .filter(cycles::id.gt(after_id))
        .order(cycles::id)
        .limit(rows)
        .select(Cycle::as_select())
        .load(connection)?)
}

/// The one of a label.
pub fn find_by_label(
    connection: &mut DbConnection,
    label: &str,
) -> Result<Option<Cycle>, StoreError> {
    Ok(cycles::table
        .filter(cycles::label.eq(label))
        .select(Cycle::as_select())
        .get_result(connection)
        .optional()?)
}

/// Those that are open on any day from one to another, the earliest first.
pub fn open_between(
    connection: &mut DbConnection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Cycle>, StoreError> {
    let ends_later = cycles::closes_on
        .ge(from)
        .nullable()
        .or(cycles::web_closes_on.ge(from));
    Ok(cycles::table
        .filter(cycles::opens_on.le(to).nullable().and(ends_later))
        .order((cycles::opens_on, cycles::id))
        .select(Cycle::as_select())
        .load(connection)?)
}

/// The last one that opens before a day and has offerings.
pub fn last_with_offerings(
    connection: &mut DbConnection,
    before: NaiveDate,
) -> Result<Option<Cycle>, StoreError> {
    Ok(cycles::table
        .filter(cycles::opens_on.lt(before))
        .filter(cycles::id.eq_any(offerings::table.select(offerings::cycle_id)))
        .order((cycles::opens_on.desc(), cycles::id.desc()))
        .select(Cycle::as_select())
        .first(connection)
        .optional()?)
}

/// Those of the cycles given that applications were received for.
pub fn with_applications(
    connection: &mut DbConnection,
    ids: &[i64],
) -> Result<Vec<i64>, StoreError> {
    Ok(applications::table
        .inner_join(offerings::table)
        .filter(offerings::cycle_id.eq_any(ids))
        .select(offerings::cycle_id)
        .distinct()
        .load(connection)?)
}

/// Adds one. A second one of the same label violates its uniqueness.
pub fn insert(connection: &mut DbConnection, added: &CycleValues) -> Result<(), StoreError> {
    diesel::insert_into(cycles::table)
        .values(added)
        .execute(connection)?;
    Ok(())
}

/// Sets the windows of some cycles aside, each on a day of its own that no window lies on, so that
/// they can be moved one after the other whatever their order: at every row the database minds that
/// the windows of one number stay apart (R1).
pub fn set_windows_aside(connection: &mut DbConnection, ids: &[i64]) -> Result<(), StoreError> {
    for (id, day) in ids.iter().zip(ASIDE.iter_days()) {
        diesel::update(cycles::table.find(id))
            .set((
                cycles::opens_on.eq(day),
                cycles::closes_on.eq(day),
                cycles::web_closes_on.eq(None::<NaiveDate>),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Makes one say something else.
pub fn update(
    connection: &mut DbConnection,
    id: i64,
    values: &CycleValues,
) -> Result<(), StoreError> {
    diesel::update(cycles::table.find(id))
        .set(values)
        .execute(connection)?;
    Ok(())
}

//! `applications`: one line of an order sheet, web order, depot form or phone call.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::schema::{applications, cooperatives, intakes, offerings};
use crate::{DbConnection, StoreError};

/// An application as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = applications)]
pub struct Application {
    /// Its number.
    pub id: i64,
    /// What it arrived in.
    pub intake_id: i64,
    /// Its line there.
    pub line_no: i64,
    /// The line's own name, where the file gave one.
    pub line_id: Option<String>,
    /// The co-op.
    pub coop_id: i64,
    /// The member number as written.
    pub member_number: String,
    /// The member of that number, when there is one.
    pub member_id: Option<i64>,
    /// The order number; none on a depot form of free text.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// Yen.
    pub amount: Option<i64>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: String,
    /// What else was written.
    pub note: Option<String>,
    /// What the order number means.
    pub offering_id: Option<i64>,
    /// When it is collected, as 202508.
    pub collection_month: Option<i32>,
    /// The first month it may be collected in, after it was moved to the next month.
    pub not_before: Option<i32>,
    /// The pledge that a member change could not simply carry over.
    pub carried_pledge_id: Option<i64>,
    /// `posted`, `held`, `mistake` or `voided`.
    pub state: String,
    /// The reasons to hold it, as a bit set; 0 unless held.
    pub reasons: i32,
}

/// The application with this number.
pub fn find(connection: &mut DbConnection, id: i64) -> Result<Option<Application>, StoreError> {
    Ok(applications::table
        .find(id)
        .select(Application::as_select())
        .get_result(connection)
        .optional()?)
}

/// Keeps what was decided about an application: its state and everything a person may correct.
pub fn update(connection: &mut DbConnection, line: &Application) -> Result<(), StoreError> {
    diesel::update(applications::table.find(line.id))
        .set((
            applications::member_number.eq(&line.member_number),
            applications::member_id.eq(line.member_id),
            applications::order_number.eq(&line.order_number),
            applications::units.eq(line.units),
            applications::amount.eq(line.amount),
            applications::offering_id.eq(line.offering_id),
            applications::collection_month.eq(line.collection_month),
            applications::not_before.eq(line.not_before),
            applications::state.eq(&line.state),
            applications::reasons.eq(line.reasons),
        ))
        .execute(connection)?;
    Ok(())
}

/// Which held applications are asked for; `None` asks for all.
#[derive(Debug, Clone, Copy, Default)]
pub struct HeldFilter {
    /// Of one co-op.
    pub coop_id: Option<i64>,
    /// For one month, as 202508.
    pub month: Option<i32>,
    /// Whose main reason, the lowest bit of the set, is this bit.
    pub main_reason_bit: Option<i32>,
    /// Of one intake.
    pub intake_id: Option<i64>,
}

/// A held application with the code of its co-op.
#[derive(Debug, Clone, QueryableByName)]
pub struct Held {
    /// The application's number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// What it arrived in.
    #[diesel(sql_type = BigInt)]
    pub intake_id: i64,
    /// Its line there.
    #[diesel(sql_type = BigInt)]
    pub line_no: i64,
    /// The co-op's code.
    #[diesel(sql_type = Text)]
    pub coop: String,
    /// The member number as written.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    #[diesel(sql_type = Nullable<Text>)]
    pub order_number: Option<String>,
    /// Units (口).
    #[diesel(sql_type = Nullable<BigInt>)]
    pub units: Option<i64>,
    /// Yen.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub amount: Option<i64>,
    /// The date of receipt.
    #[diesel(sql_type = Date)]
    pub received_on: NaiveDate,
    /// The way it came in.
    #[diesel(sql_type = Text)]
    pub channel: String,
    /// What else was written.
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// When it would be collected, as 202508; none while unknown.
    #[diesel(sql_type = Nullable<Integer>)]
    pub collection_month: Option<i32>,
    /// The reasons to hold it, as a bit set.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
}

/// At most `rows` held applications after the one with number `after_id`, in the order of their
/// numbers.
pub fn held_after(
    connection: &mut DbConnection,
    filter: &HeldFilter,
    after_id: i64,
    rows: i64,
) -> Result<Vec<Held>, StoreError> {
    // Each parameter may appear once only: a range that takes in everything stands for "all".
    const SQL: &str = "SELECT a.id, a.intake_id, a.line_no, c.code AS coop, a.member_number, \
           a.order_number, a.units, a.amount, a.received_on, a.channel, a.note, \
           a.collection_month, a.reasons \
         FROM applications a JOIN cooperatives c ON c.id = a.coop_id \
         WHERE a.state = 'held' AND a.id > $1 \
           AND a.coop_id BETWEEN $2 AND $3 \
           AND COALESCE(a.collection_month, 0) BETWEEN $4 AND $5 \
           AND (a.reasons & $6) = $7 \
           AND a.intake_id BETWEEN $8 AND $9 \
         ORDER BY a.id LIMIT $10";
    let (coop_min, coop_max) = range(filter.coop_id);
    let (month_min, month_max) = filter.month.map_or((0, i32::MAX), |month| (month, month));
    let bit = filter.main_reason_bit.unwrap_or(0);
    let up_to_bit = if bit == 0 { 0 } else { 2 * bit - 1 };
    let (intake_min, intake_max) = range(filter.intake_id);
    Ok(sql_query(SQL)
        .bind::<BigInt, _>(after_id)
        .bind::<BigInt, _>(coop_min)
        .bind::<BigInt, _>(coop_max)
        .bind::<Integer, _>(month_min)
        .bind::<Integer, _>(month_max)
        .bind::<Integer, _>(up_to_bit)
        .bind::<Integer, _>(bit)
        .bind::<BigInt, _>(intake_min)
        .bind::<BigInt, _>(intake_max)
        .bind::<BigInt, _>(rows)
        .load(connection)?)
}

/// The co-ops that have held applications of an intake, by id.
pub fn coops_with_held(
    connection: &mut DbConnection,
    intake_id: i64,
) -> Result<Vec<i64>, StoreError> {
    Ok(applications::table
        .filter(applications::intake_id.eq(intake_id))
        .filter(applications::state.eq("held"))
        .order(applications::coop_id)
        .select(applications::coop_id)
        .distinct()
        .load(connection)?)
}

/// Which of these members have held applications, and how many.
pub fn count_held_of_members(
    connection: &mut DbConnection,
    member_ids: &[i64],
) -> Result<Vec<(i64, i64)>, StoreError> {
    let found: Vec<(Option<i64>, i64)> = applications::table
        .filter(applications::member_id.eq_any(member_ids))
        .filter(applications::state.eq("held"))
        .group_by(applications::member_id)
        .order(applications::member_id)
        .select((applications::member_id, count_star()))
        .load(connection)?;
    Ok(found
        .into_iter()
        .filter_map(|(member_id, count)| Some((member_id?, count)))
        .collect())
}

fn range(id: Option<i64>) -> (i64, i64) {
    id.map_or((0, i64::MAX), |id| (id, id))
}

/// Where an application came from.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Origin {
    /// The co-op's code.
    pub coop: String,
    /// `file`, `sheet`, `request` or `member_changes`.
    pub kind: String,
    /// The name of the file.
    pub name: Option<String>,
    /// Who brought it in.
    pub actor: String,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
}

/// Where the application with this number came from.
pub fn origin(connection: &mut DbConnection, id: i64) -> Result<Origin, StoreError> {
    Ok(applications::table
        .inner_join(intakes::table)
        .inner_join(cooperatives::table)
        .filter(applications::id.eq(id))
        .select((
            cooperatives::code,
            intakes::kind,
            intakes::name,
            intakes::actor,
            intakes::recorded_at,
        ))
        .first(connection)?)
}

/// An application of a member in a cycle.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct AppliedInCycle {
    /// Its number.
    pub id: i64,
    /// What it is for.
    pub offering_id: i64,
    /// What the order sheet calls that.
    pub title: String,
    /// The order number.
    pub order_number: Option<String>,
    /// Units (口).
    pub units: Option<i64>,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    pub channel: String,
    /// `posted`, `held` or `mistake`.
    pub state: String,
}

/// At most `rows` applications of a member in these cycles, whatever became of them but voided,
/// newest first.
pub fn of_member_in_cycles(
    connection: &mut DbConnection,
    member_id: i64,
    cycle_ids: &[i64],
    rows: i64,
) -> Result<Vec<AppliedInCycle>, StoreError> {
    Ok(applications::table
        .inner_join(offerings::table)
        .filter(applications::member_id.eq(member_id))
        .filter(offerings::cycle_id.eq_any(cycle_ids))
        .filter(applications::state.ne("voided"))
        .order(applications::id.desc())
        .limit(rows)
        .select((
            applications::id,
            offerings::id,
            offerings::title,
            applications::order_number,
            applications::units,
            applications::received_on,
            applications::channel,
            applications::state,
        ))
        .load(connection)?)
}

/// A line of an intake that is held.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldLine {
    /// Its line.
    #[diesel(sql_type = BigInt)]
    pub line_no: i64,
    /// The reasons, as bits.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
}

/// The lines of an intake that are held, in order.
pub fn held_of_intake(
    connection: &mut DbConnection,
    intake_id: i64,
) -> Result<Vec<HeldLine>, StoreError> {
    // Through the index of what is held.
    Ok(sql_query(
        "SELECT line_no, reasons FROM applications
         WHERE state = 'held' AND intake_id = $1
         ORDER BY line_no",
    )
    .bind::<BigInt, _>(intake_id)
    .load(connection)?)
}

//! Posting: staged lines become applications, and the good ones pledges and gifts.
//!
//! Applications go in by member — on SQLite in long runs, as they were staged — and so does what
//! they open: the indexes by member fill up in order, those of the charges too when a month closes,
//! and a million lines cost little more each than a thousand.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer};

use super::classify::classified_sql;
use crate::schema::{applications, pledges};
use crate::{Backend, DbConnection, StoreError};

/// How many applications are held for these reasons.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct HeldCount {
    /// The reasons, as bits.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
    /// How many lines.
    #[diesel(sql_type = BigInt)]
    pub lines: i64,
}

/// The id of the newest application; 0 where there is none.
pub fn last_application_id(connection: &mut DbConnection) -> Result<i64, StoreError> {
    let newest: Option<i64> = applications::table
        .select(max(applications::id))
        .first(connection)?;
    Ok(newest.unwrap_or(0))
}

/// The first application of an intake after the one with number `after`, and its reasons, as bits.
pub fn application_after(
    connection: &mut DbConnection,
    intake_id: i64,
    after: i64,
) -> Result<(i64, i32), StoreError> {
    Ok(applications::table
        .filter(applications::id.gt(after))
        .filter(applications::intake_id.eq(intake_id))
        .order(applications::id)
        .select((applications::id, applications::reasons))
        .first(connection)?)
}

/// The pledge that an application has just opened: looked for from the newest on.
pub fn pledge_opened_by(
    connection: &mut DbConnection,
    application_id: i64,
) -> Result<Option<i64>, StoreError> {
    Ok(pledges::table
        .filter(pledges::application_id.eq(application_id))
        .order(pledges::id.desc())
        .select(pledges::id)
        .first(connection)
        .optional()?)
}

/// Classifies the staged lines of a round and makes them applications of an intake, posted where
/// they have no reason to be held, else held. Gives how many.
///
/// One statement, so that a million classified lines are not put down in between.
pub fn insert_applications(
    connection: &mut DbConnection,
    intake_id: i64,
    round: i32,
) -> Result<u64, StoreError> {
    let classified = classified_sql();
    // SQLite takes the lines as they were staged, front to back; PostgreSQL joins as it likes
    // unless told to sort.
    let by_member = match connection.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => "ORDER BY c.member_id, c.line_no",
    };
    let inserted = sql_query(format!(
        "INSERT INTO applications (intake_id, line_no, line_id, coop_id, member_number, member_id,
           order_number, units, amount, received_on, channel, note, offering_id, collection_month,
           not_before, state, reasons)
         SELECT $1, c.line_no, c.line_id, k.coop_id, c.member_number, c.member_id,
           k.order_number, k.units, k.amount, k.received_on, k.channel, c.note, k.offering_id,
           k.collection_month, k.not_before,
           CASE c.reasons WHEN 0 THEN 'posted' ELSE 'held' END, c.reasons
         FROM ({classified}) c
         CROSS JOIN staged_looks k
         WHERE k.id = c.look_id {by_member}"
    ))
    .bind::<BigInt, _>(intake_id)
    .bind::<Integer, _>(round)
    .execute(connection)?;
    Ok(inserted as u64)
}

/// How many applications of an intake are held, for which reasons.
pub fn count_held(
    connection: &mut DbConnection,
    intake_id: i64,
) -> Result<Vec<HeldCount>, StoreError> {
    // Through the index of what is held.
    Ok(sql_query(
        "SELECT reasons, COUNT(*) AS lines FROM applications
         WHERE state = 'held' AND intake_id = $1
         GROUP BY reasons ORDER BY reasons",
    )
    .bind::<BigInt, _>(intake_id)
    .load(connection)?)
}

/// Opens a pledge for each posted supporter application of an intake that came after
/// `after_application`, each with its first term (R8). Gives how many.
pub fn open_pledges(
    connection: &mut DbConnection,
    intake_id: i64,
    after_application: i64,
) -> Result<u64, StoreError> {
    let newest: Option<i64> = pledges::table.select(max(pledges::id)).first(connection)?;
    let opened = sql_query(
        "INSERT INTO pledges (coop_id, member_id, fund_id, application_id, offering_id,
           order_number, from_month)
         SELECT a.coop_id, a.member_id, o.fund_id, a.id, a.offering_id, a.order_number,
           a.collection_month
         FROM applications a
         JOIN offerings o ON o.id = a.offering_id
         WHERE a.id > $1 AND a.intake_id = $2 AND a.state = 'posted' AND o.kind = 'supporter'
         ORDER BY a.member_id, a.id",
    )
    .bind::<BigInt, _>(after_application)
    .bind::<BigInt, _>(intake_id)
    .execute(connection)?;
    if opened > 0 {
        sql_query(
            "INSERT INTO pledge_terms (pledge_id, revision, from_month, units, unit_price, cause,
               application_id)
             SELECT p.id, 1, p.from_month, a.units, o.unit_price, 'application', a.id
             FROM pledges p
             JOIN applications a ON a.id = p.application_id
             JOIN offerings o ON o.id = a.offering_id
             WHERE p.id > $1 AND a.intake_id = $2
             ORDER BY p.id",
        )
        .bind::<BigInt, _>(newest.unwrap_or(0))
        .bind::<BigInt, _>(intake_id)
        .execute(connection)?;
    }
    Ok(opened as u64)
}

/// Records a gift for each posted spot or campaign application of an intake that came after
/// `after_application`. Gives how many.
pub fn record_donations(
    connection: &mut DbConnection,
    intake_id: i64,
    after_application: i64,
) -> Result<u64, StoreError> {
    let recorded = sql_query(
        "INSERT INTO donations (application_id, coop_id, member_id, kind, fund_id, campaign_id,
           order_number, units, unit_price, collection_month, state)
         SELECT a.id, a.coop_id, a.member_id, o.kind, o.fund_id, o.campaign_id, a.order_number,
           a.units, o.unit_price, a.collection_month, 'live'
         FROM applications a
         JOIN offerings o ON o.id = a.offering_id
         WHERE a.id > $1 AND a.intake_id = $2 AND a.state = 'posted' AND o.kind <> 'supporter'
         ORDER BY a.id",
    )
    .bind::<BigInt, _>(after_application)
    .bind::<BigInt, _>(intake_id)
    .execute(connection)?;
    Ok(recorded as u64)
}

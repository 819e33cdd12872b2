//! Classifying: which staged lines have to be held, and why (R3). The one place that tells the
//! reasons which need other lines, members, pledges or closed months, for files, sheets, requests
//! and a fresh look alike.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};
use domain::HoldReason;

use super::staging::StagedLook;
use crate::{DbConnection, StoreError};

/// A line's member and every reason to hold it.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct ClassifiedLine {
    /// Its member, where the co-op has one of that number.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<i64>,
    /// The reasons to hold it, bit n-1 for the n-th of R3; 0 for a good line.
    #[diesel(sql_type = Integer)]
    pub reasons: i32,
}

/// Adds `month_already_closed` to the looks whose month their co-op has closed (R11: with a month
/// closes every month before it). Called once the co-ops are locked.
pub fn mark_closed_months(connection: &mut DbConnection) -> Result<(), StoreError> {
    let bit = HoldReason::MonthAlreadyClosed.bit();
    let is_closed = is_closed_sql("staged_looks");
    connection.batch_execute(&format!(
        "UPDATE staged_looks SET reasons = reasons | {bit} WHERE {is_closed}"
    ))?;
    Ok(())
}

fn is_closed_sql(look: &str) -> String {
    format!(
        "{look}.collection_month <= (SELECT MAX(c.month) FROM month_closings c
           WHERE c.coop_id = {look}.coop_id AND c.reopened_at IS NULL)"
    )
}

/// The staged lines of round $2, each with its look's id, its member and every reason to hold it:
///
/// - `unknown_member`: the co-op has no member of that number;
/// - `withdrawn_member`: the member left before the day until which the line needs one, or is
///   known to have moved to another number: what was pledged under this one is asked for there;
/// - `duplicate_application` (R5): another application of the member for the same offering came
///   before, in whatever state but voided, or came after and is posted;
/// - `already_supporter` (R4): the member has a pledge for the fund that is open in the collection
///   month or later, opened by anything but this very offering.
///
/// What earlier rounds posted counts.
pub(super) fn classified_sql() -> String {
    let reasons = reasons_sql();
    // CROSS JOIN keeps SQLite from turning the loops around, and a limit that nothing reaches both
    // databases from working out the reasons anew at each place that names them.
    format!(
        "SELECT s.line_no, s.look_id, m.id AS member_id, s.member_number, s.note, s.line_id,
           {reasons} AS reasons
         FROM staged_lines s
         CROSS JOIN staged_looks k
         LEFT JOIN members m ON m.coop_id = k.coop_id AND m.number = s.member_number
         WHERE s.round = $2 AND k.id = s.look_id
         LIMIT {}",
        i64::MAX
    )
}

/// The reasons of a look `k` and a member `m`, those included that the look has by itself.
fn reasons_sql() -> String {
    let unknown = HoldReason::UnknownMember.bit();
    let withdrawn = HoldReason::WithdrawnMember.bit();
    let duplicate = HoldReason::DuplicateApplication.bit();
    let supporter = HoldReason::AlreadySupporter.bit();
    format!(
        "k.reasons
           | CASE WHEN m.id IS NULL THEN {unknown} ELSE 0 END
           | CASE WHEN m.left_on < k.member_until OR m.moved_to IS NOT NULL THEN {withdrawn} ELSE 0 END
           | CASE WHEN k.offering_id IS NOT NULL AND EXISTS (
               SELECT 1 FROM applications a
               WHERE a.member_id = m.id AND a.offering_id = k.offering_id AND a.state <> 'voided'
                 AND (k.self_id IS NULL OR a.id < k.self_id
                   OR (a.id > k.self_id AND a.state = 'posted'))) THEN {duplicate} ELSE 0 END
           | CASE WHEN k.fund_id IS NOT NULL AND (EXISTS (
               SELECT 1 FROM pledges p
               WHERE p.member_id = m.id AND p.fund_id = k.fund_id AND p.ends_from IS NULL
                 AND (k.offering_id IS NULL OR p.offering_id IS NULL OR p.offering_id <> k.offering_id))
             OR EXISTS (
               SELECT 1 FROM pledges p
               WHERE p.member_id = m.id AND p.fund_id = k.fund_id AND p.ends_from > k.collection_month
                 AND (k.offering_id IS NULL OR p.offering_id IS NULL OR p.offering_id <> k.offering_id))) THEN {supporter} ELSE 0 END"
    )
}

/// Classifies one line by the same rules without staging it, closed months included; for a look
/// that must change nothing.
pub fn classify_one(
    connection: &mut DbConnection,
    look: &StagedLook<'_>,
    member_number: &str,
) -> Result<ClassifiedLine, StoreError> {
    let reasons = reasons_sql();
    let is_closed = is_closed_sql("k");
    let closed = HoldReason::MonthAlreadyClosed.bit();
    let sql = format!(
        "SELECT m.id AS member_id,
           {reasons} | CASE WHEN {is_closed} THEN {closed} ELSE 0 END AS reasons
         FROM (SELECT $1 AS member_number, $2 AS coop_id, $3 AS offering_id, $4 AS fund_id,
           $5 AS collection_month, $6 AS member_until, $7 AS self_id, $8 AS reasons) k
         LEFT JOIN members m ON m.coop_id = k.coop_id AND m.number = k.member_number"
    );
    Ok(sql_query(sql)
        .bind::<Text, _>(member_number)
        .bind::<BigInt, _>(look.coop_id)
        .bind::<Nullable<BigInt>, _>(look.offering_id)
        .bind::<Nullable<BigInt>, _>(look.fund_id)
        .bind::<Nullable<Integer>, _>(look.collection_month)
        .bind::<Date, _>(look.member_until)
        .bind::<Nullable<BigInt>, _>(look.self_id)
        .bind::<Integer, _>(look.reasons)
        .get_result(connection)?)
}

//! Finding what belongs to members.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::IDS_MAX;
use crate::schema::{
    applications, batches, charges, cooperatives, corrections, donations, held_results, members,
    pledges, settlements, sheet_lines, sheets,
};
use crate::tables::charges::Charge;
use crate::tables::members::MemberInCoop;
use crate::{DbConnection, StoreError};

/// Some rows of `members`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberRows {
    /// Their ids.
    pub ids: Vec<i64>,
    /// Co-op and number of each: what was written before the number was known bears only these.
    pub numbers: Vec<(i64, String)>,
}

impl MemberRows {
    /// The numbers by co-op.
    pub(super) fn by_coop(&self) -> Vec<(i64, Vec<&str>)> {
        let mut by_coop: Vec<(i64, Vec<&str>)> = Vec::new();
        for (coop_id, number) in &self.numbers {
            match by_coop.iter_mut().find(|(known, _)| known == coop_id) {
                Some((_, numbers)) => numbers.push(number),
                None => by_coop.push((*coop_id, vec![number])),
            }
        }
        by_coop
    }
}

/// The numbers of their applications, in order; those with a number that was nobody's then too.
pub fn application_ids(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    for ids in rows.ids.chunks(IDS_MAX) {
        let of_members: Vec<i64> = applications::table
            .filter(applications::member_id.eq_any(ids))
            .select(applications::id)
            .load(connection)?;
        found.extend(of_members);
    }
    for (coop_id, numbers) in rows.by_coop() {
        for numbers in numbers.chunks(IDS_MAX) {
            let of_numbers: Vec<i64> = applications::table
                .filter(applications::member_id.is_null())
                .filter(applications::coop_id.eq(coop_id))
                .filter(applications::member_number.eq_any(numbers))
                .select(applications::id)
                .load(connection)?;
            found.extend(of_numbers);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The numbers of their pledges, in order.
pub fn pledge_ids(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    for ids in rows.ids.chunks(IDS_MAX) {
        let of_members = || {
            pledges::table
                .filter(pledges::member_id.eq_any(ids))
                .select(pledges::id)
        };
        // Each of the two indexes answers one question.
        let open: Vec<i64> = of_members()
            .filter(pledges::ends_from.is_null())
            .load(connection)?;
        let ended: Vec<i64> = of_members()
            .filter(pledges::ends_from.is_not_null())
            .load(connection)?;
        found.extend(open);
        found.extend(ended);
    }
    found.sort_unstable();
    Ok(found)
}

/// Their charges, voided ones too, in the order of batches and of the file.
pub fn charges(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<Charge>, StoreError> {
    let mut found = Vec::new();
    for ids in pledge_ids(connection, rows)?.chunks(IDS_MAX) {
        let of_pledges: Vec<Charge> = charges::table
            .inner_join(batches::table)
            .filter(charges::pledge_id.eq_any(ids.iter().map(|id| Some(*id))))
            .select(Charge::as_select())
            .load(connection)?;
        found.extend(of_pledges);
    }
    for ids in donation_ids(connection, rows)?.chunks(IDS_MAX) {
        let of_gifts: Vec<Charge> = charges::table
            .inner_join(batches::table)
            .filter(charges::donation_id.eq_any(ids.iter().map(|id| Some(*id))))
            .select(Charge::as_select())
            .load(connection)?;
        found.extend(of_gifts);
    }
    found.sort_by_key(|charge| (charge.batch_id, charge.rank));
    Ok(found)
}

fn donation_ids(connection: &mut DbConnection, rows: &MemberRows) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    for ids in rows.ids.chunks(IDS_MAX) {
        // By their applications: these have an index by member, gifts have none.
        for state in ["donations.state = 'live'", "donations.state = 'cancelled'"] {
            let of_members: Vec<i64> = donations::table
                .inner_join(applications::table)
                .filter(applications::member_id.eq_any(ids.iter().map(|id| Some(*id))))
                .filter(sql::<Bool>(state))
                .select(donations::id)
                .load(connection)?;
            found.extend(of_members);
        }
    }
    Ok(found)
}

/// A charge in whose result something was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectedCharge {
    /// The correction.
    pub correction_id: i64,
    /// Its journal entry, where money moved.
    pub entry_id: Option<i64>,
    /// The charge.
    pub charge: Charge,
}

/// Those of their charges in whose results something was put right, once for each correction.
pub fn corrected_charges(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<CorrectedCharge>, StoreError> {
    let mut found = Vec::new();
    for ids in rows.ids.chunks(IDS_MAX) {
        let of_members: Vec<(i64, Option<i64>, Charge)> = corrections::table
            .inner_join(settlements::table)
            .inner_join(
                charges::table.on(charges::batch_id
                    .eq(settlements::batch_id)
                    .and(charges::rank.eq(settlements::rank))),
            )
            .inner_join(batches::table.on(batches::id.eq(charges::batch_id)))
            .filter(charges::member_id.eq_any(ids))
            .order(corrections::id)
            .select((corrections::id, corrections::entry_id, Charge::as_select()))
            .load(connection)?;
        found.extend(
            of_members
                .into_iter()
                .map(|(correction_id, entry_id, charge)| CorrectedCharge {
                    correction_id,
                    entry_id,
                    charge,
                }),
        );
    }
    Ok(found)
}

/// The numbers of the held lines of result files that name them or one of their charges, in order.
pub fn held_result_ids(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    for ids in rows.ids.chunks(IDS_MAX) {
        let by_charge: Vec<i64> = held_results::table
            .inner_join(
                charges::table.on(held_results::batch_id
                    .eq(charges::batch_id.nullable())
                    .and(held_results::rank.eq(charges::rank.nullable()))),
            )
            .filter(charges::member_id.eq_any(ids))
            .select(held_results::id)
            .load(connection)?;
        found.extend(by_charge);
    }
    for (coop_id, numbers) in rows.by_coop() {
        for numbers in numbers.chunks(IDS_MAX) {
            let by_number: Vec<i64> = held_results::table
                .filter(held_results::coop_id.eq(coop_id))
                .filter(held_results::member_number.eq_any(numbers.iter().map(|one| Some(*one))))
                .select(held_results::id)
                .load(connection)?;
            found.extend(by_number);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A line of a sheet, with its sheet's state.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sheet_lines)]
pub struct KeyedLine {
    /// The sheet.
    pub sheet_id: i64,
    /// `open`, `posted` or `discarded`.
    #[diesel(select_expression = sheets::state)]
    pub state: String,
    /// 1, or 2 for the second keying.
    pub keying: i32,
    /// The line there.
    pub line_no: i64,
    /// The member's number.
    pub member_number: String,
    /// The order number.
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

/// The lines of sheets with their numbers, in the order of sheets, keyings and lines.
pub fn keyed_lines(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<KeyedLine>, StoreError> {
    let mut found = Vec::new();
    for (coop_id, numbers) in rows.by_coop() {
        for numbers in numbers.chunks(IDS_MAX) {
            let of_coop: Vec<KeyedLine> = sheet_lines::table
                .inner_join(sheets::table)
                .filter(sheets::coop_id.eq(coop_id))
                .filter(sheet_lines::member_number.eq_any(numbers))
                .select(KeyedLine::as_select())
                .load(connection)?;
            found.extend(of_coop);
        }
    }
    found.sort_by_key(|line| (line.sheet_id, line.keying, line.line_no));
    Ok(found)
}

/// The numbers of their applications that are held, in order.
pub fn held_application_ids(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Vec<i64>, StoreError> {
    let mut found = Vec::new();
    for (coop_id, numbers) in rows.by_coop() {
        for numbers in numbers.chunks(IDS_MAX) {
            let of_coop: Vec<i64> = applications::table
                .filter(applications::coop_id.eq(coop_id))
                // A literal, or SQLite does not see that the partial index answers this.
                .filter(sql::<Bool>("applications.state = 'held'"))
                .filter(applications::member_number.eq_any(numbers))
                .select(applications::id)
                .load(connection)?;
            found.extend(of_coop);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The first open sheet with one of their numbers on it.
pub fn open_sheet_with(
    connection: &mut DbConnection,
    rows: &MemberRows,
) -> Result<Option<i64>, StoreError> {
    for (coop_id, numbers) in rows.by_coop() {
        for numbers in numbers.chunks(IDS_MAX) {
            let sheet: Option<i64> = sheets::table
                .inner_join(sheet_lines::table)
                .filter(sheets::coop_id.eq(coop_id))
                .filter(sheets::state.eq("open"))
                .filter(sheet_lines::member_number.eq_any(numbers))
                .order(sheets::id)
                .select(sheets::id)
                .first(connection)
                .optional()?;
            if sheet.is_some() {
                return Ok(sheet);
            }
        }
    }
    Ok(None)
}

/// At most `rows` members after an id who left before a day, have not moved on, and have not been
/// erased since; by id.
pub fn left_before(
    connection: &mut DbConnection,
    day: NaiveDate,
    after_id: i64,
    rows: i64,
) -> Result<Vec<MemberInCoop>, StoreError> {
    Ok(members::table
        .inner_join(cooperatives::table)
        .filter(members::id.gt(after_id))
        .filter(members::left_on.lt(day))
        .filter(members::moved_to.is_null())
        .filter(members::erased_at.is_null())
        .order(members::id)
        .limit(rows)
        .select(MemberInCoop::as_select())
        .load(connection)?)
}

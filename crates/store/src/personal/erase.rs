//! Erasing names and free text. Numbers, amounts and digests stay.
//!
//! A text that has to be there is replaced by [`ERASED`], so that it shows that there was one.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::found::{self, MemberRows};
use super::{ERASED, IDS_MAX};
use crate::schema::{
    applications, audit_events, corrections, decisions, held_results, members, pledge_terms,
    sheet_lines,
};
use crate::{DbConnection, StoreError};

/// On SQLite, has what is overwritten from here on filled with zeros in the file, so that no byte
/// of it stays in a page that is free now. PostgreSQL does as much when it vacuums.
pub fn overwrite(connection: &mut DbConnection, is_on: bool) -> Result<(), StoreError> {
    if let DbConnection::Sqlite(sqlite) = connection {
        let word = if is_on { "ON" } else { "OFF" };
        sqlite.batch_execute(&format!("PRAGMA secure_delete = {word}"))?;
    }
    Ok(())
}

/// Erases name, kana and way of delivery, and marks the rows so that no file brings them back.
/// Gives how many had any of them.
pub fn members(
    connection: &mut DbConnection,
    rows: &MemberRows,
    at: NaiveDateTime,
) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in rows.ids.chunks(IDS_MAX) {
        let some = || members::table.filter(members::id.eq_any(ids));
        let had: i64 = some()
            .filter(
                members::name
                    .is_not_null()
                    .or(members::kana.is_not_null())
                    .or(members::delivery.is_not_null()),
            )
            .count()
            .get_result(connection)?;
        erased += had.unsigned_abs();
        diesel::update(some())
            .set((
                members::name.eq(None::<String>),
                members::kana.eq(None::<String>),
                members::delivery.eq(None::<String>),
                members::erased_at.eq(at),
            ))
            .execute(connection)?;
    }
    Ok(erased)
}

/// Erases the notes (備考) of applications. Gives how many.
pub fn notes(connection: &mut DbConnection, application_ids: &[i64]) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in application_ids.chunks(IDS_MAX) {
        let noted = applications::table
            .filter(applications::id.eq_any(ids))
            .filter(applications::note.is_not_null());
        erased += diesel::update(noted)
            .set(applications::note.eq(None::<String>))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

/// Erases the reasons of decisions about applications, and of their undoing. Gives how many.
pub fn decisions(
    connection: &mut DbConnection,
    application_ids: &[i64],
) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in application_ids.chunks(IDS_MAX) {
        let some = || decisions::table.filter(decisions::application_id.eq_any(ids));
        erased += diesel::update(some().filter(decisions::reason.ne(ERASED)))
            .set(decisions::reason.eq(ERASED))
            .execute(connection)?;
        erased += diesel::update(some().filter(decisions::undo_reason.ne(ERASED)))
            .set(decisions::undo_reason.eq(ERASED))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

/// Erases the reasons of changes of pledges. Gives how many terms had one.
pub fn pledge_reasons(
    connection: &mut DbConnection,
    pledge_ids: &[i64],
) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in pledge_ids.chunks(IDS_MAX) {
        let reasoned = pledge_terms::table
            .filter(pledge_terms::pledge_id.eq_any(ids))
            .filter(pledge_terms::reason.ne(ERASED));
        erased += diesel::update(reasoned)
            .set(pledge_terms::reason.eq(ERASED))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

/// Erases the reasons of corrections by their numbers. Gives how many.
pub fn corrections(connection: &mut DbConnection, ids: &[i64]) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in ids.chunks(IDS_MAX) {
        let some = corrections::table
            .filter(corrections::id.eq_any(ids))
            .filter(corrections::reason.ne(ERASED));
        erased += diesel::update(some)
            .set(corrections::reason.eq(ERASED))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

/// Erases the reasons of decisions about held lines of result files. Gives how many.
pub fn held_results(connection: &mut DbConnection, ids: &[i64]) -> Result<u64, StoreError> {
    let mut erased = 0;
    for ids in ids.chunks(IDS_MAX) {
        let some = held_results::table
            .filter(held_results::id.eq_any(ids))
            .filter(held_results::decision_reason.ne(ERASED));
        erased += diesel::update(some)
            .set(held_results::decision_reason.eq(ERASED))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

/// Erases the notes of keyed lines with their numbers. Gives how many.
pub fn keyed_notes(connection: &mut DbConnection, rows: &MemberRows) -> Result<u64, StoreError> {
    let mut erased = 0;
    for line in found::keyed_lines(connection, rows)? {
        if line.note.is_some() {
            let key = (line.sheet_id, line.keying, line.line_no);
            erased += diesel::update(sheet_lines::table.find(key))
                .set(sheet_lines::note.eq(None::<String>))
                .execute(connection)?;
        }
    }
    Ok(erased as u64)
}

/// Erases the copies of audit events about these subjects where they hold a person's own words: a
/// reason. Other copies are of numbers and amounts. Gives how many.
pub fn audit_copies(connection: &mut DbConnection, subjects: &[String]) -> Result<u64, StoreError> {
    let mut erased = 0;
    for subjects in subjects.chunks(IDS_MAX) {
        let some = audit_events::table
            .filter(audit_events::subject.eq_any(subjects))
            .filter(audit_events::reason.is_not_null());
        erased += diesel::update(some)
            .set((
                audit_events::salt.eq(None::<String>),
                audit_events::before.eq(None::<String>),
                audit_events::after.eq(None::<String>),
                audit_events::reason.eq(None::<String>),
            ))
            .execute(connection)?;
    }
    Ok(erased as u64)
}

//! What was kept for a while and is of no use any more.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{
    applications, jobs, one_time_links, sessions, sheet_lines, sheets, sign_in_failures,
};
use crate::{DbConnection, StoreError};

/// Erases the notes (備考) of applications received before a day about which nobody has to decide
/// any more. Gives how many.
pub fn erase_notes(connection: &mut DbConnection, before: NaiveDate) -> Result<u64, StoreError> {
    let some = applications::table
        .filter(applications::note.is_not_null())
        .filter(applications::received_on.lt(before))
        .filter(applications::state.ne("held"));
    let erased = diesel::update(some)
        .set(applications::note.eq(None::<String>))
        .execute(connection)?;
    Ok(erased as u64)
}

/// Erases the notes of lines on sheets received before a day that are not open any more. Gives how
/// many.
pub fn erase_keyed_notes(
    connection: &mut DbConnection,
    before: NaiveDate,
) -> Result<u64, StoreError> {
    let finished = sheets::table
        .filter(sheets::received_on.lt(before))
        .filter(sheets::state.ne("open"))
        .select(sheets::id);
    let some = sheet_lines::table
        .filter(sheet_lines::note.is_not_null())
        .filter(sheet_lines::sheet_id.eq_any(finished));
    let erased = diesel::update(some)
        .set(sheet_lines::note.eq(None::<String>))
        .execute(connection)?;
    Ok(erased as u64)
}

/// Deletes what was noted of imports over REST that ended before a moment, UTC: the bad lines of
/// refused files among it. Gives how many.
pub fn delete_import_jobs(
    connection: &mut DbConnection,
    before: NaiveDateTime,
) -> Result<u64, StoreError> {
    let ended = jobs::table.filter(jobs::ended_at.lt(before));
    Ok(diesel::delete(ended).execute(connection)? as u64)
}

/// Deletes sessions that were over before a moment, UTC, with their addresses; links that had ended
/// by then; and wrong tries before it. Gives how many.
pub fn delete_sign_in_traces(
    connection: &mut DbConnection,
    before: NaiveDateTime,
) -> Result<u64, StoreError> {
    let over = sessions::table.filter(sessions::expires_at.lt(before));
    let mut deleted = diesel::delete(over).execute(connection)?;
    let ended = sessions::table.filter(sessions::ended_at.lt(before));
    deleted += diesel::delete(ended).execute(connection)?;
    let ended = one_time_links::table.filter(one_time_links::ended_at.lt(before));
    deleted += diesel::delete(ended).execute(connection)?;
    let tried = sign_in_failures::table.filter(sign_in_failures::last_failed_at.lt(before));
    deleted += diesel::delete(tried).execute(connection)?;
    Ok(deleted as u64)
}

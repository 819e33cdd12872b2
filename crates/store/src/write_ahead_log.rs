//! The write-ahead log of a SQLite database.

use diesel::connection::SimpleConnection;
use diesel::{QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use crate::StoreError;
use crate::sqlite_file::BUSY_TIMEOUT_MS;

/// How long the emptying of the log waits for those who still read it, in milliseconds.
const EMPTYING_TIMEOUT_MS: u32 = 2_000;

/// What became of the write-ahead log.
pub(crate) enum LogIs {
    /// Nothing is left in it.
    Empty,
    /// Others read it, or write.
    InUse,
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = sql_types::BigInt)]
    busy: i64,
}

/// Brings all that is committed into the database itself, and cuts the log to nothing. An error says
/// that the disk still refuses.
pub(crate) fn empty_log(connection: &mut SqliteConnection) -> Result<LogIs, StoreError> {
    connection.batch_execute(&format!("PRAGMA busy_timeout = {EMPTYING_TIMEOUT_MS}"))?;
    let checkpoint =
        sql_query("PRAGMA wal_checkpoint(truncate)").get_result::<Checkpoint>(connection);
    connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"))?;
    Ok(match checkpoint?.busy {
        0 => LogIs::Empty,
        _ => LogIs::InUse,
    })
}

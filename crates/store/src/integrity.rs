//! Whether the database file itself is sound, beneath everything it holds.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use crate::{DbConnection, StoreError};

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// What SQLite finds wrong with its own pages and indexes; nothing in a sound database. PostgreSQL has
/// no such question for everybody, and looks after itself.
pub fn faults(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    let DbConnection::Sqlite(connection) = connection else {
        return Ok(Vec::new());
    };
    let findings = sql_query("PRAGMA integrity_check").load::<Finding>(connection)?;
    let findings = findings.into_iter().map(|row| row.integrity_check);
    Ok(findings.filter(|finding| finding != "ok").collect())
}

//! Migrations: embedded, run by themselves, each in a transaction.

use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{DbConnection, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Brings the schema up to this program's. Gives the versions applied now, none when it was up to
/// date. Refuses a database that knows migrations this program does not.
pub(crate) fn migrate(connection: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    match connection {
        DbConnection::Sqlite(c) => run(c, SQLITE),
        DbConnection::Postgres(c) => {
            // Two services starting at once: the second waits, then finds nothing to do.
            use diesel::RunQueryDsl;
            diesel::sql_query("SELECT pg_advisory_lock(4842)").execute(c)?;
            let done = run(c, POSTGRES);
            diesel::sql_query("SELECT pg_advisory_unlock(4842)").execute(c)?;
            done
        }
    }
}

/// Whether migrations are waiting.
pub(crate) fn is_current(connection: &mut DbConnection) -> Result<bool, StoreError> {
    let pending = match connection {
        DbConnection::Sqlite(c) => c.has_pending_migration(SQLITE),
        DbConnection::Postgres(c) => c.has_pending_migration(POSTGRES),
    };
    pending
        .map(|p| !p)
        .map_err(|e| StoreError::Migration(e.to_string()))
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// Whether this program has ever migrated the database. Changes nothing.
pub(crate) fn is_ours(connection: &mut DbConnection) -> Result<bool, StoreError> {
    let sql = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_master
               WHERE name = '__diesel_schema_migrations') AS found"
        }
        DbConnection::Postgres(_) => {
            "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS found"
        }
    };
    use diesel::RunQueryDsl;
    let answer: Found = diesel::sql_query(sql).get_result(connection)?;
    Ok(answer.found)
}

fn run<DB, C>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, StoreError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| StoreError::Migration(e.to_string());
    let known: Vec<String> = MigrationSource::<DB>::migrations(&source)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = connection.applied_migrations().map_err(failed)?;
    if let Some(newer) = applied
        .iter()
        .map(ToString::to_string)
        .find(|v| !known.contains(v))
    {
        return Err(StoreError::Newer(newer));
    }
    let versions = connection.run_pending_migrations(source).map_err(failed)?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

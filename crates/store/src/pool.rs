//! Pools of connections of either kind.

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, R2D2Connection};
use diesel::{Connection, PgConnection};

use crate::sqlite_file::{Role, SqliteFile};
use crate::{DbConnection, StoreError};

/// Where the connections of a pool come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Sqlite(SqliteFile),
    Postgres { url: String },
}

impl Source {
    pub(crate) fn connect(&self, role: Role) -> Result<DbConnection, StoreError> {
        let mut connection = self.connect_bare(role)?;
        // SQLite's readers may write nothing, not even for themselves.
        let is_reader = matches!(self, Self::Sqlite(_)) && role == Role::Reader;
        if !is_reader {
            crate::intake::create_tables(&mut connection)?;
        }
        Ok(connection)
    }

    fn connect_bare(&self, role: Role) -> Result<DbConnection, StoreError> {
        match self {
            Self::Sqlite(file) => Ok(DbConnection::Sqlite(file.connect(role)?)),
            Self::Postgres { url } => {
                let mut connection = PgConnection::establish(url)?;
                connection.batch_execute(
                    "SET timezone TO 'UTC'; SET synchronous_commit TO on;
                     SET client_min_messages TO warning; SET lock_timeout TO '30s';
                     SET temp_buffers TO '64MB'; SET jit TO off",
                )?;
                Ok(DbConnection::Postgres(connection))
            }
        }
    }
}

/// A connection, or why there is none.
///
/// The pool itself would try for its whole 30 s again what failed, and then speak of the time it
/// took. That is right for a server that is starting or full, and wrong for a file: what is the
/// matter with it does not pass by waiting, so it is handed to the caller as it is.
pub(crate) struct Attempt(Result<DbConnection, StoreError>);

/// The connection of an attempt, or why there is none.
pub(crate) fn opened(attempt: &mut Attempt) -> Result<&mut DbConnection, StoreError> {
    match &mut attempt.0 {
        Ok(connection) => Ok(connection),
        Err(error) => Err(std::mem::replace(error, StoreError::Busy)),
    }
}

/// Makes the connections of a pool.
#[derive(Debug)]
pub(crate) struct Manager {
    source: Source,
}

impl ManageConnection for Manager {
    type Connection = Attempt;
    type Error = StoreError;

    fn connect(&self) -> Result<Attempt, StoreError> {
        match (&self.source, self.source.connect(Role::Reader)) {
            (Source::Postgres { .. }, Err(error)) => Err(error),
            (Source::Sqlite(_), Err(StoreError::Busy)) => Err(StoreError::Busy),
            (_, attempt) => Ok(Attempt(attempt)),
        }
    }

    fn is_valid(&self, attempt: &mut Attempt) -> Result<(), StoreError> {
        match &mut attempt.0 {
            Ok(connection) => {
                crate::on_backend!(connection, c => c.ping().map_err(StoreError::from))
            }
            Err(_) => Ok(()),
        }
    }

    fn has_broken(&self, attempt: &mut Attempt) -> bool {
        match &mut attempt.0 {
            Ok(connection) => crate::on_backend!(connection, c => {
                R2D2Connection::is_broken(c) || is_in_transaction(c)
            }),
            Err(_) => true,
        }
    }
}

fn is_in_transaction<C: Connection>(connection: &mut C) -> bool {
    let status = C::TransactionManager::transaction_manager_status_mut(connection);
    !matches!(status.transaction_depth(), Ok(None))
}

/// A pool of at most `connections_max` connections, opened as they are needed.
pub(crate) fn pool(source: Source, connections_max: u32) -> Result<Pool<Manager>, StoreError> {
    Ok(Pool::builder()
        .max_size(connections_max)
        .min_idle(Some(0))
        .connection_timeout(std::time::Duration::from_secs(30))
        .build(Manager { source })?)
}

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

/// Makes the connections of a pool.
#[derive(Debug)]
pub(crate) struct Manager {
    pub(crate) source: Source,
}

impl ManageConnection for Manager {
    type Connection = DbConnection;
    type Error = StoreError;

    fn connect(&self) -> Result<DbConnection, StoreError> {
        self.source.connect(Role::Reader)
    }

    fn is_valid(&self, connection: &mut DbConnection) -> Result<(), StoreError> {
        crate::on_backend!(connection, c => c.ping().map_err(StoreError::from))
    }

    fn has_broken(&self, connection: &mut DbConnection) -> bool {
        crate::on_backend!(connection, c => {
            R2D2Connection::is_broken(c) || is_in_transaction(c)
        })
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

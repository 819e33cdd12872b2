//! Opening a database and running transactions on it.

use std::path::Path;
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::r2d2::Pool;
use diesel::{Connection, RunQueryDsl};

use crate::pool::{Manager, Source, opened, pool};
use crate::sqlite_file::{Role, SqliteFile};
use crate::write::SqliteWriter;
use crate::{Backend, DbConnection, StoreError, migrate};

/// Connections a process keeps at most, for reading on SQLite, for everything on PostgreSQL.
const CONNECTIONS_MAX: u32 = 16;

/// What opening may do to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Make it where there is none, and bring its schema up to date.
    Migrate,
    /// It must be there; its schema is brought up to date.
    MustExist,
}

/// A database, opened. Cheap to clone; shared between threads.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    readers: Pool<Manager>,
    writer: Option<Arc<SqliteWriter>>,
}

impl Store {
    /// Opens `sqlite://path`, or `postgres://…`, and brings its schema up to date.
    ///
    /// Refuses: a file that was there before and is gone or empty now, settings that would lose
    /// what they acknowledge, a schema newer than the program; with [`OpenMode::MustExist`], and
    /// leaving nothing behind, a place where there is no database of this program.
    pub fn open(url: &str, mode: OpenMode) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            let file = SqliteFile::new(path);
            file.check_not_vanished()?;
            if !file.exists()? {
                if mode == OpenMode::MustExist {
                    return Err(StoreError::Missing(file.place()));
                }
                file.create_folder()?;
            } else if mode == OpenMode::MustExist && !file.is_ours()? {
                return Err(StoreError::NotOurs(file.place()));
            }
            let source = Source::Sqlite(file.clone());
            let mut connection = source.connect(Role::Writer)?;
            migrate::migrate(&mut connection)?;
            file.leave_marker()?;
            return Ok(Self {
                backend: Backend::Sqlite,
                readers: pool(source, CONNECTIONS_MAX)?,
                writer: Some(Arc::new(SqliteWriter::new(connection))),
            });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let source = Source::Postgres {
                url: url.to_owned(),
            };
            let mut connection = source.connect(Role::Writer)?;
            if mode == OpenMode::MustExist && !migrate::is_ours(&mut connection)? {
                return Err(StoreError::NotOurs(without_password(url).to_owned()));
            }
            migrate::migrate(&mut connection)?;
            let readers = pool(source, CONNECTIONS_MAX)?;
            return Ok(Self {
                backend: Backend::Postgres,
                readers,
                writer: None,
            });
        }
        Err(StoreError::Url(without_password(url).to_owned()))
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Copies a SQLite database into the file at `to`, which is empty or not there yet: as it is at one
    /// moment, while others write. What is there when this returns need not be on the disk yet.
    pub fn copy_into(&self, to: &Path) -> Result<(), StoreError> {
        let mut connection = self.readers.get()?;
        let DbConnection::Sqlite(sqlite) = opened(&mut connection)? else {
            return Err(StoreError::Other("not a SQLite database".to_owned()));
        };
        // The connection reads only, and takes writing the copy for writing.
        sqlite.batch_execute("PRAGMA query_only = off")?;
        let copied = diesel::sql_query("VACUUM INTO $1")
            .bind::<diesel::sql_types::Text, _>(to.to_string_lossy())
            .execute(sqlite);
        sqlite.batch_execute("PRAGMA query_only = on")?;
        copied?;
        Ok(())
    }

    /// Whether the database answers and its schema is this program's.
    pub fn is_ready(&self) -> Result<bool, StoreError> {
        let mut attempt = self.readers.get()?;
        migrate::is_current(opened(&mut attempt)?)
    }

    /// Runs `f` in one read transaction: everything it sees is of one moment.
    pub fn read<T, E>(&self, f: impl FnOnce(&mut DbConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut attempt = self.readers.get().map_err(StoreError::from)?;
        transaction(opened(&mut attempt)?, |c| {
            if c.backend() == Backend::Postgres {
                c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .map_err(StoreError::from)?;
            }
            f(c)
        })
    }

    /// Runs `f` in one write transaction, committed when it gives `Ok`, undone when it gives
    /// `Err`. When this returns `Ok`, what was written is on the disk.
    ///
    /// On SQLite, callers that wait for one another share a commit: each runs in a savepoint of
    /// its own, and all return once the one commit has reached the disk.
    pub fn write<T, E>(&self, f: impl FnOnce(&mut DbConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        match &self.writer {
            Some(writer) => writer.write(f),
            None => {
                let mut attempt = self.readers.get().map_err(StoreError::from)?;
                transaction(opened(&mut attempt)?, f)
            }
        }
    }
}

impl Store {
    /// Runs `f` as [`write`](Self::write) does, but only where that keeps nobody waiting: on SQLite,
    /// not while others write. Says whether it ran.
    pub fn write_if_free<E>(
        &self,
        f: impl FnOnce(&mut DbConnection) -> Result<(), E>,
    ) -> Result<bool, E>
    where
        E: From<StoreError>,
    {
        match &self.writer {
            Some(writer) => Ok(writer.write_if_free(f)?.is_some()),
            None => self.write(f).map(|()| true),
        }
    }
}

/// What may be shown of a URL: who signs in, and with what, stands before the last `@` and after `?`.
fn without_password(url: &str) -> &str {
    let place = url.rsplit('@').next().unwrap_or_default();
    place.split('?').next().unwrap_or_default()
}

/// An error that keeps `E` apart from Diesel's own of begin and commit.
enum InTransaction<E> {
    Own(E),
    Diesel(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for InTransaction<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Diesel(error)
    }
}

/// Runs `f` in a savepoint of the open transaction: an `Err` undoes what `f` did and no more.
pub fn savepoint<T, E: From<StoreError>>(
    connection: &mut DbConnection,
    f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E> {
    transaction(connection, f)
}

/// Runs `f` in a transaction, or in a savepoint where one is open already.
pub(crate) fn transaction<T, E: From<StoreError>>(
    connection: &mut DbConnection,
    f: impl FnOnce(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E> {
    connection
        .transaction(|c| f(c).map_err(InTransaction::Own))
        .map_err(|error| match error {
            InTransaction::Own(error) => error,
            InTransaction::Diesel(error) => StoreError::from(error).into(),
        })
}

//! Fresh, empty databases of every kind the program runs on, and stories told on each of them.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::postgres::{Collation, PostgresServer};

const SQLITE_FILE: &str = "hitokuchi.db";

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// SQLite, compiled in.
    Sqlite,
    /// PostgreSQL, its text in byte order.
    Postgres,
    /// PostgreSQL, its text in the order of a Japanese dictionary (ICU).
    PostgresJapanese,
}

/// A database of its own for one test: empty when made, gone when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    kind: DatabaseKind,
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server {
        server: &'static PostgresServer,
        name: String,
    },
}

impl TestDatabase {
    /// A SQLite database. Its file is not there yet: opening makes it.
    pub fn sqlite() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("hitokuchi-sqlite-")
            .tempdir()
            .expect("a temporary folder for SQLite");
        Self::sqlite_in(folder)
    }

    /// A PostgreSQL database, or `None` where the test is skipped ([`PostgresServer::shared`]).
    pub fn postgres() -> Option<Self> {
        Self::on_shared_server(DatabaseKind::Postgres, Collation::Bytes)
    }

    /// A PostgreSQL database that sorts as a Japanese dictionary does, or `None` where the test is
    /// skipped ([`PostgresServer::shared`]).
    pub fn postgres_japanese() -> Option<Self> {
        Self::on_shared_server(DatabaseKind::PostgresJapanese, Collation::Japanese)
    }

    /// Another database with the same content. Nobody may be connected to this one meanwhile.
    pub fn copy(&self) -> Self {
        match &self.place {
            Place::Folder(original) => {
                let copy = Self::sqlite();
                for entry in fs::read_dir(original)
                    .expect("list the SQLite folder")
                    .flatten()
                {
                    let to = copy
                        .folder()
                        .expect("a SQLite copy")
                        .join(entry.file_name());
                    fs::copy(entry.path(), to).expect("copy a file of the SQLite database");
                }
                copy
            }
            Place::Server {
                server,
                name: original,
            } => {
                let name = fresh_name();
                let url = server.copy_database(original, &name);
                Self {
                    kind: self.kind,
                    url,
                    place: Place::Server { server, name },
                }
            }
        }
    }

    /// Waits until the database's server has done with everybody who was connected, killed processes
    /// among them. On SQLite there is nobody to wait for.
    pub fn wait_until_nobody_is_connected(&self) {
        if let Place::Server { server, name } = &self.place {
            server.wait_until_nobody_is_connected(name);
        }
    }

    /// What `--database-url` takes: `sqlite:///tmp/…/hitokuchi.db` or `postgres://…`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which kind this is.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// The folder of a SQLite database, with the database file and its write-ahead log and nothing
    /// else in it.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path()),
            Place::Server { .. } => None,
        }
    }

    fn sqlite_in(folder: TempDir) -> Self {
        let url = format!("sqlite://{}", folder.path().join(SQLITE_FILE).display());
        Self {
            kind: DatabaseKind::Sqlite,
            url,
            place: Place::Folder(folder),
        }
    }

    fn on_shared_server(kind: DatabaseKind, collation: Collation) -> Option<Self> {
        let server = PostgresServer::shared()?;
        let name = fresh_name();
        let url = server.create_database(&name, collation);
        Some(Self {
            kind,
            url,
            place: Place::Server { server, name },
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { server, name } = &self.place {
            // What is not dropped here goes with its server.
            let _ = server.drop_database(name);
        }
    }
}

fn fresh_name() -> String {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    format!("story_{}", MADE.fetch_add(1, Ordering::Relaxed))
}

/// Tells each story on SQLite and on PostgreSQL, as tests of their own.
///
/// A story is a function of the same module that takes one value made from a [`TestDatabase`]: the
/// database itself, or anything that is `From<TestDatabase>`.
///
/// ```text
/// use testkit::{TestDatabase, on_both};
///
/// on_both!(a_new_database_has_an_address);
///
/// fn a_new_database_has_an_address(database: TestDatabase) {
///     assert!(database.url().contains("://"));
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[test]
            fn on_sqlite() {
                super::$story($crate::TestDatabase::sqlite().into());
            }

            #[test]
            fn on_postgres() {
                if let Some(database) = $crate::TestDatabase::postgres() {
                    super::$story(database.into());
                }
            }
        }
    )+};
}

/// Tells each story as [`on_both!`] does, and once more on a PostgreSQL database that sorts as a
/// Japanese dictionary does. For stories in which order or equality of text plays a part.
#[macro_export]
macro_rules! on_every_database {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            #[test]
            fn on_sqlite() {
                super::$story($crate::TestDatabase::sqlite().into());
            }

            #[test]
            fn on_postgres() {
                if let Some(database) = $crate::TestDatabase::postgres() {
                    super::$story(database.into());
                }
            }

            #[test]
            fn on_postgres_in_japanese_order() {
                if let Some(database) = $crate::TestDatabase::postgres_japanese() {
                    super::$story(database.into());
                }
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::*;

    on_every_database!(a_database_is_copied_under_an_address_of_its_own);

    fn a_database_is_copied_under_an_address_of_its_own(database: TestDatabase) {
        if let Some(folder) = database.folder() {
            fs::write(folder.join(SQLITE_FILE), "content").expect("write a database file");
        }

        let copy = database.copy();

        assert_eq!(copy.kind(), database.kind());
        assert_ne!(copy.url(), database.url());
        if let Some(folder) = copy.folder() {
            let content = fs::read_to_string(folder.join(SQLITE_FILE)).expect("read the copy");
            assert_eq!(content, "content");
        }
    }

    #[test]
    fn the_folder_of_a_sqlite_database_goes_with_it() {
        let database = TestDatabase::sqlite();
        let folder = database.folder().expect("a folder").to_path_buf();
        assert_eq!(
            database.url(),
            format!("sqlite://{}/hitokuchi.db", folder.display())
        );
        assert!(folder.is_dir());

        drop(database);

        assert!(!folder.exists());
    }
}

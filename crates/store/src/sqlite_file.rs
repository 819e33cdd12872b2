//! The SQLite file itself: where it is, whether one was there before, and the settings without
//! which an acknowledged write could be lost.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use crate::{DbConnection, StoreError, migrate};

/// How long a writer waits for another process's transaction, in milliseconds.
pub(crate) const BUSY_TIMEOUT_MS: u32 = 30_000;
/// Page cache of the writing connection, in KiB.
const WRITER_CACHE_KIB: u32 = 96 * 1024;
/// Page cache of each reading connection, in KiB.
const READER_CACHE_KIB: u32 = 8 * 1024;

/// A database file and the marker beside it that says one has been here.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    path: PathBuf,
}

impl SqliteFile {
    pub(crate) fn new(path: &str) -> Self {
        Self {
            path: PathBuf::from(path),
        }
    }

    fn marker(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".exists");
        PathBuf::from(name)
    }

    fn wal(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push("-wal");
        PathBuf::from(name)
    }

    fn is_filled(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|m| m.len() > 0)
    }

    /// Refuses to go on where a database was before and is gone or empty now.
    pub(crate) fn check_not_vanished(&self) -> Result<(), StoreError> {
        let wal_is_filled = fs::metadata(self.wal()).is_ok_and(|m| m.len() > 0);
        if self.is_filled() || !(self.marker().exists() || wal_is_filled) {
            return Ok(());
        }
        Err(StoreError::Vanished {
            path: self.path.display().to_string(),
            what: if self.path.exists() {
                "空です"
            } else {
                "見つかりません"
            },
            marker: self.marker().display().to_string(),
        })
    }

    /// Whether there is anything to open. Refuses a folder, and a place that may not be looked at.
    pub(crate) fn exists(&self) -> Result<bool, StoreError> {
        match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => Err(StoreError::Connect(format!(
                "{} はフォルダです。データベースのファイルを指定してください",
                self.place()
            ))),
            Ok(found) => Ok(found.len() > 0),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(
                StoreError::Connect(format!("{} を開く権限がありません", self.place())),
            ),
            Err(_) => Ok(false),
        }
    }

    /// The file's whole path, to be told to people.
    pub(crate) fn place(&self) -> String {
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        path.display().to_string()
    }

    /// Whether what is there is a database of this program. Changes nothing, whatever it is.
    pub(crate) fn is_ours(&self) -> Result<bool, StoreError> {
        let connection = self.establish()?;
        migrate::is_ours(&mut DbConnection::Sqlite(connection))
            .map_err(|error| self.in_words(error))
    }

    fn establish(&self) -> Result<SqliteConnection, StoreError> {
        let mut connection = SqliteConnection::establish(&self.path.to_string_lossy())
            .map_err(|error| StoreError::Connect(format!("{}: {error}", self.place())))?;
        // Before anything is read: even a reader waits while another process recovers or closes.
        connection.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"))?;
        Ok(connection)
    }

    /// SQLite says what is wrong, but not with which file.
    fn in_words(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Other(words) if words.contains("file is not a database") => {
                StoreError::NotOurs(self.place())
            }
            other => other,
        }
    }

    /// Makes the folder the file is to lie in, and those above it, so that a power cut leaves them.
    pub(crate) fn create_folder(&self) -> Result<(), StoreError> {
        let lacking: Vec<&Path> = self
            .path
            .ancestors()
            .skip(1)
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        for folder in lacking.into_iter().rev() {
            let made = fs::create_dir(folder).or_else(|error| match error.kind() {
                // Another process makes the same database at this moment.
                io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(error),
            });
            made.and_then(|()| sync_folder_of(folder))
                .map_err(|error| disk(folder, &error))?;
        }
        Ok(())
    }

    /// Leaves the durable mark that a database is here. Called once it has been made.
    pub(crate) fn leave_marker(&self) -> Result<(), StoreError> {
        let marker = self.marker();
        if marker.exists() {
            return Ok(());
        }
        let write = || -> io::Result<()> {
            let mut file = File::create(&marker)?;
            file.write_all(
                "このファイルは、隣のデータベースが以前からあることの印です。\n".as_bytes(),
            )?;
            file.sync_all()?;
            sync_folder_of(&marker)
        };
        write().map_err(|e| disk(&marker, &e))
    }

    /// Opens a connection with every guard in force, and proves that they are.
    pub(crate) fn connect(&self, role: Role) -> Result<SqliteConnection, StoreError> {
        let mut connection = self.establish()?;
        self.guard(&mut connection, role)
            .map_err(|error| self.in_words(error))?;
        Ok(connection)
    }

    fn guard(&self, connection: &mut SqliteConnection, role: Role) -> Result<(), StoreError> {
        let cache_kib = match role {
            Role::Writer => WRITER_CACHE_KIB,
            Role::Reader => READER_CACHE_KIB,
        };
        connection.batch_execute(&format!(
            "PRAGMA journal_mode = wal;
             PRAGMA synchronous = full;
             PRAGMA foreign_keys = on;
             PRAGMA temp_store = file;
             PRAGMA cache_size = -{cache_kib};"
        ))?;
        check_guards(connection)?;
        if role == Role::Reader {
            connection.batch_execute("PRAGMA query_only = on")?;
        }
        Ok(())
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that writes.
    Writer,
    /// One of those that only read.
    Reader,
}

#[derive(QueryableByName)]
struct TextSetting {
    #[diesel(sql_type = sql_types::Text)]
    journal_mode: String,
}

#[derive(QueryableByName)]
struct Synchronous {
    #[diesel(sql_type = sql_types::BigInt)]
    synchronous: i64,
}

#[derive(QueryableByName)]
struct ForeignKeys {
    #[diesel(sql_type = sql_types::BigInt)]
    foreign_keys: i64,
}

/// Asks the connection itself whether it will keep what it acknowledges.
pub(crate) fn check_guards(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mode = sql_query("PRAGMA journal_mode")
        .get_result::<TextSetting>(connection)?
        .journal_mode;
    if mode != "wal" {
        return Err(StoreError::Unsafe {
            setting: "journal_mode",
            wanted: "wal",
            found: mode,
        });
    }
    let level = sql_query("PRAGMA synchronous")
        .get_result::<Synchronous>(connection)?
        .synchronous;
    if level != 2 {
        let found = level.to_string();
        return Err(StoreError::Unsafe {
            setting: "synchronous",
            wanted: "2 (full)",
            found,
        });
    }
    let on = sql_query("PRAGMA foreign_keys")
        .get_result::<ForeignKeys>(connection)?
        .foreign_keys;
    if on != 1 {
        let found = on.to_string();
        return Err(StoreError::Unsafe {
            setting: "foreign_keys",
            wanted: "1 (on)",
            found,
        });
    }
    Ok(())
}

/// Brings the name of a new file or folder to the disk.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn disk(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Disk(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_with_weaker_settings_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteFile::new(&folder.path().join("a.db").to_string_lossy());
        let mut connection = file.connect(Role::Writer).unwrap();
        connection
            .batch_execute("PRAGMA synchronous = off")
            .unwrap();
        let refused = check_guards(&mut connection).unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::Unsafe {
                    setting: "synchronous",
                    ..
                }
            ),
            "{refused}"
        );
        connection
            .batch_execute("PRAGMA synchronous = full; PRAGMA foreign_keys = off")
            .unwrap();
        let refused = check_guards(&mut connection).unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::Unsafe {
                    setting: "foreign_keys",
                    ..
                }
            ),
            "{refused}"
        );
    }

    #[test]
    fn a_database_that_was_here_before_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let file = SqliteFile::new(&path.to_string_lossy());
        file.check_not_vanished().unwrap();
        fs::write(&path, b"x").unwrap();
        file.leave_marker().unwrap();
        file.check_not_vanished().unwrap();
        fs::write(&path, b"").unwrap();
        assert!(matches!(
            file.check_not_vanished(),
            Err(StoreError::Vanished { .. })
        ));
        fs::remove_file(&path).unwrap();
        assert!(matches!(
            file.check_not_vanished(),
            Err(StoreError::Vanished { .. })
        ));
    }
}

//! A copy of the whole database, while others work in it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Backend;

use crate::tx::Event;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupMade {
    /// The file.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

impl Ledger {
    /// Copies the database into one file, as it is at one moment, while others go on writing. The
    /// copy is made beside its place, and put there when it is whole on the disk; it is a database
    /// that can be opened at once.
    ///
    /// # Errors
    /// Refuses a place where something is, and PostgreSQL, whose own `pg_dump` does this: the message
    /// says with which words.
    pub fn backup(&self, call: &Call, to: &Path) -> Result<BackupMade> {
        let failed = |error: io::Error| LedgerError::File {
            place: to.display().to_string(),
            error,
        };
        if self.store().backend() == Backend::Postgres {
            return Err(by_pg_dump(to));
        }
        if fs::symlink_metadata(to).is_ok() {
            return Err(taken(to));
        }
        let folder = to
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let copy = tempfile::Builder::new()
            .prefix(".hitokuchi-")
            .tempfile_in(folder)
            .map_err(failed)?;
        self.read(call, Operation::BackUp, |_| Ok(()))?;
        self.store().copy_into(copy.path())?;
        copy.as_file().sync_all().map_err(failed)?;
        let (bytes, sha256) = measure(copy.path()).map_err(failed)?;
        let made = BackupMade {
            file: to.display().to_string(),
            bytes,
            sha256: sha256.clone(),
        };
        self.write(call, Operation::BackUp, &made, |tx| {
            let event = Event {
                action: "back_up",
                coop_id: None,
                subject: format!("file:{sha256}"),
                reason: None,
            };
            tx.audit_content(&event, None::<&()>, Some(&made), Some(sha256.clone()))
        })?;
        match copy.persist_noclobber(to) {
            Ok(_) => {}
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(taken(to));
            }
            Err(refused) => return Err(failed(refused.error)),
        }
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
        Ok(made)
    }
}

fn measure(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let (mut buffer, mut bytes) = (vec![0; 64 * 1024], 0_u64);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex::encode(hash.finalize())));
        }
        bytes = bytes.saturating_add(read as u64);
        hash.update(buffer.get(..read).unwrap_or_default());
    }
}

fn taken(to: &Path) -> LedgerError {
    LedgerError::refused(
        "file_exists",
        format!(
            "{} にはすでにファイルがあります。上書きしません。別の名前を指定してください",
            to.display()
        ),
    )
}

fn by_pg_dump(to: &Path) -> LedgerError {
    let to = to.display();
    LedgerError::refused(
        "backup_by_pg_dump",
        format!(
            "PostgreSQL のバックアップは pg_dump で取ります（サービスを止める必要はありません）: pg_dump --format=custom --file='{to}' \"$HITOKUCHI_DATABASE_URL\"  戻すときは、空のデータベースに: pg_restore --no-owner --exit-on-error --dbname=\"$HITOKUCHI_DATABASE_URL\" '{to}'"
        ),
    )
}

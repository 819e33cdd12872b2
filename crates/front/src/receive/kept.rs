//! Files that wait on the disk between the trial of what they would do and the taking of them.
//!
//! A file is named after its trial, so that nobody takes another's. It goes when it was taken, or after
//! a day.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::upload::{Upload, disk};
use crate::problem::Problem;

/// What the names begin with.
const PREFIX: &str = "hitokuchi-upload-kept-";
/// So long a file waits.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the file of a trial waits.
pub fn kept_path(folder: &Path, trial_id: &str) -> PathBuf {
    let name = hex::encode(Sha256::digest(trial_id));
    folder.join(format!("{PREFIX}{name}.csv"))
}

/// Lets the file of a trial wait, and takes away those that have waited too long.
///
/// # Errors
/// Refuses where the disk does not take it (507).
pub fn keep(upload: Upload, folder: &Path, trial_id: &str) -> Result<PathBuf, Problem> {
    sweep(folder);
    let path = kept_path(folder, trial_id);
    let kept = upload.path.persist(&path);
    kept.map_err(|error| disk(&error.error))?;
    Ok(path)
}

/// Takes away what has waited too long. What cannot be looked at stays for the next time.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let is_kept = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if is_kept && has_waited_too_long(&entry.path()).unwrap_or(false) {
            let _it_stays_for_the_next_time = fs::remove_file(entry.path());
        }
    }
}

fn has_waited_too_long(path: &Path) -> io::Result<bool> {
    let modified = fs::metadata(path)?.modified()?;
    Ok(modified.elapsed().is_ok_and(|age| age > KEPT_FOR))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_file_waits_for_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let mine = kept_path(folder.path(), "one");
        let of_another = kept_path(folder.path(), "another");
        let not_kept = folder.path().join("another.csv");
        for path in [&mine, &of_another, &not_kept] {
            File::create(path).unwrap();
        }
        let long_ago = SystemTime::UNIX_EPOCH;
        for path in [&of_another, &not_kept] {
            File::open(path).unwrap().set_modified(long_ago).unwrap();
        }

        sweep(folder.path());

        assert_ne!(mine, of_another);
        assert!(mine.exists() && not_kept.exists() && !of_another.exists());
    }
}

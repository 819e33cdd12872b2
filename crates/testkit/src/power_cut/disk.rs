//! A model of the disk under a run: what has reached it for certain, and what may have.
//!
//! It promises less than any file system in use, and only what POSIX does:
//!
//! - Bytes, and a file's length, are on the disk once `fsync` or `fdatasync` of that file has
//!   returned, and only what was written before the flush began. Until then each write may be there
//!   or not, whatever became of those before it, and may be there in part, in sectors of 512 bytes.
//! - When a flush fails, what it was to bring to the disk is lost, also for later flushes.
//! - A name (made, renamed, removed) is on the disk once its *folder* has been flushed. On ext4 the
//!   `fsync` of a new file carries its name to the disk as well; the model does not count on it.
//!   Until then the first few of the changes of names may be there, as in a journal.
//! - A renamed file is there under the old or under the new name, never both or neither.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::present::Present;
use super::steps::{FileId, Step};
use crate::chance::Chance;

const SECTOR_BYTES: u64 = 512;

/// What becomes of that which was not flushed when the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// None of it is there.
    Dropped,
    /// All of it is there: as when the process is killed and the machine lives on.
    Kept,
    /// Some of it is there, by a chance that is the same for the same number.
    Some(u64),
}

/// The disk, and what is on its way there.
#[derive(Debug)]
pub(crate) struct Disk {
    files: HashMap<FileId, File>,
    names: BTreeMap<PathBuf, Entry>,
    name_changes: Vec<(usize, NameChange)>,
    steps: usize,
}

#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    changes: Vec<(usize, Change)>,
}

#[derive(Debug)]
enum Change {
    Write { at: u64, bytes: Vec<u8> },
    SetLength(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Folder,
    File(FileId),
}

#[derive(Debug)]
enum NameChange {
    Made(PathBuf, Entry),
    Renamed(PathBuf, PathBuf),
    Removed(PathBuf),
}

impl Disk {
    /// All that is there at first is on the disk for certain.
    pub(crate) fn holding(present: &Present) -> Self {
        let mut disk = Self {
            files: HashMap::new(),
            names: BTreeMap::new(),
            name_changes: Vec::new(),
            steps: 0,
        };
        for folder in &present.folders {
            disk.names.insert(folder.clone(), Entry::Folder);
        }
        for (number, (path, bytes)) in present.files.iter().enumerate() {
            let file = File {
                bytes: bytes.clone(),
                changes: Vec::new(),
            };
            disk.files.insert(FileId(number), file);
            disk.names.insert(path.clone(), Entry::File(FileId(number)));
        }
        disk
    }

    pub(crate) fn take(&mut self, step: &Step) {
        let number = self.steps;
        self.steps += 1;
        match step {
            Step::MadeFolder(path) => {
                let change = NameChange::Made(path.clone(), Entry::Folder);
                self.name_changes.push((number, change));
            }
            Step::MadeFile { path, file } => {
                self.files.entry(*file).or_default();
                let change = NameChange::Made(path.clone(), Entry::File(*file));
                self.name_changes.push((number, change));
            }
            Step::Wrote { file, at, bytes } => {
                let bytes = bytes.clone();
                self.change(*file, Change::Write { at: *at, bytes });
            }
            Step::SetLength { file, length } => self.change(*file, Change::SetLength(*length)),
            Step::Renamed { from, to } => {
                let change = NameChange::Renamed(from.clone(), to.clone());
                self.name_changes.push((number, change));
            }
            Step::Removed(path) => {
                let change = NameChange::Removed(path.clone());
                self.name_changes.push((number, change));
            }
            Step::SyncedFile { file, until } => {
                let file = self.files.entry(*file).or_default();
                let reached = file.changes.partition_point(|(step, _)| step < until);
                for (_, change) in file.changes.drain(..reached) {
                    change.reach(&mut file.bytes);
                }
            }
            Step::FailedToSync { file, until } => {
                let file = self.files.entry(*file).or_default();
                let dropped = file.changes.partition_point(|(step, _)| step < until);
                file.changes.drain(..dropped);
            }
            Step::SyncedFolder { path, until } => self.sync_folder(path, *until),
            Step::Said { .. } => {}
        }
    }

    fn change(&mut self, file: FileId, change: Change) {
        let number = self.steps - 1;
        let file = self.files.entry(file).or_default();
        file.changes.push((number, change));
    }

    fn sync_folder(&mut self, folder: &Path, until: usize) {
        let changes = std::mem::take(&mut self.name_changes);
        for (step, change) in changes {
            if step < until && change.concerns(folder) {
                change.reach(&mut self.names);
            } else {
                self.name_changes.push((step, change));
            }
        }
    }

    /// What is found on the disk when the power comes back.
    pub(crate) fn after_a_cut(&self, unsynced: Unsynced) -> Remains {
        let mut chance = match unsynced {
            Unsynced::Some(number) => Some(Chance::new(number)),
            Unsynced::Dropped | Unsynced::Kept => None,
        };
        let names_reached = match (unsynced, &mut chance) {
            (Unsynced::Dropped, _) => 0,
            (_, Some(chance)) => chance.below(self.name_changes.len() + 1),
            _ => self.name_changes.len(),
        };
        let mut names = self.names.clone();
        for (_, change) in &self.name_changes[..names_reached] {
            change.reach(&mut names);
        }
        let mut remains = Remains::default();
        for (path, entry) in names {
            match entry {
                Entry::Folder => {
                    remains.folders.insert(path);
                }
                Entry::File(id) => {
                    let file = &self.files[&id];
                    let bytes = match (unsynced, &mut chance) {
                        (Unsynced::Dropped, _) => file.bytes.clone(),
                        (_, Some(chance)) => file.with_some(chance),
                        _ => file.with_all(),
                    };
                    remains.files.insert(path, bytes);
                }
            }
        }
        remains
    }
}

impl File {
    fn with_all(&self) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        for (_, change) in &self.changes {
            change.reach(&mut bytes);
        }
        bytes
    }

    fn with_some(&self, chance: &mut Chance) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        for (_, change) in &self.changes {
            match (chance.below(4), change) {
                (0, _) => {}
                (1, Change::Write { at, bytes: written }) => {
                    tear(*at, written, chance).reach(&mut bytes);
                }
                _ => change.reach(&mut bytes),
            }
        }
        bytes
    }
}

/// A write of which only the first sectors, or only the last, arrived.
fn tear(at: u64, bytes: &[u8], chance: &mut Chance) -> Change {
    let end = at + bytes.len() as u64;
    let (first, last) = (at / SECTOR_BYTES, end / SECTOR_BYTES);
    let sector = first + 1 + chance.below((last - first) as usize + 1) as u64;
    let place = (sector * SECTOR_BYTES).clamp(at, end);
    let (head, tail) = bytes.split_at((place - at) as usize);
    if chance.below(2) == 0 {
        Change::Write {
            at,
            bytes: head.to_vec(),
        }
    } else {
        Change::Write {
            at: place,
            bytes: tail.to_vec(),
        }
    }
}

impl Change {
    fn reach(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { bytes, .. } if bytes.is_empty() => {}
            Self::Write { at, bytes } => {
                let (from, until) = (*at as usize, *at as usize + bytes.len());
                if file.len() < until {
                    file.resize(until, 0);
                }
                file[from..until].copy_from_slice(bytes);
            }
            Self::SetLength(length) => file.resize(*length as usize, 0),
        }
    }
}

impl NameChange {
    fn concerns(&self, folder: &Path) -> bool {
        let is_in = |path: &Path| path.parent() == Some(folder);
        match self {
            Self::Made(path, _) | Self::Removed(path) => is_in(path),
            Self::Renamed(from, to) => is_in(from) || is_in(to),
        }
    }

    fn reach(&self, names: &mut BTreeMap<PathBuf, Entry>) {
        match self {
            Self::Made(path, entry) => {
                names.insert(path.clone(), *entry);
            }
            Self::Renamed(from, to) => {
                if let Some(entry) = names.remove(from) {
                    names.insert(to.clone(), entry);
                }
            }
            Self::Removed(path) => {
                names.remove(path);
            }
        }
    }
}

/// What a cut left behind, by the names that the run knew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Remains {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeSet<PathBuf>,
}

impl Remains {
    /// Writes it all into another folder, what lay in `root` into `to`. What lies in a folder that
    /// is not there is not there either.
    pub(crate) fn lay_out(&self, root: &Path, to: &Path) -> io::Result<()> {
        let place = |path: &Path| path.strip_prefix(root).ok().map(|below| to.join(below));
        for folder in self.folders.iter().filter_map(|path| place(path)) {
            if folder.parent().is_some_and(Path::is_dir) {
                fs::create_dir(folder)?;
            }
        }
        for (path, bytes) in &self.files {
            if let Some(path) = place(path).filter(|p| p.parent().is_some_and(Path::is_dir)) {
                fs::write(path, bytes)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: FileId = FileId(0);
    const NEW: FileId = FileId(1);

    fn disk() -> Disk {
        Disk::holding(&Present {
            folders: Vec::new(),
            files: vec![("/r/a".into(), b"old".to_vec())],
        })
    }

    fn wrote(file: FileId, at: u64, bytes: &[u8]) -> Step {
        Step::Wrote {
            file,
            at,
            bytes: bytes.to_vec(),
        }
    }

    fn content(disk: &Disk, unsynced: Unsynced, path: &str) -> Option<Vec<u8>> {
        let remains = disk.after_a_cut(unsynced);
        remains.files.get(Path::new(path)).cloned()
    }

    fn dropped(disk: &Disk, path: &str) -> Option<Vec<u8>> {
        content(disk, Unsynced::Dropped, path)
    }

    #[test]
    fn what_was_written_is_lost_until_its_file_is_flushed() {
        let mut disk = disk();
        disk.take(&wrote(A, 1, b"LD!"));
        assert_eq!(dropped(&disk, "/r/a"), Some(b"old".to_vec()));
        assert_eq!(
            content(&disk, Unsynced::Kept, "/r/a"),
            Some(b"oLD!".to_vec())
        );
        disk.take(&Step::SyncedFile { file: A, until: 1 });
        assert_eq!(dropped(&disk, "/r/a"), Some(b"oLD!".to_vec()));
    }

    #[test]
    fn a_flush_does_not_cover_what_was_written_while_it_was_under_way() {
        let mut disk = disk();
        disk.take(&wrote(A, 0, b"O"));
        disk.take(&wrote(A, 1, b"L"));
        disk.take(&Step::SyncedFile { file: A, until: 1 });
        assert_eq!(dropped(&disk, "/r/a"), Some(b"Old".to_vec()));
    }

    #[test]
    fn a_flush_after_a_failed_one_does_not_bring_back_what_was_dropped() {
        let mut disk = disk();
        disk.take(&wrote(A, 0, b"O"));
        disk.take(&Step::FailedToSync { file: A, until: 1 });
        disk.take(&wrote(A, 1, b"L"));
        disk.take(&Step::SyncedFile { file: A, until: 3 });
        assert_eq!(dropped(&disk, "/r/a"), Some(b"oLd".to_vec()));
    }

    #[test]
    fn a_new_file_is_there_once_its_folder_is_flushed_and_empty_until_it_is_itself() {
        let mut disk = disk();
        disk.take(&Step::MadeFile {
            path: "/r/new".into(),
            file: NEW,
        });
        disk.take(&wrote(NEW, 0, b"x"));
        disk.take(&Step::SyncedFolder {
            path: "/".into(),
            until: 2,
        });
        assert_eq!(dropped(&disk, "/r/new"), None);
        disk.take(&Step::SyncedFolder {
            path: "/r".into(),
            until: 3,
        });
        assert_eq!(dropped(&disk, "/r/new"), Some(Vec::new()));
        disk.take(&Step::SyncedFile {
            file: NEW,
            until: 4,
        });
        assert_eq!(dropped(&disk, "/r/new"), Some(b"x".to_vec()));
    }

    #[test]
    fn a_renamed_file_is_under_one_name_or_the_other() {
        let mut disk = disk();
        disk.take(&Step::Renamed {
            from: "/r/a".into(),
            to: "/r/b".into(),
        });
        for (unsynced, name, other) in [
            (Unsynced::Dropped, "/r/a", "/r/b"),
            (Unsynced::Kept, "/r/b", "/r/a"),
        ] {
            assert_eq!(content(&disk, unsynced, name), Some(b"old".to_vec()));
            assert_eq!(content(&disk, unsynced, other), None);
        }
        disk.take(&Step::SyncedFolder {
            path: "/r".into(),
            until: 1,
        });
        assert_eq!(dropped(&disk, "/r/b"), Some(b"old".to_vec()));
    }

    #[test]
    fn unflushed_writes_may_arrive_in_any_combination_and_torn() {
        let mut disk = disk();
        disk.take(&wrote(A, 0, &[1; 1024]));
        disk.take(&wrote(A, 1024, &[2; 1024]));
        let outcomes: BTreeSet<Vec<u8>> = (0..200)
            .filter_map(|number| content(&disk, Unsynced::Some(number), "/r/a"))
            .collect();
        let has = |wanted: &dyn Fn(&[u8]) -> bool| outcomes.iter().any(|bytes| wanted(bytes));
        assert!(has(&|bytes| bytes == b"old"), "none arrived");
        assert!(has(&|bytes| bytes.len() == 2048 && bytes[0] == 1), "both");
        assert!(
            has(&|bytes| bytes.len() == 2048 && bytes[0] == b'o' && bytes[1024] == 2),
            "only the second"
        );
        assert!(
            has(&|bytes| bytes.len() == 512 && bytes[511] == 1),
            "half of the first"
        );
    }

    #[test]
    fn a_file_in_a_folder_that_was_lost_is_lost() {
        let mut disk = disk();
        disk.take(&Step::MadeFolder("/r/f".into()));
        disk.take(&Step::MadeFile {
            path: "/r/f/new".into(),
            file: NEW,
        });
        disk.take(&Step::SyncedFolder {
            path: "/r/f".into(),
            until: 2,
        });
        let to = tempfile::tempdir().expect("a folder");
        let remains = disk.after_a_cut(Unsynced::Dropped);
        remains
            .lay_out(Path::new("/r"), to.path())
            .expect("lay out");
        assert!(to.path().join("a").exists());
        assert!(!to.path().join("f").exists());
    }
}

//! The calls of a recorded run as steps on one folder: what was made, written, flushed and said.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::trace::{Call, Moment};

/// A file of the run, whatever it is called at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) usize);

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A folder was made.
    MadeFolder(PathBuf),
    /// A new, empty file was made.
    MadeFile {
        /// Its name.
        path: PathBuf,
        /// The file.
        file: FileId,
    },
    /// Bytes were written.
    Wrote {
        /// Into which file.
        file: FileId,
        /// From which byte on.
        at: u64,
        /// What.
        bytes: Vec<u8>,
    },
    /// A file was cut off or lengthened.
    SetLength {
        /// Which file.
        file: FileId,
        /// How long it is now, in bytes.
        length: u64,
    },
    /// A file got another name, in place of the file that had it.
    Renamed {
        /// Its old name.
        from: PathBuf,
        /// Its new name.
        to: PathBuf,
    },
    /// A name was taken away.
    Removed(PathBuf),
    /// What was written into a file before step `until` is on the disk.
    SyncedFile {
        /// Which file.
        file: FileId,
        /// The number of steps done when the flush began.
        until: usize,
    },
    /// The flush of a file failed. As on Linux, what was written before step `until` and was still
    /// on its way is dropped, and no later flush brings it to the disk, though whoever reads the
    /// file goes on seeing it.
    FailedToSync {
        /// Which file.
        file: FileId,
        /// The number of steps done when the flush began.
        until: usize,
    },
    /// The names in a folder are on the disk as they were before step `until`.
    SyncedFolder {
        /// Which folder.
        path: PathBuf,
        /// The number of steps done when the flush began.
        until: usize,
    },
    /// The process told somebody something: on standard output or through a socket. What it
    /// acknowledges counts from here on.
    Said {
        /// To whom.
        to: Listener,
        /// What.
        bytes: Vec<u8>,
    },
}

/// To whom a process speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// Who reads its standard output.
    StandardOutput,
    /// Who is at the other end of a socket.
    Socket,
}

/// An open file, and where in it the next `write` goes.
#[derive(Debug, Clone, Copy)]
struct Open {
    file: FileId,
    position: u64,
    appends: bool,
}

/// Turns calls into steps. Files outside its folder are none of its business.
///
/// Reading is not recorded, so a file that is read from and then written to at the place reached is
/// written to at the wrong one here. SQLite seeks before it writes; the program's own files are only
/// written.
#[derive(Debug)]
pub(crate) struct Translator {
    root: PathBuf,
    names: HashMap<PathBuf, FileId>,
    files: usize,
    lengths: HashMap<FileId, u64>,
    open: HashMap<i64, Open>,
    open_folders: HashMap<i64, PathBuf>,
    syncs_under_way: HashMap<usize, usize>,
    pub(crate) steps: Vec<Step>,
}

impl Translator {
    /// Knows the files that are in the folder already, in the order in which they are numbered.
    pub(crate) fn new(root: &Path, present: &[(PathBuf, Vec<u8>)]) -> Self {
        let ids = || {
            present
                .iter()
                .enumerate()
                .map(|(n, entry)| (FileId(n), entry))
        };
        Self {
            root: root.to_owned(),
            names: ids().map(|(id, (path, _))| (path.clone(), id)).collect(),
            files: present.len(),
            lengths: ids()
                .map(|(id, (_, bytes))| (id, bytes.len() as u64))
                .collect(),
            open: HashMap::new(),
            open_folders: HashMap::new(),
            syncs_under_way: HashMap::new(),
            steps: Vec::new(),
        }
    }

    /// The next trace is of another process.
    pub(crate) fn begin_process(&mut self) {
        self.open.clear();
        self.open_folders.clear();
        self.syncs_under_way.clear();
    }

    pub(crate) fn take(&mut self, moment: Moment) {
        match moment {
            Moment::Began(call) => self.begin(&call),
            Moment::Ended(call) => {
                if call.result.is_some() {
                    self.end(&call);
                } else if matches!(call.name.as_str(), "fsync" | "fdatasync") {
                    self.failed_to_sync(&call);
                }
            }
        }
    }

    fn begin(&mut self, call: &Call) {
        match call.name.as_str() {
            // Others may get its number before it is over.
            "close" => {
                self.open.remove(&call.file_number(0));
                self.open_folders.remove(&call.file_number(0));
            }
            "fsync" | "fdatasync" => {
                self.syncs_under_way.insert(call.number, self.steps.len());
            }
            "write" | "writev" | "sendto" | "sendmsg" => {
                let number = call.file_number(0);
                if let Some(to) = self.listener(call, number) {
                    let bytes = call.bytes_at(1);
                    self.steps.push(Step::Said { to, bytes });
                }
            }
            _ => {}
        }
    }

    fn listener(&self, call: &Call, number: i64) -> Option<Listener> {
        if self.open.contains_key(&number) {
            None
        } else if number == 1 {
            Some(Listener::StandardOutput)
        } else {
            call.what_is_open(0)
                .starts_with("socket:")
                .then_some(Listener::Socket)
        }
    }

    fn end(&mut self, call: &Call) {
        match call.name.as_str() {
            "openat" => self.opened(call),
            "write" | "writev" => self.written(call, None),
            "pwrite64" | "pwritev" => self.written(call, Some(call.number_at(3))),
            "lseek" => {
                if let (Some(open), Some(to)) =
                    (self.open.get_mut(&call.file_number(0)), call.result)
                {
                    open.position = to.unsigned_abs();
                }
            }
            "ftruncate" => {
                if let Some(Open { file, .. }) = self.open.get(&call.file_number(0)) {
                    self.set_length(*file, call.number_at(1));
                } else {
                    self.not_understood(call);
                }
            }
            "fsync" | "fdatasync" => self.synced(call),
            "rename" => self.renamed(call, 0, 1),
            "renameat" | "renameat2" => self.renamed(call, 1, 3),
            "unlink" | "rmdir" => self.removed(call, 0),
            "unlinkat" => self.removed(call, 1),
            "mkdir" => self.made_folder(call, 0),
            "mkdirat" => self.made_folder(call, 1),
            "mmap" => self.mapped(call),
            "close" | "sendto" | "sendmsg" => {}
            _ => self.not_understood(call),
        }
    }

    fn opened(&mut self, call: &Call) {
        let path = String::from_utf8_lossy(&call.bytes_at(1)).into_owned();
        let path = PathBuf::from(path);
        let (true, Some(number)) = (path.starts_with(&self.root), call.result) else {
            return;
        };
        let flags = call.argument(2);
        let has = |flag| flags.split('|').any(|f| f == flag);
        let file = match self.names.get(&path) {
            Some(file) => *file,
            None if has("O_CREAT") => {
                let file = FileId(self.files);
                self.files += 1;
                self.names.insert(path.clone(), file);
                self.lengths.insert(file, 0);
                self.steps.push(Step::MadeFile { path, file });
                file
            }
            None => {
                self.open_folders.insert(number, path);
                return;
            }
        };
        if has("O_TRUNC") {
            self.set_length(file, 0);
        }
        let open = Open {
            file,
            position: 0,
            appends: has("O_APPEND"),
        };
        self.open.insert(number, open);
    }

    fn written(&mut self, call: &Call, at: Option<u64>) {
        let number = call.file_number(0);
        let (Some(open), Some(count)) = (self.open.get_mut(&number), call.result) else {
            return self.not_understood(call);
        };
        let mut bytes = call.bytes_at(1);
        bytes.truncate(count.unsigned_abs() as usize);
        let length = self.lengths.entry(open.file).or_default();
        let from = match at {
            Some(at) => at,
            None if open.appends => *length,
            None => open.position,
        };
        let end = from + bytes.len() as u64;
        *length = end.max(*length);
        if at.is_none() {
            open.position = end;
        }
        self.steps.push(Step::Wrote {
            file: open.file,
            at: from,
            bytes,
        });
    }

    fn set_length(&mut self, file: FileId, length: u64) {
        self.lengths.insert(file, length);
        self.steps.push(Step::SetLength { file, length });
    }

    /// A flush that the tracer answered in the system's place has flushed nothing.
    fn synced(&mut self, call: &Call) {
        let Some(until) = self.syncs_under_way.remove(&call.number) else {
            return;
        };
        if call.is_injected {
            return;
        }
        let number = call.file_number(0);
        if let Some(Open { file, .. }) = self.open.get(&number) {
            let file = *file;
            self.steps.push(Step::SyncedFile { file, until });
        } else if let Some(path) = self.open_folders.get(&number) {
            let path = path.clone();
            self.steps.push(Step::SyncedFolder { path, until });
        } else {
            self.not_understood(call);
        }
    }

    fn failed_to_sync(&mut self, call: &Call) {
        let until = self.syncs_under_way.remove(&call.number);
        let open = self.open.get(&call.file_number(0));
        if let (Some(until), Some(Open { file, .. })) = (until, open) {
            let file = *file;
            self.steps.push(Step::FailedToSync { file, until });
        }
    }

    fn renamed(&mut self, call: &Call, from: usize, to: usize) {
        let (from, to) = (call.path_at(from), call.path_at(to));
        match (from.starts_with(&self.root), to.starts_with(&self.root)) {
            (false, false) => {}
            (true, true) => {
                if let Some(file) = self.names.remove(&from) {
                    self.names.insert(to.clone(), file);
                }
                self.steps.push(Step::Renamed { from, to });
            }
            _ => self.not_understood(call),
        }
    }

    fn removed(&mut self, call: &Call, index: usize) {
        let path = call.path_at(index);
        if path.starts_with(&self.root) {
            self.names.remove(&path);
            self.steps.push(Step::Removed(path));
        }
    }

    fn made_folder(&mut self, call: &Call, index: usize) {
        let path = call.path_at(index);
        if path.starts_with(&self.root) {
            self.steps.push(Step::MadeFolder(path));
        }
    }

    /// What is written through memory is not seen. SQLite writes its `-shm` so, which it makes anew
    /// after a cut; anything else would slip through.
    fn mapped(&self, call: &Call) {
        if !call.argument(3).contains("MAP_SHARED") || !call.argument(2).contains("PROT_WRITE") {
            return;
        }
        let name = call.what_is_open(4);
        if Path::new(&name).starts_with(&self.root) && !name.ends_with("-shm") {
            self.not_understood(call);
        }
    }

    /// A call that this cannot follow must not go by unnoticed where it concerns the folder.
    fn not_understood(&self, call: &Call) {
        let concerns_us = call.arguments.iter().enumerate().any(|(index, words)| {
            words.contains("<\\x") && Path::new(&call.what_is_open(index)).starts_with(&self.root)
        });
        let names_us = call.arguments.iter().enumerate().any(|(index, words)| {
            words.starts_with("\"\\x2f")
                && Path::new(&String::from_utf8_lossy(&call.bytes_at(index)).into_owned())
                    .starts_with(&self.root)
        });
        assert!(
            !(concerns_us || names_us),
            "the model of the disk does not know {}({})",
            call.name,
            call.arguments.join(", ")
        );
    }
}

//! What lies in a folder before a run.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Folders and files, by their whole paths. All of it is on the disk for certain.
#[derive(Debug, Default)]
pub(crate) struct Present {
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) files: Vec<(PathBuf, Vec<u8>)>,
}

impl Present {
    /// What is in `root` now, at any depth.
    pub(crate) fn in_folder(root: &Path) -> io::Result<Self> {
        let mut present = Self::default();
        present.add(root)?;
        Ok(present)
    }

    fn add(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.folders.push(path.clone());
                self.add(&path)?;
            } else {
                let bytes = fs::read(&path)?;
                self.files.push((path, bytes));
            }
        }
        Ok(())
    }
}

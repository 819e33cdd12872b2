//! Files that come in: read twice, once to know them by their bytes, once to take their lines.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file to read from the beginning, as often as needed.
pub trait Source {
    /// The name people know it by.
    fn name(&self) -> &str;
    /// Opens it at the beginning.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;
}

/// A file on this machine.
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
    name: String,
}

impl FileSource {
    /// The file at `path`, known by that name.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
        }
    }

    /// The file at `path`, known by the name it was sent under.
    pub fn named(path: &Path, name: &str) -> Self {
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
        }
    }
}

impl Source for FileSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }
}

/// Bytes in memory.
#[derive(Debug, Clone)]
pub struct BytesSource {
    name: String,
    bytes: Vec<u8>,
}

impl BytesSource {
    /// `bytes`, known by `name`.
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.into(),
        }
    }
}

impl Source for BytesSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.bytes.clone())))
    }
}

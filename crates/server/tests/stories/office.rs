//! A desk with a terminal: a database, and the program to run on it.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use testkit::{TestDatabase, fixtures};

/// A desk whose database goes with it.
pub struct Office {
    /// Whether nobody has asked its service yet.
    is_unknown: Cell<bool>,
    /// Where files come from and go to.
    pub folder: tempfile::TempDir,
    /// The database.
    pub database: TestDatabase,
}

impl From<TestDatabase> for Office {
    fn from(database: TestDatabase) -> Self {
        Self {
            is_unknown: Cell::new(true),
            folder: tempfile::tempdir().unwrap(),
            database,
        }
    }
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// The JSON object of a command that did its work.
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The words of a command that was refused by a rule or for bad input: nothing on standard
    /// output.
    pub fn refused(&self) -> &str {
        assert_eq!(self.status, 1, "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        &self.err
    }
}

impl Office {
    /// Whether its people still have to be made known to its database: once.
    pub fn makes_itself_known(&self) -> bool {
        self.is_unknown.replace(false)
    }

    /// The program, on this database, in this folder, with nothing of the developer's own settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hitokuchi"));
        command
            .args(arguments)
            .env_clear()
            .env("USER", "office")
            .env("HITOKUCHI_DATABASE_URL", self.database.url())
            .current_dir(self.folder.path());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().expect("run the program"))
    }

    /// Runs a command that has to do its work, and gives its JSON object.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        self.run(&arguments).json()
    }

    /// Writes a file into the folder and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Imports a file, as JSON.
    pub fn import(&self, table: &str, file: &Path, more: &[&str]) -> Value {
        let mut arguments = vec!["import", table, file.to_str().unwrap()];
        arguments.extend(more);
        self.json(&arguments)
    }

    /// Imports what the newsletters state.
    pub fn import_newsletter(&self) {
        for (table, file) in fixtures::NEWSLETTER {
            self.import(table, &fixtures::path(file), &[]);
        }
    }
}

/// What a finished program said.
pub fn said(output: Output) -> Said {
    Said {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("standard output in UTF-8"),
        err: String::from_utf8(output.stderr).expect("standard error in UTF-8"),
    }
}

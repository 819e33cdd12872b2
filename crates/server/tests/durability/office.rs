//! An office in August: its members, and one file with an application of each.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;
use testkit::people::{OFFICE, make_known};
use testkit::{MadeUp, fixtures};

use crate::program::Program;

/// The co-op whose month is closed.
pub const COOP: &str = "01";
/// The month in which everything is collected.
pub const MONTH: &str = "2025-08";

/// The files of an office.
#[derive(Debug)]
pub struct Office {
    folder: TempDir,
}

impl Office {
    /// An office of so many members, all of one co-op, whose applications are all good.
    pub fn of(members: u32) -> Self {
        Self::spread_over(&[COOP], members)
    }

    /// An office of so many members, spread over the co-ops.
    pub fn spread_over(coops: &[&str], members: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made_up = MadeUp {
            coops,
            members,
            doubtful_per_thousand: 0,
            seed: 7,
        };
        let file = |name| File::create(folder.path().join(name)).unwrap();
        made_up.write_members(file("members.csv")).unwrap();
        made_up
            .write_applications(file("applications.csv"))
            .unwrap();
        Self { folder }
    }

    pub fn applications(&self) -> PathBuf {
        self.folder.path().join("applications.csv")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The commands that make the database and import everything but the applications.
    pub fn commands_of_preparation(&self) -> Vec<Vec<String>> {
        let import = |table: &str, file: &Path| -> Vec<String> {
            ["import", table, text(file)].map(str::to_owned).into()
        };
        let mut commands = vec![vec!["migrate".to_owned()]];
        for (table, file) in fixtures::NEWSLETTER {
            commands.push(import(table, &fixtures::path(file)));
        }
        commands.push(import("members", &self.folder.path().join("members.csv")));
        commands
    }

    /// Makes the database and imports everything but the applications.
    pub fn prepare(&self, program: &Program) {
        for words in self.commands_of_preparation() {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            program.tell(&words);
        }
        make_known(program.url(), OFFICE.0, OFFICE.1);
    }

    pub fn import(&self, program: &Program) -> Value {
        program.tell(&["import", "applications", text(&self.applications())])
    }
}

/// Closes the month of the co-op.
pub const CLOSE: [&str; 6] = ["batch", "close", "--coop", COOP, "--month", MONTH];

/// Exports the batch of the co-op's month into a file.
pub fn export_to(file: &Path) -> [&str; 8] {
    [
        "batch",
        "export",
        "--coop",
        COOP,
        "--month",
        MONTH,
        "--out",
        text(file),
    ]
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

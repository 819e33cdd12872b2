//! The program as a person or a script runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use testkit::TestDatabase;

/// The program, on one database.
#[derive(Debug, Clone)]
pub struct Program {
    url: String,
}

/// What a run of it came to.
#[derive(Debug)]
pub struct Ran {
    /// Exit status; none where it was killed.
    pub status: Option<i32>,
    /// The JSON object on standard output, or null.
    pub answer: Value,
    /// What it said on standard error.
    pub words: String,
}

impl Program {
    pub fn on(database: &TestDatabase) -> Self {
        Self::at(database.url())
    }

    pub fn at(url: &str) -> Self {
        let url = url.to_owned();
        Self { url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn in_folder(folder: &Path) -> Self {
        Self::at(&format!(
            "sqlite://{}",
            folder.join("hitokuchi.db").display()
        ))
    }

    /// A command, ready to run, that answers in JSON.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hitokuchi"));
        command
            .args(words)
            .args(["--json", "--database-url", &self.url])
            .env_clear()
            .env("USER", "office")
            .env("HITOKUCHI_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end, whatever that is.
    pub fn try_to(&self, words: &[&str]) -> Ran {
        Ran::from(self.command(words).output().unwrap())
    }

    /// Runs a command that has to succeed, and gives its answer.
    #[track_caller]
    pub fn tell(&self, words: &[&str]) -> Value {
        let ran = self.try_to(words);
        assert_eq!(ran.status, Some(0), "{words:?}: {ran:#?}");
        ran.answer
    }

    /// Every invariant holds, or the test fails with those that do not.
    #[track_caller]
    pub fn verify(&self) {
        let ran = self.try_to(&["verify"]);
        assert_eq!(ran.answer["ok"], true, "{ran:#?}");
        assert_eq!(ran.status, Some(0));
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            answer: serde_json::from_slice(&output.stdout).unwrap_or_default(),
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

//! hledger, an independent program for double-entry books, to check ours against.

use std::path::Path;
use std::process::Command;

use crate::skipped::report_skipped;

/// hledger, installed on this machine.
#[derive(Debug)]
pub struct Hledger(());

impl Hledger {
    /// The program, or `None` where it is not installed: then the test that asks says that it is
    /// skipped, and fails where `CI` is `true`.
    pub fn installed() -> Option<Self> {
        let is_there = Command::new("hledger").arg("--version").output().is_ok();
        if !is_there {
            report_skipped("hledger is not installed (apt-get install hledger)");
        }
        is_there.then_some(Self(()))
    }

    /// What `hledger -f JOURNAL ARGUMENTS` says, or what it complains about.
    ///
    /// # Errors
    /// Gives the words of standard error when it ends with another status than 0.
    pub fn run(&self, journal: &Path, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("hledger")
            .env("LC_ALL", "C.UTF-8")
            .arg("-f")
            .arg(journal)
            .args(arguments)
            .output()
            .expect("run hledger");
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).expect("UTF-8 of hledger"))
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

//! What axe-core finds on a page: the machine's half of whether everybody can use it (WCAG 2.2 AA).
//!
//! axe-core is no part of the repository: `scripts/install-axe` fetches it. Without it a test is
//! skipped, visibly; with `CI=true` that is a failure, except on a machine that has no npm to fetch it
//! with.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::Browser;
use super::driver::on_path;
use crate::skipped::{report_skipped, say_skipped};

/// The rules that are asked for: WCAG 2.2, levels A and AA, and what axe calls good practice.
const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

const RUN: &str = "\
const [tags, done] = arguments;
axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
  .then((found) => done(found.violations.map((one) => ({
    rule: one.id, help: one.help,
    places: one.nodes.map((node) => node.target.join(' ') + ' ' + (node.failureSummary ?? '')),
  }))), (error) => done(String(error)));";

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// axe's name of the rule, such as `color-contrast`.
    pub rule: String,
    /// What the rule asks for.
    pub help: String,
    /// Where it is broken, as CSS selectors, and how.
    pub places: Vec<String>,
}

/// Whether axe-core is there. Says that the calling test is skipped where it is not.
pub fn is_installed() -> bool {
    if source().is_some() {
        return true;
    }
    let reason = "axe-core is not there (scripts/install-axe)";
    match on_path(&["npm"]) {
        Some(_) => report_skipped(reason),
        None => say_skipped(reason),
    }
    false
}

impl Browser {
    /// What axe finds on the page as it stands: nothing, it is hoped. Panics where axe-core is not
    /// there ([`is_installed`]).
    pub fn axe(&self) -> Vec<Violation> {
        if self.script("return typeof axe", &[]) == "undefined" {
            let source = source().expect("axe-core; ask `axe::is_installed` first");
            self.script(source, &[]);
        }
        let found = self.script_that_waits(RUN, &[json!(TAGS)]);
        let Value::Array(found) = found else {
            panic!("axe could not look at {}: {found}", self.url());
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        found
            .iter()
            .map(|one| Violation {
                rule: text(&one["rule"]),
                help: text(&one["help"]),
                places: one["places"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(text)
                    .collect(),
            })
            .collect()
    }
}

/// The text of axe-core.
fn source() -> Option<&'static str> {
    static SOURCE: OnceLock<Option<String>> = OnceLock::new();
    SOURCE
        .get_or_init(|| std::fs::read_to_string(place()).ok())
        .as_deref()
}

/// Where `scripts/install-axe` puts it.
fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-tools/axe.min.js")
}

//! What the rules cost: import, close and export by this program against the database's own shell
//! doing the same to the same rows with no rules at all.
//!
//! `cargo bench -p hitokuchi-server --bench ledger -- [LINES] [sqlite|postgres|both]`, or
//! `make bench`. Prints a table in Markdown: whole-process times, medians of three, the two in
//! turn; their ratio; rows per second; the peak memory of our process. Everything happens in a
//! temporary folder under `bench-data/`.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::float_arithmetic,
    reason = "a measuring tool: what cannot be set up ends it, and its ratios are not money"
)]

mod measure;
mod postgres;
mod report;
mod sqlite;
mod two_coops;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use testkit::{MadeUp, fixtures};

use crate::report::Report;

/// Lines where none are asked for.
const LINES_DEFAULT: u32 = 1_000_000;
/// How often each step is run, in turn with its floor.
pub const TURNS: usize = 3;
/// The co-op whose members all lines are of, and the month they are collected in.
pub const COOP: &str = "01";
pub const MONTH: &str = "2025-08";

fn main() {
    // `cargo bench` adds `--bench`; `cargo test --benches` must not measure anything.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|w| !w.starts_with("--"))
        .collect();
    if !std::env::args().any(|w| w == "--bench") {
        return;
    }
    let lines = words
        .iter()
        .find_map(|w| w.parse().ok())
        .unwrap_or(LINES_DEFAULT);
    let wanted = words
        .iter()
        .find(|w| w.parse::<u32>().is_err())
        .map_or("both", String::as_str);
    let folder = tempfile::tempdir_in(bench_folder()).expect("a folder for the measurements");
    println!("{}", report::machine());
    for lines in [lines / 2, lines] {
        let files = Files::make(folder.path(), lines, &[COOP]);
        if wanted != "postgres" {
            Report::print(&sqlite::measure(&files), "SQLite", lines);
        }
        if wanted != "sqlite" {
            match postgres::measure(&files) {
                Some(mut steps) => {
                    let coops = &two_coops::COOPS;
                    let files = Files::make(&folder.path().join("two"), lines, coops);
                    steps.extend(two_coops::measure(&files));
                    Report::print(&steps, "PostgreSQL", lines);
                }
                None => println!("PostgreSQL is not installed: not measured\n"),
            }
        }
    }
}

fn bench_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench-data");
    fs::create_dir_all(&folder).expect("the folder bench-data");
    folder
}

/// The made-up files everything is measured on.
pub struct Files {
    pub folder: PathBuf,
    pub lines: u32,
    pub members: PathBuf,
    pub applications: PathBuf,
}

impl Files {
    fn make(folder: &Path, lines: u32, coops: &[&str]) -> Self {
        let folder = folder.join(lines.to_string());
        fs::create_dir_all(&folder).expect("a folder for the files");
        let made_up = MadeUp {
            coops,
            members: lines,
            doubtful_per_thousand: 0,
            seed: 20_250_714,
        };
        let (members, applications) = (folder.join("members.csv"), folder.join("applications.csv"));
        let create = |path: &Path| BufWriter::new(File::create(path).expect("create a file"));
        made_up
            .write_members(create(&members))
            .expect("write the members");
        made_up
            .write_applications(create(&applications))
            .expect("write the applications");
        Self {
            folder,
            lines,
            members,
            applications,
        }
    }
}

/// Runs `hitokuchi` with these words; it must succeed. Gives what it took.
pub fn hitokuchi(url: &str, words: &[&str]) -> measure::Taken {
    let mut all = vec!["--json"];
    all.extend_from_slice(words);
    all.extend_from_slice(&["--database-url", url]);
    measure::run(env!("CARGO_BIN_EXE_hitokuchi"), &all, None)
}

/// A database with the newsletters' facts and the made-up members.
pub fn fill_reference_data(url: &str, files: &Files) -> measure::Taken {
    for (table, file) in fixtures::NEWSLETTER {
        hitokuchi(
            url,
            &["import", table, &fixtures::path(file).display().to_string()],
        );
    }
    hitokuchi(
        url,
        &["import", "members", &files.members.display().to_string()],
    )
}

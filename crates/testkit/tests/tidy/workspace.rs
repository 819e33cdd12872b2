//! What the tidy tests look at: the packages as Cargo sees them and the files of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Folders at the top that hold nothing of ours.
const NOT_OURS: [&str; 4] = [".git", "target", "data", "bench-data"];

/// The top folder of the repository.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        root.canonicalize()
            .expect("the top folder of the repository")
    })
}

/// All packages that are built for this machine, ours and others', as `cargo metadata` names them.
pub fn packages() -> &'static [Value] {
    static PACKAGES: OnceLock<Vec<Value>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(["--filter-platform", &this_machine()])
            .current_dir(root())
            .output()
            .expect("run cargo metadata");
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo metadata: {words}");
        let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON from cargo");
        let used: Vec<String> = metadata["resolve"]["nodes"]
            .as_array()
            .expect("the packages in use")
            .iter()
            .map(|node| text(node, "id").to_owned())
            .collect();
        let Value::Array(mut packages) = metadata["packages"].take() else {
            panic!("cargo metadata lists no packages");
        };
        packages.retain(|package| used.iter().any(|id| id == text(package, "id")));
        packages
    })
}

/// The packages of this workspace.
pub fn our_packages() -> impl Iterator<Item = &'static Value> {
    packages()
        .iter()
        .filter(|package| package["source"].is_null())
}

/// A field of a package that is text.
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {value}"))
}

/// Every file of the repository with one of these endings, as its path from the top.
pub fn files(endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .expect("list a folder of the repository")
            .flatten()
        {
            let path = entry.path();
            let from_top = path.strip_prefix(root()).expect("a path in the repository");
            let name = from_top.to_str().expect("a path in UTF-8").to_owned();
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(name);
            }
        }
    }
    found.sort();
    assert!(
        !found.is_empty(),
        "no file ends in {endings:?}: the tidy tests look in the wrong place"
    );
    found
}

/// The content of a file that is named by its path from the top.
pub fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The platform that the compiler builds for, in its own words.
fn this_machine() -> String {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("run rustc -vV");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("the host in rustc's version")
        .to_owned()
}

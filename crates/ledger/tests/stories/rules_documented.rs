//! `docs/RULES.md` names the stories that prove each rule, and they are told.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions of the stories, by name.
fn told() -> BTreeSet<String> {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut names = BTreeSet::new();
    tell(&stories, &mut names);
    names
}

/// Adds those of a folder and of the folders in it.
fn tell(folder: &Path, names: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).expect("a folder of stories");
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            tell(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = read(&path);
            let functions = text.lines().filter_map(|line| line.strip_prefix("fn "));
            let functions = functions.filter_map(|rest| rest.split('(').next());
            names.extend(functions.map(str::to_owned));
        }
    }
}

/// The names in back quotes.
fn documented() -> BTreeSet<String> {
    let text = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/RULES.md"));
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|name| name.contains('_') && !name.contains(['/', ' ', '.']))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_story_that_the_table_of_rules_names_is_told() {
    let told = told();
    let missing: Vec<_> = documented()
        .into_iter()
        .filter(|n| !told.contains(n))
        .collect();
    assert!(missing.is_empty(), "told nowhere: {missing:?}");
}

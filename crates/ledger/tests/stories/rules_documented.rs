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
    let files = fs::read_dir(&stories).expect("the folder of the stories");
    files
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|end| end == "rs"))
        .flat_map(|file| {
            let text = read(&file.path());
            let names = text.lines().filter_map(|line| line.strip_prefix("fn "));
            let names = names.filter_map(|rest| rest.split('(').next());
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
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

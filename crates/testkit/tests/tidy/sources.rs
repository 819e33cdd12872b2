//! What the text of the repository has to be like.

use crate::assert_nothing_breaks;
use crate::workspace::{files, read};

const LINES_MAX: usize = 600;
/// Names that say nothing about what is in a file.
const EMPTY_NAMES: [&str; 7] = [
    "util", "utils", "helper", "helpers", "common", "manager", "misc",
];

#[test]
fn a_file_is_about_one_thing() {
    let places: Vec<String> = files(&[".rs"])
        .into_iter()
        .filter(|name| !name.contains("/tests/"))
        .map(|name| (read(&name).lines().count(), name))
        .filter(|(lines, _)| *lines > LINES_MAX)
        .map(|(lines, name)| format!("{name} has {lines} lines: which two things is it about?"))
        .collect();
    assert_nothing_breaks("A file outside tests has at most 600 lines.", &places);
}

#[test]
fn a_file_is_named_after_what_it_is_about() {
    let places: Vec<String> = files(&[".rs"])
        .into_iter()
        .filter(|name| {
            name.split('/')
                .any(|part| EMPTY_NAMES.contains(&part.trim_end_matches(".rs")))
        })
        .collect();
    assert_nothing_breaks("The name of a file or folder says what is in it.", &places);
}

#[test]
fn nothing_is_left_unfinished() {
    let mut places = Vec::new();
    for name in files(&[".rs", ".sql", ".toml", ".md", "Makefile"]) {
        for (index, line) in read(&name).lines().enumerate() {
            if let Some(word) = unfinished_word(line) {
                places.push(format!(
                    "{name}:{}: {word}: do it or open an issue",
                    index + 1
                ));
            }
        }
    }
    assert_nothing_breaks("Nothing is left for later in the text.", &places);
}

/// The word of a line that marks work left for later.
fn unfinished_word(line: &str) -> Option<&str> {
    // In pieces, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
    ];
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| marks.contains(word))
}

#[test]
fn a_mark_of_unfinished_work_is_a_word_of_its_own() {
    assert_eq!(
        unfinished_word(concat!("// TO", "DO: later")),
        Some(concat!("TO", "DO"))
    );
    assert_eq!(
        unfinished_word(concat!("FIX", "ME")),
        Some(concat!("FIX", "ME"))
    );
    assert_eq!(unfinished_word("mktemp /tmp/copy.XXXXXX"), None);
    assert_eq!(unfinished_word("the method"), None);
}

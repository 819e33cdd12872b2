//! Everything that is built into the program may be given on under our licences.

use serde_json::Value;

use crate::assert_nothing_breaks;
use crate::workspace::{packages, read, text};

/// Licences that let us give the program on as MIT or Apache-2.0. `deny.toml` has the same.
const ALLOWED: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "PostgreSQL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[test]
fn every_package_has_a_licence_that_we_may_give_on() {
    let places: Vec<String> = packages()
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(is_allowed))
        .map(|package| {
            let (name, licence) = (text(package, "name"), &package["license"]);
            let file = match &package["license_file"] {
                Value::String(file) => format!(", see its {file}"),
                _ => String::new(),
            };
            format!("{name}: {licence}{file}: do without it, or show that its licence fits")
        })
        .collect();
    assert_nothing_breaks("Every package has a licence of the list.", &places);
}

/// Whether an SPDX expression leaves a choice in which every licence is allowed. `/` is the old way of
/// writing OR.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

fn either(words: &mut &[&str]) -> bool {
    let mut allowed = both(words);
    while take(words, "OR") {
        allowed |= both(words);
    }
    allowed
}

fn both(words: &mut &[&str]) -> bool {
    let mut allowed = single(words);
    while take(words, "AND") {
        allowed &= single(words);
    }
    allowed
}

fn single(words: &mut &[&str]) -> bool {
    if take(words, "(") {
        let allowed = either(words);
        return take(words, ")") && allowed;
    }
    let Some((licence, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    if !take(words, "WITH") {
        return ALLOWED.contains(licence);
    }
    let Some((exception, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    ALLOWED.contains(&format!("{licence} WITH {exception}").as_str())
}

fn take(words: &mut &[&str], word: &str) -> bool {
    let found = words.first() == Some(&word);
    if found {
        *words = &words[1..];
    }
    found
}

#[test]
fn the_audit_allows_the_same_licences() {
    let text = read("deny.toml");
    let (_, after) = text.split_once("\nallow = [").expect("a list of licences");
    let (list, _) = after.split_once(']').expect("its end");
    let allowed: Vec<&str> = list
        .split(',')
        .map(|item| item.trim().trim_matches('"'))
        .filter(|item| !item.is_empty())
        .collect();
    assert_eq!(allowed, ALLOWED);
}

#[test]
fn a_licence_expression_is_read_as_a_choice() {
    for (expression, allowed) in [
        ("MIT", true),
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", true),
        ("GPL-3.0-only", false),
        ("MIT AND GPL-3.0-only", false),
        ("(MIT OR Apache-2.0) AND GPL-3.0-only", false),
        ("Apache-2.0 WITH Another-exception", false),
        ("(MIT", false),
        ("MIT MIT", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}

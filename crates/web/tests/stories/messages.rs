//! Every string in both languages, each of them used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

/// What a message of a file says: its variables.
type Messages = BTreeMap<String, BTreeSet<String>>;

#[test]
fn both_languages_say_the_same_with_the_same_values() {
    let (ja, en) = (messages("ja"), messages("en"));
    let mut wrong = Vec::new();
    for key in ja.keys().chain(en.keys()).collect::<BTreeSet<_>>() {
        match (ja.get(key), en.get(key)) {
            (Some(ja), Some(en)) if ja == en => {}
            (Some(ja), Some(en)) => wrong.push(format!("{key}: {ja:?} in ja, {en:?} in en")),
            (None, _) => wrong.push(format!("{key} is missing in ja")),
            (_, None) => wrong.push(format!("{key} is missing in en")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_asked_for_is_there_and_every_one_there_is_asked_for() {
    let there = messages("ja");
    let mut files = Vec::new();
    gather(&root().join("src"), &mut files);
    gather(&root().join("templates"), &mut files);
    let (mut asked, mut families) = (BTreeSet::new(), BTreeSet::new());
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        families.extend(families_in(&text));
        asked.extend(keys_in(&text));
    }
    let mut wrong = Vec::new();
    for key in &asked {
        if !there.contains_key(key) && !families.iter().any(|family| family == key) {
            wrong.push(format!("{key} is asked for, but in no file"));
        }
    }
    for family in &families {
        if !there.keys().any(|key| key.starts_with(family.as_str())) {
            wrong.push(format!("no message begins with {family}"));
        }
    }
    for key in there.keys() {
        let is_of_family = families
            .iter()
            .any(|family| key.starts_with(family.as_str()));
        if !asked.contains(key) && !is_of_family {
            wrong.push(format!("{key} is never asked for"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The messages of a language, from all its files. Panics where a file cannot be read or a key is
/// there twice.
fn messages(language: &str) -> Messages {
    let mut found = Messages::new();
    let mut files = Vec::new();
    gather(&root().join("messages").join(language), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let resource = parser::parse(text.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
        for entry in &resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let mut values = BTreeSet::new();
            if let Some(pattern) = &message.value {
                values_in(pattern, &mut values);
            }
            let key = message.id.name.to_owned();
            let area = file
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .replace('_', "-");
            assert!(
                key.starts_with(&format!("{area}-")),
                "{key} stands in {area}.ftl: its name begins with its area's"
            );
            let before = found.insert(key.clone(), values);
            assert!(before.is_none(), "{key} is there twice in {language}");
        }
    }
    assert!(!found.is_empty());
    found
}

fn values_in(pattern: &Pattern<&str>, values: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => value_of(inline, values),
                Expression::Select { selector, variants } => {
                    value_of(selector, values);
                    for variant in variants {
                        values_in(&variant.value, values);
                    }
                }
            }
        }
    }
}

fn value_of(inline: &InlineExpression<&str>, values: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        values.insert(id.name.to_owned());
    }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Families of keys that are put together: `messages: review-reason-*` in a comment says so.
fn families_in(text: &str) -> BTreeSet<String> {
    let after = text.split("messages: ").skip(1);
    after
        .flat_map(|rest| rest.lines().next().unwrap_or_default().split([' ', ',']))
        .filter_map(|word| Some(word.trim().strip_suffix('*')?.to_owned()))
        .collect()
}

/// Every text between quotes that begins as a key of some area does.
fn keys_in(text: &str) -> BTreeSet<String> {
    let areas: BTreeSet<String> = fs::read_dir(root().join("messages/ja"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            path.file_stem()
                .unwrap()
                .to_string_lossy()
                .replace('_', "-")
        })
        .collect();
    let keys = text.split('"').filter(|word| {
        let is_key = word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        is_key
            && areas
                .iter()
                .any(|area| word.starts_with(&format!("{area}-")))
    });
    keys.map(str::to_owned).collect()
}

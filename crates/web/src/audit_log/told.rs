//! An event in plain words, in either language.

use ledger::Operation;
use ledger::audit_log::{AuditEventView, actions};
use serde_json::Value;

use crate::page::Page;

/// Letters of a value that are shown in a line; the whole of it is in the export.
const VALUE_CHARS_MAX: usize = 300;

/// Letters of a file's hash that are shown.
const FILE_CHARS: usize = 12;

/// What was done, in words.
pub fn action(page: &Page, name: &str) -> String {
    if page.is_japanese() {
        return ledger::audit_log::action_ja(name).to_owned();
    }
    // The names are the use cases' own, in English: `close_batch`.
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// What there is to choose from: each action with its words.
pub fn offered(page: &Page) -> Vec<(String, String)> {
    actions()
        .map(|(name, _)| (name.to_owned(), action(page, name)))
        .collect()
}

/// What it was done to: its kind in words, and its number or name.
pub fn subject(page: &Page, subject: &str) -> String {
    let (kind, name) = subject.split_once(':').unwrap_or((subject, ""));
    // A file is known by its hash: the first letters of it tell it apart.
    let name = match (kind, name) {
        ("file", _) => name.get(..FILE_CHARS).unwrap_or(name).to_owned(),
        ("verification", "all_well") => page.t("proof-ok"),
        ("verification", _) => page.t("proof-not-ok"),
        _ => name.to_owned(),
    };
    // messages: audit-log-subject-*
    let key = format!("audit-log-subject-{}", kind.replace('_', "-"));
    if page.language.has(&key) {
        format!("{} {name}", page.t(&key)).trim_end().to_owned()
    } else {
        subject.to_owned()
    }
}

/// Where whoever looks can see it; none where there is no page of its own, or not for them.
pub fn page_of(page: &Page, subject: &str) -> Option<String> {
    let (kind, id) = subject.split_once(':')?;
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let (operation, under) = match kind {
        "journal_entry" => (Operation::TraceJournalEntry, "/books/entries"),
        "remittance" => (Operation::GetRemittance, "/books/remittances"),
        "batch" => (Operation::ListHeldResults, "/results/batches"),
        "result_file" => (Operation::ListHeldResults, "/results/files"),
        "held_result" => (Operation::ListHeldResults, "/results/held"),
        "sheet" => (Operation::GetSheet, "/sheets"),
        _ => return None,
    };
    (is_number && page.may(operation)).then(|| format!("{under}/{id}"))
}

/// The parts of a value, each with its name: as it is kept, for whoever has to know exactly.
pub fn parts(value: &Option<Value>) -> Vec<(String, String)> {
    match value {
        None => Vec::new(),
        Some(Value::Object(parts)) => parts
            .iter()
            .filter(|(_, part)| !part.is_null())
            .map(|(name, part)| (name.clone(), shown(part)))
            .collect(),
        Some(other) => vec![(String::new(), shown(other))],
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= VALUE_CHARS_MAX {
        return text;
    }
    let short: String = text.chars().take(VALUE_CHARS_MAX).collect();
    format!("{short}…")
}

/// What an event says of before and after: each part once, with both values.
pub fn changes(event: &AuditEventView) -> Vec<(String, String, String)> {
    let (before, after) = (parts(&event.before), parts(&event.after));
    let mut rows: Vec<(String, String, String)> = Vec::new();
    for (name, value) in before {
        rows.push((name, value, String::new()));
    }
    for (name, value) in after {
        match rows.iter_mut().find(|(known, _, _)| *known == name) {
            Some(row) => row.2 = value,
            None => rows.push((name, String::new(), value)),
        }
    }
    rows
}

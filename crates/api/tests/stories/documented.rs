//! The OpenAPI document says everything that the service does, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use testkit::{TestApp, TestDatabase};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

fn document() -> Value {
    serde_json::to_value(api::document()).unwrap()
}

/// Method, path and description of every operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
    }
    found
}

#[test]
fn the_document_is_the_one_that_was_looked_at() {
    insta::assert_json_snapshot!("openapi", document());
}

#[test]
fn every_operation_is_routed() {
    let app = TestApp::from(TestDatabase::sqlite());
    for (method, path, operation) in operations(&document()) {
        let path = path
            .replace("{id}", "1")
            .replace("{number}", "108413")
            .replace("{coop}", "01")
            .replace("{report}", "trial-balance");
        let answer = app.raw(&method, &path, &[], &[]);
        let code = if answer.status < 400 {
            String::new()
        } else {
            answer.json()["code"].to_string()
        };
        let is_routed = answer.status != 405 && !code.contains("path_not_found");
        assert!(
            is_routed,
            "{} {method} {path}: {}",
            operation["operationId"], answer.status
        );
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_a_summary_and_its_refusals() {
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document()) {
        let name = operation["operationId"].as_str().unwrap().to_owned();
        assert!(name.contains('_'), "{name} is no verb_noun");
        assert!(
            operation["summary"].as_str().is_some_and(|s| !s.is_empty()),
            "{name}"
        );
        assert!(
            operation["tags"].as_array().is_some_and(|t| t.len() == 1),
            "{name}"
        );
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        for (status, response) in responses {
            let is_problem = response["content"]
                .get("application/problem+json")
                .is_some();
            assert_eq!(is_problem, !status.starts_with('2'), "{name} {status}");
            if is_problem {
                assert_codes(&name, status, response);
            }
        }
        assert!(responses.contains_key("503"), "{name}");
        assert!(
            names.insert(name),
            "{method} {path} has the name of another"
        );
    }
}

/// A refusal names its codes, each known, and shows one of them.
fn assert_codes(name: &str, status: &str, response: &Value) {
    let description = response["description"].as_str().unwrap();
    let named: Vec<&str> = description.split('`').skip(1).step_by(2).collect();
    let places = ["detail", "context", "problems", "Retry-After"];
    let codes: Vec<&&str> = named.iter().filter(|word| !places.contains(word)).collect();
    assert!(!codes.is_empty(), "{name} {status} names no code");
    for code in codes {
        assert!(
            front::titles::is_titled(code),
            "{name} {status}: {code} has no title"
        );
    }
    let example = &response["content"]["application/problem+json"]["example"];
    assert_eq!(example["status"].to_string(), status, "{name}: {example}");
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = document();
    let mut missing = BTreeSet::new();
    collect_missing(&document, &document, &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
}

fn collect_missing(value: &Value, document: &Value, missing: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.trim_start_matches('#');
                if document.pointer(pointer).is_none() {
                    missing.insert(reference.clone());
                }
            }
            fields
                .values()
                .for_each(|field| collect_missing(field, document, missing));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_missing(item, document, missing)),
        _ => {}
    }
}

#[test]
fn every_code_of_a_refusal_has_an_english_title() {
    let mut codes = BTreeSet::new();
    for (of, at_least) in [("ledger", 100), ("front", 5), ("api", 5), ("web", 5)] {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{of}/src"));
        let mut found = BTreeSet::new();
        collect_codes(&sources, &mut found);
        assert!(
            found.len() > at_least,
            "the search looks in the wrong place for those of {of}: {found:?}"
        );
        codes.append(&mut found);
    }
    let untitled: Vec<_> = codes
        .iter()
        .filter(|code| !front::titles::is_titled(code))
        .collect();
    assert!(
        untitled.is_empty(),
        "give these a title in titles.rs: {untitled:?}"
    );
}

fn collect_codes(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_codes(&path, codes);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for beginning in [
            "::invalid(",
            "::field(",
            "::refused(",
            "::not_found(",
            "code: ",
        ] {
            for (place, _) in text.match_indices(beginning) {
                codes.extend(quoted(&text[place + beginning.len()..]));
            }
        }
        // A `Problem` has its code behind its status.
        for (place, _) in text.match_indices("StatusCode::") {
            let status = &text[place + "StatusCode::".len()..];
            let rest = status.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_');
            codes.extend(rest.strip_prefix(',').and_then(quoted));
        }
    }
}

/// What stands between quotes, where the text begins with that.
fn quoted(text: &str) -> Option<String> {
    let inside = text.trim_start().strip_prefix('"')?;
    inside.split('"').next().map(str::to_owned)
}

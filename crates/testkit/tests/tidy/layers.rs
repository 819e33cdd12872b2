//! A crate uses only those below it; SQL stays in one of them.

use serde_json::Value;

use crate::assert_nothing_breaks;
use crate::workspace::{our_packages, text};

/// What each of our crates may use of the others.
const LAYERS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("credentials", &[]),
    ("formats", &["domain"]),
    ("store", &["domain", "formats"]),
    ("ledger", &["domain", "credentials", "formats", "store"]),
    ("front", &["ledger"]),
    (
        "api",
        &["domain", "credentials", "formats", "ledger", "front"],
    ),
    (
        "web",
        &["domain", "credentials", "formats", "ledger", "front"],
    ),
    ("doors", &["front", "api", "web"]),
    (
        "server",
        &[
            "domain",
            "credentials",
            "formats",
            "store",
            "ledger",
            "front",
            "doors",
        ],
    ),
    (
        "testkit",
        &[
            "domain",
            "credentials",
            "formats",
            "store",
            "ledger",
            "front",
            "doors",
        ],
    ),
];

/// The crates that speak to a database.
const DATABASE_CRATES: [&str; 5] = [
    "diesel",
    "diesel_migrations",
    "libsqlite3-sys",
    "pq-sys",
    "r2d2",
];

#[test]
fn a_crate_uses_only_those_below_it() {
    let mut places = Vec::new();
    for package in our_packages() {
        let name = crate_name(text(package, "name"));
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            places.push(format!(
                "{name} has no place among the layers: give it one here"
            ));
            continue;
        };
        for used in dependencies(package, &[None, Some("build")]) {
            if used.starts_with("hitokuchi-") && !allowed.contains(&crate_name(used)) {
                places.push(format!("{name} uses {used}: let it use only {allowed:?}"));
            }
        }
    }
    assert_nothing_breaks("A crate uses only those below it.", &places);
}

#[test]
fn only_store_names_diesel() {
    let mut places = Vec::new();
    for package in our_packages() {
        let name = crate_name(text(package, "name"));
        for used in dependencies(package, &[None, Some("build"), Some("dev")]) {
            if name != "store" && DATABASE_CRATES.contains(&used) {
                places.push(format!("{name} uses {used}: ask store for what it needs"));
            }
        }
    }
    assert_nothing_breaks("Only store speaks to a database.", &places);
}

#[test]
fn every_layer_is_a_crate() {
    let ours: Vec<&str> = our_packages()
        .map(|package| crate_name(text(package, "name")))
        .collect();
    for (layer, _) in LAYERS {
        assert!(
            ours.contains(&layer),
            "{layer} is among the layers, but there is no such crate"
        );
    }
}

fn crate_name(package: &str) -> &str {
    package.strip_prefix("hitokuchi-").unwrap_or(package)
}

/// The names of what a package uses in these ways; `None` is the ordinary one.
fn dependencies<'a>(package: &'a Value, ways: &[Option<&str>]) -> Vec<&'a str> {
    let dependencies = package["dependencies"]
        .as_array()
        .expect("a list of dependencies");
    dependencies
        .iter()
        .filter(|dependency| ways.contains(&dependency["kind"].as_str()))
        .map(|dependency| text(dependency, "name"))
        .collect()
}

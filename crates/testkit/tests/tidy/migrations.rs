//! The two databases have the same migrations under the same names.

use std::collections::BTreeSet;

use crate::assert_nothing_breaks;
use crate::workspace::files;

#[test]
fn every_migration_has_its_twin() {
    let files = files(&[".sql"]);
    let of = |database: &str| -> BTreeSet<&str> {
        let folder = format!("migrations/{database}/");
        files
            .iter()
            .filter_map(|file| file.strip_prefix(&folder))
            .collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    assert!(!sqlite.is_empty(), "no migration of SQLite found");
    let places: Vec<String> = sqlite
        .symmetric_difference(&postgres)
        .map(|name| format!("{name} is in one of migrations/sqlite and migrations/postgres only"))
        .collect();
    assert_nothing_breaks("Migrations are twins.", &places);
}

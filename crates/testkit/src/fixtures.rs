//! The files of `fixtures/`, for tests of every crate.

use std::path::{Path, PathBuf};

/// What `hitokuchi import` takes from the newsletters, in the order in which one builds on the other:
/// the name of the import and its file.
pub const NEWSLETTER: [(&str, &str); 6] = [
    ("cooperatives", "newsletter/cooperatives.csv"),
    ("funds", "newsletter/funds.csv"),
    ("organizations", "newsletter/organizations.csv"),
    ("campaigns", "newsletter/campaigns.csv"),
    ("cycles", "newsletter/cycles.csv"),
    ("offerings", "newsletter/offerings.csv"),
];

/// The members and the supporters of old of the sample, to be imported after [`NEWSLETTER`].
pub const SAMPLE: [(&str, &str); 2] = [
    ("members", "sample/members.csv"),
    ("pledges", "sample/pledges.csv"),
];

/// Where a file of `fixtures/` is, by its path in there. Panics when there is none.
pub fn path(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(name);
    path.canonicalize()
        .unwrap_or_else(|error| panic!("fixtures/{name}: {error}"))
}

/// The content of a file of `fixtures/`. Panics when there is none.
pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("fixtures/{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_could_be_a_persons_says_that_it_is_made_up() {
        let members = String::from_utf8(bytes("sample/members.csv")).expect("members in UTF-8");
        let names: Vec<&str> = members
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(2))
            .collect();
        assert!(names.len() > 100, "only {} sample members", names.len());
        assert!(
            names.iter().all(|name| name.starts_with("見本")),
            "{names:?}"
        );
    }

    #[test]
    fn every_listed_file_is_there() {
        for (_, file) in NEWSLETTER.iter().chain(&SAMPLE) {
            assert!(!bytes(file).is_empty(), "{file}");
        }
    }
}

//! What a token is confined to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::operation::{Area, Operation, Reach};
use crate::{LedgerError, Result};

/// The word for every area.
const ALL: &str = "all";
/// The ending of a scope that only looks.
const READ: &str = ":read";

/// An area, or all of them; whole, or only to look: `billing`, `billing:read`, `all`, `all:read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The area; none for all of them.
    area: Option<Area>,
    only_read: bool,
}

impl Scope {
    fn covers(self, operation: Operation) -> bool {
        let is_of_area = self.area.is_none_or(|area| area == operation.area());
        is_of_area && (!self.only_read || operation.reach() == Reach::Read)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.area.map_or(ALL, Area::as_str))?;
        f.write_str(if self.only_read { READ } else { "" })
    }
}

impl FromStr for Scope {
    type Err = LedgerError;

    fn from_str(word: &str) -> Result<Self> {
        let (name, only_read) = match word.strip_suffix(READ) {
            Some(name) => (name, true),
            None => (word, false),
        };
        // A token does not manage its person's sign-in.
        let area = Area::ALL
            .into_iter()
            .filter(|area| *area != Area::Account)
            .find(|area| area.as_str() == name);
        if name == ALL || area.is_some() {
            return Ok(Self { area, only_read });
        }
        let known: Vec<&str> = Area::ALL
            .into_iter()
            .filter(|area| !matches!(area, Area::Account | Area::Service))
            .map(Area::as_str)
            .collect();
        Err(LedgerError::field(
            "scope_unknown",
            "scopes",
            format!(
                "範囲「{word}」はありません。all か {}（見るだけなら {name}:read のように）で指定してください",
                known.join("、")
            ),
        ))
    }
}

/// The scopes of a token: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether one of them covers an operation. None covers one's own account.
    pub fn cover(&self, operation: Operation) -> bool {
        operation.area() != Area::Account && self.0.iter().any(|scope| scope.covers(operation))
    }
}

impl FromStr for Scopes {
    type Err = LedgerError;

    fn from_str(words: &str) -> Result<Self> {
        let words = words.split(',').map(|word| word.trim().to_owned());
        Self::try_from(words.filter(|word| !word.is_empty()).collect::<Vec<_>>())
    }
}

impl TryFrom<Vec<String>> for Scopes {
    type Error = LedgerError;

    fn try_from(words: Vec<String>) -> Result<Self> {
        if words.is_empty() {
            return Err(LedgerError::field(
                "scopes_missing",
                "scopes",
                "範囲をひとつは指定してください（すべてなら all）",
            ));
        }
        let scopes = words.iter().map(|word| word.parse());
        scopes.collect::<Result<_>>().map(Self)
    }
}

impl From<Scopes> for Vec<String> {
    fn from(scopes: Scopes) -> Self {
        scopes.0.iter().map(Scope::to_string).collect()
    }
}

/// With commas, as the database keeps them.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Vec::from(self.clone()).join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_its_area_and_no_more() {
        let scopes: Scopes = "intake, billing:read".parse().unwrap();
        assert_eq!(scopes.to_string(), "intake,billing:read");
        assert!(scopes.cover(Operation::RecordApplication));
        assert!(scopes.cover(Operation::PreviewBatch));
        assert!(!scopes.cover(Operation::CloseBatch));
        assert!(!scopes.cover(Operation::ListPledges));
    }

    #[test]
    fn all_is_all_but_the_account() {
        let all: Scopes = "all".parse().unwrap();
        let covered = Operation::all().filter(|operation| all.cover(*operation));
        let account = Operation::all().filter(|operation| operation.area() == Area::Account);
        assert_eq!(covered.count() + account.count(), Operation::all().count());
    }

    #[test]
    fn a_scope_that_is_none_is_refused_by_name() {
        for words in ["", "account", "money", "billing:write"] {
            assert!(words.parse::<Scopes>().is_err(), "{words}");
        }
    }
}

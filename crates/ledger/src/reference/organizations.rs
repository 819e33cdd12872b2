//! `import organizations`: 団体, by code.

use std::collections::HashMap;

use formats::table::Problems;
use formats::tables::OrganizationRow;
use store::tables::organizations;

use super::rows::{Check, Keys};
use super::{Fate, Outcome};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

pub(super) const ORGANIZATION: &str = "団体コード";

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, OrganizationRow)> = file.read_rows()?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, check)
}

/// Adds what is new, and renames what has another name.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rows: &[(u64, OrganizationRow)],
    check: Check<'_>,
) -> Result<Outcome> {
    let mut problems = Problems::new();
    let mut keys = Keys::new();
    for (line, row) in rows {
        let code = row.organization.as_str();
        keys.note(code, *line, ORGANIZATION, code, &mut problems);
    }
    check(&problems)?;
    let known: HashMap<_, _> = organizations::all(tx.connection)?
        .into_iter()
        .map(|one| (one.code.clone(), one))
        .collect();
    let mut outcome = Outcome::default();
    for (_, row) in rows {
        let fate = match known.get(row.organization.as_str()) {
            None => {
                organizations::insert(tx.connection, row.organization.as_str(), &row.name)?;
                Fate::Added
            }
            Some(one) if one.name != row.name => {
                organizations::rename(tx.connection, one.id, &row.name)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

//! `import funds`: 基金, by code.

use std::collections::HashMap;

use formats::table::Problems;
use formats::tables::FundRow;
use store::tables::funds;

use super::rows::{Check, Keys};
use super::{Fate, Outcome};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

pub(super) const FUND: &str = "基金コード";

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, FundRow)> = file.read_rows()?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, check)
}

/// Adds what is new, and renames what has another name.
pub(super) fn take(tx: &mut Tx<'_>, rows: &[(u64, FundRow)], check: Check<'_>) -> Result<Outcome> {
    let mut problems = Problems::new();
    let mut keys = Keys::new();
    for (line, row) in rows {
        let code = row.fund.as_str();
        keys.note(code, *line, FUND, code, &mut problems);
    }
    check(&problems)?;
    let known: HashMap<_, _> = funds::all(tx.connection)?
        .into_iter()
        .map(|one| (one.code.clone(), one))
        .collect();
    let mut outcome = Outcome::default();
    for (_, row) in rows {
        let fate = match known.get(row.fund.as_str()) {
            None => {
                funds::insert(tx.connection, row.fund.as_str(), &row.name)?;
                Fate::Added
            }
            Some(one) if one.name != row.name => {
                funds::rename(tx.connection, one.id, &row.name)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

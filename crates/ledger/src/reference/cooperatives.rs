//! `import cooperatives`: 単協, by code. Each gets a number of its own for the 請求キー.

use std::collections::{BTreeSet, HashMap};

use formats::table::{LineProblem, Problems};
use formats::tables::CooperativeRow;
use store::tables::cooperatives::{self, Cooperative};

use super::rows::{Check, Keys};
use super::{Fate, Outcome};
use crate::Result;
use crate::table_file::TableFile;
use crate::tx::Tx;

/// The most co-ops there can be: their numbers have three digits in the 請求キー (§6).
const COOPERATIVES_MAX: i64 = 999;

pub(super) const COOP: &str = "単協コード";

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, CooperativeRow)> = file.read_rows()?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, check)
}

/// Adds what is new, each with a number of its own, and renames what has another name.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rows: &[(u64, CooperativeRow)],
    check: Check<'_>,
) -> Result<Outcome> {
    let mut problems = Problems::new();
    let mut keys = Keys::new();
    for (line, row) in rows {
        let code = row.coop.as_str();
        keys.note(code, *line, COOP, code, &mut problems);
    }
    let known = cooperatives::all(tx.connection)?;
    let known: HashMap<_, _> = known.iter().map(|one| (one.code.as_str(), one)).collect();
    let new: Vec<_> = rows
        .iter()
        .filter(|(_, row)| !known.contains_key(row.coop.as_str()))
        .collect();
    let taken = known.values().map(|one| one.id).collect();
    let numbers = number_new(&new, taken, &mut problems);
    check(&problems)?;
    let mut outcome = Outcome::default();
    for (line, row) in rows {
        let code = row.coop.as_str();
        let fate = match known.get(code) {
            Some(one) if one.name != row.name => {
                cooperatives::rename(tx.connection, one.id, &row.name)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
            None => {
                // Every new line has got a number, or the file was refused.
                let id = numbers.get(line).copied().unwrap_or_default();
                let added = Cooperative {
                    id,
                    code: code.to_owned(),
                    name: row.name.clone(),
                };
                cooperatives::insert(tx.connection, &added)?;
                Fate::Added
            }
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

/// The number of each new co-op, by line: its code where that is a free number, else the lowest
/// one that is free.
fn number_new(
    new: &[&(u64, CooperativeRow)],
    mut taken: BTreeSet<i64>,
    problems: &mut Problems,
) -> HashMap<u64, i64> {
    let mut numbers = HashMap::new();
    for (line, row) in new {
        let own = row.coop.as_str().parse().ok();
        if let Some(own) = own.filter(|n| (1..=COOPERATIVES_MAX).contains(n))
            && taken.insert(own)
        {
            numbers.insert(*line, own);
        }
    }
    for (line, row) in new {
        if numbers.contains_key(line) {
            continue;
        }
        match (1..=COOPERATIVES_MAX).find(|number| !taken.contains(number)) {
            Some(free) => {
                taken.insert(free);
                numbers.insert(*line, free);
            }
            None => {
                let reason = format!("単協は{COOPERATIVES_MAX}までしか登録できません");
                problems.push(LineProblem::of_field(
                    *line,
                    COOP,
                    row.coop.as_str(),
                    reason,
                ));
            }
        }
    }
    numbers
}

//! `import cycles`: 企画回, by label.

use std::collections::HashMap;

use domain::{CollectionMonth, Window};
use formats::table::{LineProblem, Problems};
use formats::tables::CycleRow;
use store::tables::cycles::{self, Cycle, CycleValues};
use store::tables::{month_closings, offerings};

use super::rows::{Check, Keys};
use super::windows::{NumberWindow, check_windows};
use super::{Fate, Outcome};
use crate::Result;
use crate::error::stored;
use crate::table_file::TableFile;
use crate::tx::Tx;

pub(super) const CYCLE: &str = "企画回";
const OPENS_ON: &str = "申込開始";
const COLLECTION_MONTH: &str = "集金月";

/// The cycles there are, by label.
pub(super) struct Known(HashMap<String, Cycle>);

impl Known {
    pub(super) fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let all = cycles::all(tx.connection)?.into_iter();
        Ok(Self(
            all.map(|one| (one.values.label.clone(), one)).collect(),
        ))
    }

    pub(super) fn has(&self, label: &str) -> bool {
        self.0.contains_key(label)
    }

    /// From here on rows under `label` speak of the cycle whose label still is `before`.
    pub(super) fn relabel(&mut self, before: &str, label: &str) {
        if let Some(one) = self.0.remove(before) {
            self.0.insert(label.to_owned(), one);
        }
    }

    fn before(&self, values: &CycleValues) -> Option<&Cycle> {
        self.0.get(&values.label)
    }
}

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, CycleRow)> = file.read_rows()?;
    let known = Known::load(tx)?;
    let check: Check<'_> = &|problems: &Problems| file.check(problems);
    take(tx, &rows, &known, check)
}

/// Adds what is new, and changes what says something else.
pub(super) fn take(
    tx: &mut Tx<'_>,
    rows: &[(u64, CycleRow)],
    known: &Known,
    check: Check<'_>,
) -> Result<Outcome> {
    let mut problems = Problems::new();
    let mut keys = Keys::new();
    for (line, row) in rows {
        keys.note(row.cycle.as_str(), *line, CYCLE, &row.cycle, &mut problems);
    }
    let wanted: Vec<_> = rows
        .iter()
        .map(|(line, row)| (*line, values(row)))
        .collect();
    let mut outcome = Outcome::default();
    check_history(tx, &wanted, known, &mut outcome, &mut problems)?;
    check_new_windows(tx, &wanted, known, &mut problems)?;
    check(&problems)?;
    let moved: Vec<i64> = wanted
        .iter()
        .filter_map(|(_, values)| Some((values, known.before(values)?)))
        .filter(|(values, one)| window(values) != window(&one.values))
        .map(|(_, one)| one.id)
        .collect();
    cycles::set_windows_aside(tx.connection, &moved)?;
    for (_, values) in &wanted {
        let fate = match known.before(values) {
            None => {
                cycles::insert(tx.connection, values)?;
                Fate::Added
            }
            Some(one) if one.values != *values => {
                cycles::update(tx.connection, one.id, values)?;
                Fate::Changed
            }
            Some(_) => Fate::Unchanged,
        };
        outcome.count(fate);
    }
    Ok(outcome)
}

fn values(row: &CycleRow) -> CycleValues {
    CycleValues {
        label: row.cycle.clone(),
        iso_week: row.iso_week.to_string(),
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        web_closes_on: row.web_closes_on,
        collection_month: row.collection_month.as_int(),
    }
}

/// A cycle with applications keeps its label, and its month once a co-op has closed that.
fn check_history(
    tx: &mut Tx<'_>,
    wanted: &[(u64, CycleValues)],
    known: &Known,
    outcome: &mut Outcome,
    problems: &mut Problems,
) -> Result<()> {
    let turned: Vec<_> = wanted
        .iter()
        .filter_map(|(line, values)| Some((*line, values, known.before(values)?)))
        .filter(|(_, values, one)| {
            (values.collection_month, &values.label)
                != (one.values.collection_month, &one.values.label)
        })
        .collect();
    let ids: Vec<_> = turned.iter().map(|(_, _, one)| one.id).collect();
    let applied_for = cycles::with_applications(tx.connection, &ids)?;
    for (line, values, one) in turned {
        if !applied_for.contains(&one.id) {
            continue;
        }
        if values.label != one.values.label {
            let reason = format!(
                "{}にはすでに申込があるため、企画回の名前は変えられません。元に戻してください",
                one.values.label
            );
            problems.push(LineProblem::of_field(line, CYCLE, "", reason));
        }
        let before = one.values.collection_month;
        if values.collection_month == before {
            continue;
        }
        let month = stored("cycles.collection_month", CollectionMonth::from_int(before))?;
        if month_closings::is_closed_anywhere(tx.connection, before)? {
            let reason = format!(
                "{}には申込があり、その集金月 {month} はすでに締められているため、変えられません。{month} に戻してください",
                values.label
            );
            problems.push(LineProblem::of_field(line, COLLECTION_MONTH, "", reason));
        } else {
            outcome.note(
                line,
                format!(
                    "{}の集金月を変えました。すでに受け付けた申込は {month} のままです",
                    values.label
                ),
            );
        }
    }
    Ok(())
}

/// Whatever its offerings are, no number's windows may overlap (R1).
fn check_new_windows(
    tx: &mut Tx<'_>,
    wanted: &[(u64, CycleValues)],
    known: &Known,
    problems: &mut Problems,
) -> Result<()> {
    let by_id: HashMap<i64, _> = wanted
        .iter()
        .filter_map(|(line, values)| Some((known.before(values)?.id, (*line, values))))
        .collect();
    let offerings = offerings::all(tx.connection)?;
    let windows = offerings
        .iter()
        .map(|one| {
            let before = Window {
                opens_on: one.opens_on,
                closes_on: one.closes_on,
                web_closes_on: one.web_closes_on,
            };
            let told = by_id.get(&one.values.cycle_id);
            let (line, window) = match told {
                Some((line, values)) => (Some(*line), window(values)),
                None => (None, before),
            };
            NumberWindow {
                order_number: &one.values.order_number,
                cycle_label: &one.cycle_label,
                title: &one.values.title,
                line: line.filter(|_| window != before),
                window,
            }
        })
        .collect();
    check_windows(windows, OPENS_ON, problems);
    Ok(())
}

fn window(values: &CycleValues) -> Window {
    Window {
        opens_on: values.opens_on,
        closes_on: values.closes_on,
        web_closes_on: values.web_closes_on,
    }
}

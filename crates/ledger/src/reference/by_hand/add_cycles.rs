//! `add_cycles`: new ordering weeks.

use formats::table::Problems;
use formats::tables::CycleRow;
use serde::{Deserialize, Serialize};

use super::super::cycles::{self, CYCLE, Known};
use super::super::lists::{CycleView, cycle_view, find_cycle};
use super::super::rows::there_already;
use super::TypedCycle;
use super::typed::{check, read_all};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// So many cycles are added at most at once: a year of weeks.
const CYCLES_MAX: usize = 53;
/// What the list is called in refusals: `cycles/0/opens_on`.
const LIST: &str = "cycles";

/// The cycles to add, all of them or none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCycles {
    /// As they were typed.
    pub cycles: Vec<TypedCycle>,
}

/// The cycles that were added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CyclesAdded {
    /// In the order of the request.
    pub cycles: Vec<CycleView>,
}

impl Ledger {
    /// Adds cycles, as proposed or as corrected: all of them or none.
    ///
    /// # Errors
    /// Refuses, by the names of the fields (`cycles/0/opens_on`), what a file would be refused for, and a
    /// label that there is already.
    pub fn add_cycles(&self, call: &Call, request: &AddCycles) -> Result<CyclesAdded> {
        self.write(call, Operation::AddCycles, request, |tx| {
            store::lock::reference_exclusive(tx.connection)?;
            add(tx, request)
        })
    }
}

fn add(tx: &mut Tx<'_>, request: &AddCycles) -> Result<CyclesAdded> {
    if !(1..=CYCLES_MAX).contains(&request.cycles.len()) {
        return Err(LedgerError::field(
            "cycles_out_of_range",
            LIST,
            format!("登録する企画回を、1件から{CYCLES_MAX}件まで選んでください"),
        ));
    }
    let typed: Vec<TypedCycle> = request.cycles.iter().map(TypedCycle::with_week).collect();
    let rows = read_all(LIST, typed.iter().enumerate())?;
    let known = Known::load(tx)?;
    let mut there = Problems::new();
    for (line, row) in &rows {
        if known.has(&row.cycle) {
            there.push(there_already(*line, CYCLE, &row.cycle, "企画回"));
        }
    }
    check::<CycleRow>(Some(LIST), &there)?;
    cycles::take(tx, &rows, &known, &|problems: &Problems| {
        check::<CycleRow>(Some(LIST), problems)
    })?;
    let mut added = Vec::with_capacity(rows.len());
    for (_, row) in &rows {
        let view = cycle_view(find_cycle(tx.connection, &row.cycle)?)?;
        let event = Event {
            action: "add_cycles",
            coop_id: None,
            subject: format!("cycle:{}", view.cycle),
            reason: None,
        };
        tx.audit(&event, None::<&()>, Some(&view))?;
        added.push(view);
    }
    Ok(CyclesAdded { cycles: added })
}

//! `correct_cycle`: an ordering week that was saved otherwise than it is.

use formats::table::Problems;
use formats::tables::CycleRow;
use serde::{Deserialize, Serialize};

use super::super::cycles::{self, CYCLE, Known};
use super::super::lists::{CycleView, cycle_view, find_cycle};
use super::super::rows::there_already;
use super::TypedCycle;
use super::typed::{check, read_one};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, Operation, Result};

/// A cycle as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleCorrected {
    /// What it says.
    #[serde(flatten)]
    pub cycle: CycleView,
    /// What the desk should know about it, in Japanese.
    pub notes: Vec<String>,
}

impl Ledger {
    /// Makes the cycle of a label say what was typed, its label included.
    ///
    /// # Errors
    /// Refuses a label that there is not, and by the names of the fields what a file would be refused
    /// for: another label once somebody applied, another month once that is closed, days on which a
    /// number of its would overlap another window of the same number (R1).
    pub fn correct_cycle(
        &self,
        call: &Call,
        cycle: &str,
        request: &TypedCycle,
    ) -> Result<CycleCorrected> {
        self.write(call, Operation::CorrectCycle, &(cycle, request), |tx| {
            store::lock::reference_exclusive(tx.connection)?;
            correct(tx, cycle, request)
        })
    }
}

fn correct(tx: &mut Tx<'_>, label: &str, request: &TypedCycle) -> Result<CycleCorrected> {
    let before = cycle_view(find_cycle(tx.connection, label)?)?;
    let row = read_one(&request.with_week())?;
    let label = &row.1.cycle;
    let mut known = Known::load(tx)?;
    if *label != before.cycle && known.has(label) {
        let there = Problems::from(there_already(1, CYCLE, label, "企画回"));
        check::<CycleRow>(None, &there)?;
    }
    known.relabel(&before.cycle, label);
    let outcome = cycles::take(tx, std::slice::from_ref(&row), &known, &|problems| {
        check::<CycleRow>(None, problems)
    })?;
    let after = cycle_view(find_cycle(tx.connection, label)?)?;
    if after != before {
        let event = Event {
            action: "correct_cycle",
            coop_id: None,
            subject: format!("cycle:{}", before.cycle),
            reason: None,
        };
        tx.audit(&event, Some(&before), Some(&after))?;
    }
    Ok(CycleCorrected {
        cycle: after,
        notes: outcome.told.into_iter().map(|(_, words)| words).collect(),
    })
}

//! `propose_cycles`: the cycles of the weeks to come, to be corrected and saved.

use chrono::{Days, NaiveDate};
use domain::{ProposedCycle, Window, propose_cycles};
use store::DbConnection;
use store::tables::cycles::{self, Cycle};

use super::TypedCycle;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// So many weeks are proposed at most at once: half a year.
pub const PROPOSED_WEEKS_MAX: usize = 26;

/// No window of a cycle begins longer before the first day asked about, nor so long after it.
const DAYS_AROUND: u64 = 400;

impl Ledger {
    /// Proposes cycles for the next weeks that have none, from the convention of the delivery week; the
    /// first is this week's, or that of a day. Nothing is saved.
    ///
    /// # Errors
    /// Refuses more than 26 weeks, and none.
    pub fn propose_cycles(
        &self,
        call: &Call,
        from: Option<NaiveDate>,
        weeks: usize,
    ) -> Result<Vec<TypedCycle>> {
        if !(1..=PROPOSED_WEEKS_MAX).contains(&weeks) {
            return Err(LedgerError::field(
                "weeks_out_of_range",
                "weeks",
                format!("1週から{PROPOSED_WEEKS_MAX}週までにしてください"),
            ));
        }
        let from = from.unwrap_or_else(|| self.today());
        self.read(call, Operation::ProposeCycles, |connection| {
            let proposed = proposed(connection, from, weeks)?;
            Ok(proposed.into_iter().map(TypedCycle::from).collect())
        })
    }
}

/// The proposals for so many weeks without a cycle, the first that of a day.
pub(super) fn proposed(
    connection: &mut DbConnection,
    from: NaiveDate,
    weeks: usize,
) -> Result<Vec<ProposedCycle>> {
    let until = from.checked_add_days(Days::new(DAYS_AROUND));
    let around = cycles::open_between(connection, from - Days::new(7), until.unwrap_or(from))?;
    let taken: Vec<Window> = around.iter().map(window).collect();
    Ok(propose_cycles(from, &taken, weeks))
}

pub(super) fn window(one: &Cycle) -> Window {
    Window {
        opens_on: one.values.opens_on,
        closes_on: one.values.closes_on,
        web_closes_on: one.values.web_closes_on,
    }
}

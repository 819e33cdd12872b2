//! Posting what was staged: the one way into the ledger for files, sheets and requests.

use std::collections::BTreeMap;

use domain::HoldReasons;
use serde::Serialize;
use store::intake::{
    count_held, insert_applications, last_application_id, mark_closed_months, open_pledges,
    record_donations,
};
use store::tables::intakes::{self, IntakeCounts, NewIntake};

use crate::error::stored;
use crate::tx::{Tx, to_json};
use crate::{LedgerError, Result};

/// What arrived together.
pub(crate) struct Arrival<'a> {
    /// `file`, `sheet` or `request`.
    pub(crate) kind: &'static str,
    /// The file's name.
    pub(crate) name: Option<&'a str>,
    /// What a file is known by when it comes again (R6).
    pub(crate) fingerprint: Option<&'a str>,
    /// The last round of its lines.
    pub(crate) last_round: i32,
}

/// What became of the lines that arrived together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Posted {
    pub(crate) intake_id: i64,
    pub(crate) accepted: u64,
    pub(crate) held: u64,
    /// Main reason and how many were held for it.
    pub(crate) held_by_reason: BTreeMap<String, u64>,
}

impl Posted {
    pub(crate) fn lines(&self) -> u64 {
        self.accepted + self.held
    }
}

/// Makes the staged lines applications: the good ones posted, into a pledge or a gift each, the
/// doubtful ones held with every reason that applies (R3). The caller has locked the co-ops, or
/// the one member.
pub(crate) fn post_staged(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<Posted> {
    let recorded_at = tx.recorded_at();
    let intake_id = intakes::insert(
        tx.connection,
        &NewIntake {
            kind: arrival.kind,
            name: arrival.name,
            fingerprint: arrival.fingerprint,
            lines: 0,
            accepted: 0,
            held: 0,
            held_by_reason: None,
            actor: tx.actor.as_str(),
            recorded_at,
        },
    )?;
    mark_closed_months(tx.connection)?;
    let mut posted = Posted {
        intake_id,
        ..Posted::default()
    };
    let mut lines = 0;
    for round in 1..=arrival.last_round {
        lines += post_round(tx, intake_id, round)?;
    }
    for count in count_held(tx.connection, intake_id)? {
        let held: u64 = stored("lines", count.lines.try_into())?;
        posted.held += held;
        if let Some(reason) = reasons_of(count.reasons)?.main() {
            let reason = reason.as_str().to_owned();
            *posted.held_by_reason.entry(reason).or_default() += held;
        }
    }
    posted.accepted = lines.saturating_sub(posted.held);
    let counts = IntakeCounts {
        lines: counted(posted.lines())?,
        accepted: counted(posted.accepted)?,
        held: counted(posted.held)?,
        held_by_reason: &to_json(&posted.held_by_reason)?,
    };
    intakes::set_counts(tx.connection, intake_id, counts)?;
    Ok(posted)
}

/// Classifies and posts the lines of a round. Gives how many there were.
fn post_round(tx: &mut Tx<'_>, intake_id: i64, round: i32) -> Result<u64> {
    let newest = last_application_id(tx.connection)?;
    let lines = insert_applications(tx.connection, intake_id, round)?;
    if lines > 0 {
        open_pledges(tx.connection, intake_id, newest)?;
        record_donations(tx.connection, intake_id, newest)?;
    }
    Ok(lines)
}

/// The reasons that bits from the database stand for.
pub(crate) fn reasons_of(bits: i32) -> Result<HoldReasons> {
    let bits: u16 = stored("reasons", bits.try_into())?;
    HoldReasons::from_bits(bits).ok_or_else(|| LedgerError::Corrupt(format!("reasons: {bits}")))
}

fn counted(lines: u64) -> Result<i64> {
    stored("lines", i64::try_from(lines))
}

//! `import member-changes`: members who move to another co-op or number (R8).
//!
//! Pledges follow from the next month that is open for both co-ops, gifts not yet charged follow
//! as well, and history stays where it was. Two open pledges that meet are held for a person to
//! decide. The same file again changes nothing.

mod carry;
mod donations;
mod moves;
mod pledges;

use std::collections::BTreeSet;

use formats::table::Problems;
use formats::tables::MemberChangeRow;
use serde_json::json;
use store::tables::intakes::{self, IntakeCounts, NewIntake};
use store::tables::members::{self, NewMember};

use self::carry::Carrier;
use self::moves::{Change, Move};
use super::Outcome;
use crate::table_file::TableFile;
use crate::tx::Tx;
use crate::{LedgerError, Result};

pub(super) fn import(tx: &mut Tx<'_>, file: &TableFile<'_>) -> Result<Outcome> {
    let rows: Vec<(u64, MemberChangeRow)> = file.read_rows()?;
    let mut problems = Problems::new();
    let changes = moves::resolve(tx.connection, &rows, &mut problems)?;
    moves::check_one_step(&changes, &mut problems);
    file.check(&problems)?;
    let coop_ids: BTreeSet<i64> = changes
        .iter()
        .flat_map(|change| [change.old.coop_id, change.new.coop_id])
        .collect();
    for coop_id in coop_ids {
        store::lock::coop_exclusive(tx.connection, coop_id)?;
    }
    let moves = moves::look(tx.connection, &changes, &mut problems)?;
    file.check(&problems)?;
    let added = moves.len() as u64;
    let unchanged = changes.len() as u64 - added;
    let mut outcome = if moves.is_empty() {
        Outcome::default()
    } else {
        carry_all(tx, file, moves)?
    };
    outcome.added = added;
    outcome.unchanged = unchanged;
    Ok(outcome)
}

/// Carries every member over and gives what the desk and the audit log should know.
fn carry_all(tx: &mut Tx<'_>, file: &TableFile<'_>, moves: Vec<Move<'_>>) -> Result<Outcome> {
    let lines = i64::try_from(moves.len()).unwrap_or(i64::MAX);
    let intake = NewIntake {
        kind: "member_changes",
        name: Some(file.name()),
        fingerprint: None,
        lines,
        accepted: 0,
        held: 0,
        held_by_reason: None,
        actor: tx.actor.as_str(),
        recorded_at: tx.recorded_at(),
    };
    let intake_id = intakes::insert(tx.connection, &intake)?;
    let moves = add_members(tx, moves)?;
    let mut carrier = Carrier::new(intake_id);
    carrier.carry(tx, &moves)?;
    let held = carrier.held();
    let held_by_reason = if held > 0 {
        json!({ "already_supporter": held })
    } else {
        json!({})
    };
    let counts = IntakeCounts {
        lines,
        accepted: carrier.accepted(),
        held,
        held_by_reason: &held_by_reason.to_string(),
    };
    intakes::set_counts(tx.connection, intake_id, counts)?;
    let (carried, notes) = carrier.into_parts();
    Ok(Outcome {
        notes,
        touched: Some(json!({ "intake_id": intake_id, "carried": carried })),
        ..Outcome::default()
    })
}

/// Adds the members that nobody knows under their new number yet, with what is known of them.
fn add_members<'a>(tx: &mut Tx<'_>, mut moves: Vec<Move<'a>>) -> Result<Vec<Move<'a>>> {
    let unknown: Vec<NewMember<'_>> = moves
        .iter()
        .filter(|one| one.new.is_none())
        .map(|one| NewMember {
            coop_id: one.change.new.coop_id,
            number: one.change.new.number,
            name: one.old.name.as_deref(),
            kana: one.old.kana.as_deref(),
            delivery: one.old.delivery.as_deref(),
        })
        .collect();
    members::insert_many(tx.connection, &unknown)?;
    let changes: Vec<Change<'_>> = moves
        .iter()
        .filter(|one| one.new.is_none())
        .map(|one| one.change.clone())
        .collect();
    let places = changes.iter().map(|change| &change.new);
    let mut known = moves::load_members(tx.connection, places)?;
    for one in moves.iter_mut().filter(|one| one.new.is_none()) {
        let added = known.remove(&one.change.new.key());
        one.new =
            Some(added.ok_or_else(|| {
                LedgerError::Corrupt(format!("member of line {}", one.change.line))
            })?);
    }
    Ok(moves)
}

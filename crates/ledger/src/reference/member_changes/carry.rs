//! Carrying members over, one after the other.

use std::collections::HashMap;

use domain::CollectionMonth;
use serde::Serialize;
use store::DbConnection;
use store::tables::applications;
use store::tables::{funds, members};

use super::moves::{Change, Move};
use crate::error::stored;
use crate::months::Months;
use crate::reference::notes::Notes;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// Members whose pledges and gifts are asked for at once.
const MEMBERS_MAX: usize = 500;

/// Carries members over, one after the other.
pub(super) struct Carrier {
    pub(super) intake_id: i64,
    pub(super) fund_names: HashMap<i64, String>,
    pub(super) held_lines: i64,
    pub(super) carried: Carried,
    pub(super) notes: Notes,
    months: HashMap<i64, Months>,
}

/// What was carried over, for the audit log.
#[derive(Debug, Default, Serialize)]
pub(super) struct Carried {
    /// Each pledge, from its old number to its new one.
    pub(super) pledges: Vec<(i64, i64)>,
    /// Each pledge that is held because it met another.
    pub(super) held_pledges: Vec<i64>,
    /// Each gift.
    pub(super) donations: Vec<i64>,
}

/// One member on the way.
pub(super) struct Passage<'a> {
    pub(super) change: &'a Change<'a>,
    pub(super) old_id: i64,
    pub(super) new_id: i64,
    /// The first month that the new number is charged.
    pub(super) from: CollectionMonth,
    /// The month of the move.
    pub(super) moved_in: CollectionMonth,
}

impl Carrier {
    pub(super) fn new(intake_id: i64) -> Self {
        Self {
            intake_id,
            months: HashMap::new(),
            fund_names: HashMap::new(),
            held_lines: 0,
            carried: Carried::default(),
            notes: Notes::default(),
        }
    }

    /// How many pledges and gifts were carried over.
    pub(super) fn accepted(&self) -> i64 {
        let count = self.carried.pledges.len() + self.carried.donations.len();
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// How many applications are held.
    pub(super) fn held(&self) -> i64 {
        self.held_lines
    }

    /// What was carried over, and what the desk should know.
    pub(super) fn into_parts(self) -> (Carried, Vec<String>) {
        (self.carried, self.notes.into_vec())
    }

    /// Carries every member over.
    pub(super) fn carry(&mut self, tx: &mut Tx<'_>, moves: &[Move<'_>]) -> Result<()> {
        for one in funds::all(tx.connection)? {
            self.fund_names.insert(one.id, one.name);
        }
        for chunk in moves.chunks(MEMBERS_MAX) {
            let mut passages = Vec::with_capacity(chunk.len());
            for one in chunk {
                passages.push(self.passage(tx.connection, one)?);
            }
            self.carry_pledges(tx, &passages)?;
            self.carry_donations(tx, &passages)?;
            self.note_holds(tx.connection, &passages)?;
            for (one, passage) in chunk.iter().zip(&passages) {
                let moved_on = one.change.moved_on;
                members::mark_moved(tx.connection, passage.old_id, passage.new_id, moved_on)?;
                if one.new.as_ref().is_some_and(|new| new.moved_to.is_some()) {
                    members::clear_moved(tx.connection, passage.new_id)?;
                }
            }
        }
        Ok(())
    }

    fn passage<'a>(
        &mut self,
        connection: &mut DbConnection,
        one: &'a Move<'a>,
    ) -> Result<Passage<'a>> {
        let change = &one.change;
        let moved_in = stored("moved_on", CollectionMonth::from_date(change.moved_on))?;
        let mut from = moved_in;
        for coop_id in [change.old.coop_id, change.new.coop_id] {
            from = self.months(connection, coop_id)?.open_from(from);
        }
        let gone = || LedgerError::Corrupt(format!("member of line {}", change.line));
        Ok(Passage {
            change,
            old_id: one.old.id,
            new_id: one.new.as_ref().ok_or_else(gone)?.id,
            from,
            moved_in,
        })
    }

    fn months(&mut self, connection: &mut DbConnection, coop_id: i64) -> Result<Months> {
        if let Some(known) = self.months.get(&coop_id) {
            return Ok(*known);
        }
        let months = Months::of_coop(connection, coop_id)?;
        self.months.insert(coop_id, months);
        Ok(months)
    }

    /// Tells of months that nobody is charged for: past the move, and closed already where the
    /// member went.
    pub(super) fn note_gap(
        &mut self,
        connection: &mut DbConnection,
        passage: &Passage<'_>,
    ) -> Result<()> {
        let old_months = self.months(connection, passage.change.old.coop_id)?;
        let after_move = passage
            .moved_in
            .next()
            .map(|month| old_months.open_from(month));
        let Some(first) = after_move.filter(|month| *month < passage.from) else {
            return Ok(());
        };
        let last = passage.from.prev().unwrap_or(first);
        self.notes.push(format!(
            "{}行目: {}のサポーター登録は、異動先がすでに締められているため {first} から {last} までは請求しません",
            passage.change.line,
            passage.change.old.ja()
        ));
        Ok(())
    }

    /// Tells of applications that wait under the old number: a person decides about them there.
    fn note_holds(
        &mut self,
        connection: &mut DbConnection,
        passages: &[Passage<'_>],
    ) -> Result<()> {
        let old_ids: Vec<i64> = passages.iter().map(|one| one.old_id).collect();
        let held: HashMap<i64, i64> = applications::count_held_of_members(connection, &old_ids)?
            .into_iter()
            .collect();
        for passage in passages {
            if let Some(count) = held.get(&passage.old_id) {
                self.notes.push(format!(
                    "{}行目: {}には要確認の申込が{count}件あり、元の番号のままです。要確認の一覧で確かめてください",
                    passage.change.line,
                    passage.change.old.ja()
                ));
            }
        }
        Ok(())
    }
}

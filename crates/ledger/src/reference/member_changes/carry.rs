//! What a member takes along: pledges, and gifts not yet charged.

use std::collections::{BTreeMap, HashMap};

use domain::{CollectionMonth, HoldReason, NewTerm, Term, TermUnits, Yen};
use serde::Serialize;
use store::DbConnection;
use store::tables::carried_applications::{self, CarriedApplication};
use store::tables::donations::{self, Donation};
use store::tables::pledge_terms::Cause;
use store::tables::pledges::{self, NewPledge, Pledge};
use store::tables::{funds, members};

use super::moves::{Change, Move};
use crate::error::stored;
use crate::months::Months;
use crate::pledges::plan;
use crate::reference::notes::Notes;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// Members whose pledges and gifts are asked for at once.
const MEMBERS_MAX: usize = 500;

/// Carries members over, one after the other.
pub(super) struct Carrier {
    intake_id: i64,
    months: HashMap<i64, Months>,
    fund_names: HashMap<i64, String>,
    held_lines: i64,
    carried: Carried,
    notes: Notes,
}

/// What was carried over, for the audit log.
#[derive(Debug, Default, Serialize)]
pub(super) struct Carried {
    /// Each pledge, from its old number to its new one.
    pledges: Vec<(i64, i64)>,
    /// Each pledge that is held because it met another.
    held_pledges: Vec<i64>,
    /// Each gift.
    donations: Vec<i64>,
}

/// One member on the way.
struct Passage<'a> {
    change: &'a Change<'a>,
    old_id: i64,
    new_id: i64,
    /// The first month that the new number is charged.
    from: CollectionMonth,
    /// The month of the move.
    moved_in: CollectionMonth,
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

    fn carry_pledges(&mut self, tx: &mut Tx<'_>, passages: &[Passage<'_>]) -> Result<()> {
        let by_old: HashMap<i64, &Passage<'_>> =
            passages.iter().map(|one| (one.old_id, one)).collect();
        let old_ids: Vec<i64> = passages.iter().map(|one| one.old_id).collect();
        let Some(earliest) = passages.iter().map(|one| one.from).min() else {
            return Ok(());
        };
        for pledge in pledges::open_of_members(tx.connection, &old_ids, earliest.as_int())? {
            let Some(passage) = by_old.get(&pledge.member_id) else {
                continue;
            };
            if pledge
                .ends_from
                .is_none_or(|ends| ends > passage.from.as_int())
            {
                self.carry_pledge(tx, &pledge, passage)?;
            }
        }
        Ok(())
    }

    /// Ends the pledge under the old number, and opens it under the new one or holds it there.
    fn carry_pledge(
        &mut self,
        tx: &mut Tx<'_>,
        pledge: &Pledge,
        passage: &Passage<'_>,
    ) -> Result<()> {
        let plan = plan_from(tx.connection, pledge.id, passage.from)?;
        let gone = || LedgerError::Corrupt(format!("plan of pledge {}", pledge.id));
        let running = *plan
            .iter()
            .find(|term| term.is_running())
            .ok_or_else(gone)?;
        let end = NewTerm {
            from_month: passage.from,
            units: TermUnits::ZERO,
            unit_price: running.unit_price,
        };
        append(tx, pledge.id, &[end])?;
        let from = passage.from.as_int();
        let met = pledges::find_open(tx.connection, passage.new_id, pledge.fund_id, from)?;
        let what = self.pledge_ja(pledge, running.units);
        let (old, new) = (passage.change.old.ja(), passage.change.new.ja());
        let line = passage.change.line;
        if met.is_some() {
            self.hold(tx, pledge, passage, &plan, running)?;
            self.notes.push(format!(
                "{line}行目: {old}の{what}は、異動先の{new}にも同じ基金の登録があるため、要確認にしました"
            ));
        } else {
            self.open(tx, pledge, passage, &plan)?;
            let first = running.from_month.max(passage.from);
            self.notes.push(format!(
                "{line}行目: {old}の{what}は、{first} から{new}として請求します"
            ));
        }
        self.note_gap(tx.connection, passage)
    }

    fn open(
        &mut self,
        tx: &mut Tx<'_>,
        pledge: &Pledge,
        passage: &Passage<'_>,
        plan: &[Term],
    ) -> Result<()> {
        let terms: Vec<NewTerm> = plan.iter().map(restated).collect();
        let first = terms.first().map_or(passage.from, |term| term.from_month);
        let opened = NewPledge {
            coop_id: passage.change.new.coop_id,
            member_id: passage.new_id,
            fund_id: pledge.fund_id,
            application_id: None,
            // Nobody applied for it under the new number: who does is a supporter already (R4).
            offering_id: None,
            intake_id: Some(self.intake_id),
            intake_line: i64::try_from(passage.change.line).ok(),
            order_number: pledge.order_number.as_deref(),
            from_month: first.as_int(),
            predecessor_id: Some(pledge.id),
        };
        let opened = pledges::insert(tx.connection, &opened)?;
        append(tx, opened, &terms)?;
        self.carried.pledges.push((pledge.id, opened));
        Ok(())
    }

    /// Holds a pledge that met another, as an application to be decided (`already_supporter`):
    /// more than one where its units are more than an application can have (R2).
    fn hold(
        &mut self,
        tx: &mut Tx<'_>,
        pledge: &Pledge,
        passage: &Passage<'_>,
        plan: &[Term],
        running: Term,
    ) -> Result<()> {
        let change = passage.change;
        let note = held_note(change, plan);
        let month = running.from_month.max(passage.from);
        let mut rest = running.units.get();
        while rest > 0 {
            let units = rest.min(domain::settings::UNITS_MAX);
            rest -= units;
            self.held_lines += 1;
            let amount = running
                .unit_price
                .checked_mul(units)
                .ok_or_else(|| LedgerError::Corrupt(format!("amount of pledge {}", pledge.id)))?;
            let held = CarriedApplication {
                intake_id: self.intake_id,
                line_no: self.held_lines,
                line_id: &change.line.to_string(),
                coop_id: change.new.coop_id,
                member_number: change.new.number,
                member_id: passage.new_id,
                order_number: pledge.order_number.as_deref(),
                units,
                amount: amount.get(),
                received_on: change.moved_on,
                channel: domain::Channel::MemberChange.as_str(),
                note: &note,
                offering_id: pledge.offering_id,
                collection_month: month.as_int(),
                carried_pledge_id: pledge.id,
                state: domain::ApplicationState::Held.as_str(),
                reasons: i32::from(HoldReason::AlreadySupporter.bit()),
            };
            carried_applications::insert(tx.connection, &held)?;
        }
        self.carried.held_pledges.push(pledge.id);
        Ok(())
    }

    /// Tells of months that nobody is charged for: past the move, and closed already where the
    /// member went.
    fn note_gap(&mut self, connection: &mut DbConnection, passage: &Passage<'_>) -> Result<()> {
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

    /// Gifts to be collected from the first month on that the new number is charged follow, and
    /// those of months after the move that are closed there already: the next delta takes them.
    fn carry_donations(&mut self, tx: &mut Tx<'_>, passages: &[Passage<'_>]) -> Result<()> {
        let mut by_coop: BTreeMap<i64, Vec<&Passage<'_>>> = BTreeMap::new();
        for passage in passages {
            by_coop
                .entry(passage.change.old.coop_id)
                .or_default()
                .push(passage);
        }
        for (coop_id, passages) in by_coop {
            let by_old: HashMap<i64, &Passage<'_>> =
                passages.iter().map(|one| (one.old_id, *one)).collect();
            let old_ids: Vec<i64> = passages.iter().map(|one| one.old_id).collect();
            let Some(earliest) = passages.iter().map(|one| one.moved_in).min() else {
                continue;
            };
            let gifts = donations::uncharged_of_members(
                tx.connection,
                coop_id,
                &old_ids,
                earliest.as_int(),
            )?;
            for gift in gifts {
                if let Some(passage) = by_old.get(&gift.member_id) {
                    self.carry_donation(tx, &gift, passage)?;
                }
            }
        }
        Ok(())
    }

    fn carry_donation(
        &mut self,
        tx: &mut Tx<'_>,
        gift: &Donation,
        passage: &Passage<'_>,
    ) -> Result<()> {
        let month = stored(
            "donations.collection_month",
            CollectionMonth::from_int(gift.collection_month),
        )?;
        if month < passage.from && month <= passage.moved_in {
            return Ok(());
        }
        let new_coop = passage.change.new.coop_id;
        donations::transfer(tx.connection, gift.id, new_coop, passage.new_id)?;
        self.carried.donations.push(gift.id);
        let amount = Yen::new(gift.units.saturating_mul(gift.unit_price)).grouped();
        self.notes.push(format!(
            "{}行目: {}の寄付（注文番号 {}、{amount}円、集金月 {month}）は、{}として請求します",
            passage.change.line,
            passage.change.old.ja(),
            gift.order_number,
            passage.change.new.ja()
        ));
        Ok(())
    }

    fn pledge_ja(&self, pledge: &Pledge, units: TermUnits) -> String {
        let fund = self.fund_names.get(&pledge.fund_id);
        let fund = fund.map_or("基金", String::as_str);
        format!("{fund}のサポーター登録（{units}口）")
    }
}

/// What the person who decides should know of the pledge.
fn held_note(change: &Change<'_>, plan: &[Term]) -> String {
    let terms: Vec<String> = plan
        .iter()
        .map(|term| format!("{} から {}口", term.from_month, term.units))
        .collect();
    format!("{}からの異動（{}）", change.old.ja(), terms.join("、"))
}

/// The plan of a pledge from a month on.
fn plan_from(
    connection: &mut DbConnection,
    pledge_id: i64,
    from: CollectionMonth,
) -> Result<Vec<Term>> {
    let timeline = plan::timeline(connection, pledge_id)?;
    let now = timeline.in_month(from).map(|term| Term {
        from_month: from,
        ..*term
    });
    let later = timeline.planned_after(from);
    Ok(now.into_iter().chain(later).collect())
}

fn restated(term: &Term) -> NewTerm {
    NewTerm {
        from_month: term.from_month,
        units: term.units,
        unit_price: term.unit_price,
    }
}

fn append(tx: &mut Tx<'_>, pledge_id: i64, terms: &[NewTerm]) -> Result<()> {
    let cause = Cause {
        cause: "member_change",
        application_id: None,
        decision_id: None,
        reason: None,
        actor: Some(tx.actor.as_str()),
        recorded_at: Some(tx.recorded_at()),
    };
    plan::append(tx.connection, pledge_id, terms, &cause)?;
    Ok(())
}

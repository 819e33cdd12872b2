//! Pledges that follow a member, or are held because they met another.

use std::collections::HashMap;

use domain::{CollectionMonth, HoldReason, NewTerm, Term, TermUnits};
use store::DbConnection;
use store::tables::carried_applications::{self, CarriedApplication};
use store::tables::pledge_terms::Cause;
use store::tables::pledges::{self, NewPledge, Pledge};

use super::carry::{Carrier, Passage};
use super::moves::Change;
use crate::pledges::plan;
use crate::tx::Tx;
use crate::{LedgerError, Result};

impl Carrier {
    /// Carries the open pledges of these members over.
    pub(super) fn carry_pledges(
        &mut self,
        tx: &mut Tx<'_>,
        passages: &[Passage<'_>],
    ) -> Result<()> {
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

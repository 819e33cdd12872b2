//! What the program says beside what the paper says, after every step.

use std::collections::BTreeMap;

use ledger::PageRequest;
use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::domain::{CollectionMonth, Term, TermUnits, Timeline, Yen};
use ledger::settlement::HeldResultFilter;
use ledger::trace::{ChargeFilter, ChargeView};
use store::tables::{cooperatives, members, pledge_terms, pledges};
use store::{DbConnection, StoreError};

use super::model::Source;
use super::{MEMBERS, Walk, member_number};
use crate::pledge_model::{MONTHS, month};

impl Walk {
    pub fn compare(&mut self) {
        let step = self.steps.last().cloned().unwrap_or_default();
        self.compare_pledges(&step);
        self.compare_charges(&step);
        self.compare_held(&step);
        assert_eq!(self.balances(), self.model.books.balances(), "{step}");
    }

    fn compare_pledges(&self, step: &str) {
        let found = self.store.read(units_of_pledges).expect("read the pledges");
        let paper: BTreeMap<i64, [i64; MONTHS]> = (0..self.model.pledges.len())
            .map(|place| (self.model.pledges[place].id, self.model.units(place)))
            .collect();
        assert_eq!(found, paper, "pledges after {step}");
    }

    fn compare_charges(&self, step: &str) {
        let filter = ChargeFilter::default();
        let charges = self
            .office
            .ledger
            .search_charges(&self.office.office(), &filter, &all());
        let found: Vec<_> = charges.expect("search").items;
        let mut found: Vec<_> = found.iter().map(said).collect();
        let mut paper: Vec<_> = (0..self.model.charges.len())
            .map(|place| self.written(place))
            .collect();
        found.sort();
        paper.sort();
        assert_eq!(found, paper, "charges after {step}");
    }

    /// A charge as the paper has it.
    fn written(&self, place: usize) -> String {
        let charge = &self.model.charges[place];
        let batch = &self.model.batches[charge.batch];
        let due = &charge.due;
        let who = match due.source {
            Source::Pledge(one) => self.model.pledges[one].member,
            Source::Gift(one) => self.model.gifts[one].member,
        };
        let repeats = due.repeats.map(|one| self.model.charges[one].key.clone());
        let result = charge.result.map(|(code, day)| {
            let carry = charge.carry.map(month);
            (code.to_string(), Some(day), carry)
        });
        format!(
            "{} {} {}/{} of {} try {} ×{} {} void {} repeats {repeats:?} → {result:?} {}",
            charge.key,
            member_number(who),
            month(batch.month),
            batch.sequence,
            month(due.gift_month),
            due.attempt,
            due.units,
            self.model.amount(place),
            batch.is_voided,
            charge.corrections,
        )
    }

    /// The lines that wait; those that came last learn their numbers.
    fn compare_held(&mut self, step: &str) {
        let filter = HeldResultFilter::default();
        let found = self
            .office
            .ledger
            .list_held_results(&self.office.office(), &filter, &all());
        let found = found.expect("list the held results").items;
        let model = &mut self.model;
        let open = model.held.iter_mut().filter(|held| held.is_open);
        let mut open: Vec<_> = open.collect();
        assert_eq!(found.len(), open.len(), "held results after {step}");
        for (found, paper) in found.iter().zip(&mut open) {
            assert!(paper.id == 0 || paper.id == found.id, "{found:?}");
            paper.id = found.id;
            let said = (found.reason.as_str(), found.charge_key.as_deref());
            let key = model.charges[paper.charge].key.as_str();
            assert_eq!(said, (paper.reason, Some(key)), "{step}");
            assert_eq!(found.result_code.as_str(), paper.code.to_string());
        }
    }

    /// The trial balance: it is zero, and so much by account.
    fn balances(&self) -> BTreeMap<i32, i64> {
        let report = self.office.ledger.trial_balance(
            &self.office.office(),
            &ReportFilter::default(),
            SplitBy::default(),
        );
        let report = report.expect("the trial balance");
        assert_eq!(report.balance, Yen::ZERO);
        let rows = report.rows.iter();
        rows.map(|row| (row.account.as_int(), row.balance.get()))
            .filter(|(_, balance)| *balance != 0)
            .collect()
    }
}

/// A charge as the program has it.
fn said(charge: &ChargeView) -> String {
    let repeats = charge.repeats.map(|key| key.to_string());
    let result = charge.result.as_ref().map(|result| {
        let code = result.result_code.as_str().to_owned();
        (code, result.collected_on, result.carry_month)
    });
    format!(
        "{} {} {}/{} of {} try {} ×{} {} void {} repeats {repeats:?} → {result:?} {}",
        charge.charge_key,
        charge.member_number,
        charge.month,
        charge.sequence,
        charge.gift_month,
        charge.attempt,
        charge.units,
        charge.amount.get(),
        charge.is_voided,
        charge.corrections.len(),
    )
}

fn all() -> PageRequest {
    PageRequest {
        cursor: None,
        limit: Some(500),
    }
}

/// Units month by month of every pledge, by its number.
fn units_of_pledges(
    connection: &mut DbConnection,
) -> Result<BTreeMap<i64, [i64; MONTHS]>, StoreError> {
    let coop = cooperatives::find_by_code(connection, "01")?.expect("the co-op");
    let mut units = BTreeMap::new();
    for place in 0..MEMBERS {
        let member = members::find(connection, coop.id, &member_number(place))?;
        for pledge in pledges::of_member(connection, member.expect("a member").id)? {
            let terms = pledge_terms::of_pledge(connection, pledge.id)?;
            let timeline = Timeline::from_terms(terms.iter().map(to_term).collect());
            let of_month = |place| {
                let term = timeline.in_month(month(place));
                term.map_or(0, |term| term.units.get())
            };
            units.insert(pledge.id, std::array::from_fn(of_month));
        }
    }
    Ok(units)
}

fn to_term(row: &pledge_terms::PledgeTerm) -> Term {
    Term {
        revision: row.revision.into(),
        from_month: CollectionMonth::from_int(row.from_month).expect("a month"),
        units: TermUnits::new(row.units).expect("units"),
        unit_price: Yen::new(row.unit_price),
    }
}

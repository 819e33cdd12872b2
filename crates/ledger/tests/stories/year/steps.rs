//! An office over a year, and who comes, changes, pauses and leaves. After each step, in these files,
//! all that must hold is checked.

use std::ops::Deref;

use ledger::ReferenceTable::{Cycles, Offerings};
use ledger::Result;
use ledger::accounting::reports::ReportFilter;
use ledger::domain::Way;
use testkit::TestDatabase;
use testkit::world::told;

use crate::office::Office;

pub const REASON: &str = "本人に電話で確認";

/// Weeks beside those of the newsletters, with what follows a failure.
const CYCLES: &str = "cycle,iso_week,opens_on,closes_on,collection_month\n\
    2025年3月2回,2025-W11,2025-03-10,2025-03-14,2025-04\n\
    2025年9月1回,2025-W36,2025-09-01,2025-09-05,2025-10\n";
const OFFERINGS: &str = "cycle,order_number,kind,unit_price,fund,campaign,title,on_failure,failures_max\n\
    2025年3月2回,310001,supporter,300,inclufund,,サポーター,lapse,\n\
    2025年3月2回,310002,supporter,300,machizukuri,,まちづくり,carry_forward,2\n\
    2025年3月2回,310003,spot,500,inclufund,,スポット,,\n\
    2025年9月1回,390001,supporter,300,inclufund,,サポーター,end_pledge,2\n\
    2025年9月1回,390002,spot,500,machizukuri,,まちづくり,carry_forward,3\n";

/// The office of co-op 01 over a year.
pub struct CoopYear(Office);

impl From<TestDatabase> for CoopYear {
    fn from(database: TestDatabase) -> Self {
        let office = Office::from(database);
        office.set_today("2025-03-14");
        office.import(Cycles, CYCLES);
        office.import(Offerings, OFFERINGS);
        Self(office)
    }
}

impl Deref for CoopYear {
    type Target = Office;

    fn deref(&self) -> &Office {
        &self.0
    }
}

/// What came of a step that may not be refused.
pub fn done<T>(what: &str, outcome: Result<T>) -> T {
    outcome.unwrap_or_else(|error| panic!("{what}: {}", told(&error)))
}

/// People: who comes, changes, pauses, ends and leaves.
impl CoopYear {
    /// The day it is now: never an earlier one than before.
    pub fn on(&self, day: &str) {
        assert!(self.ledger.today().to_string().as_str() <= day, "{day}");
        self.set_today(day);
    }

    /// So many members, from 0000001 on.
    pub fn has_members(&self, count: usize) {
        let numbers: Vec<String> = (1..=count).map(|one| format!("{one:07}")).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        self.members(&numbers);
        self.is_well();
    }

    pub fn takes_over(&self, pledges: &str) {
        self.pledges(pledges);
        self.is_well();
    }

    pub fn takes_orders(&self, rows: &str) {
        self.applies(rows);
        self.is_well();
    }

    pub fn decides_the_only_hold(&self, way: Way) {
        let holds = self.holds();
        assert_eq!(holds.len(), 1, "{holds:?}");
        self.resolve(holds[0].id, way);
        self.is_well();
    }

    pub fn changes(&self, number: &str, units: i64, from: &str) {
        self.change(number, units, from);
        self.is_well();
    }

    pub fn pauses(&self, number: &str, from: &str, until: &str) {
        self.pause(number, from, until);
        self.is_well();
    }

    pub fn ends(&self, number: &str, from: &str) {
        self.end(number, from);
        self.is_well();
    }

    pub fn lets_leave(&self, number: &str, on: &str) {
        self.leaves(number, on);
        self.is_well();
    }
}

impl CoopYear {
    /// All that must hold holds, and the trial balance is zero.
    pub fn is_well(&self) {
        self.assert_all_is_well();
        self.trial_balance(&ReportFilter::default());
    }
}

//! A co-op's office at its work, for the stories of billing.

use std::ops::Deref;

use ledger::ReferenceTable::{Members, Pledges};
use ledger::billing::{BatchClosed, BatchPreview, CloseBatch};
use ledger::domain::{CollectionMonth, CoopCode};
use ledger::{Call, IdempotencyKey, Result};
use testkit::world::told;
use testkit::{TestDatabase, World};

/// The world with the newsletters' facts, on a day when August 2025 may be closed.
pub struct Office(World);

impl From<TestDatabase> for Office {
    fn from(database: TestDatabase) -> Self {
        let world = World::from(database);
        world.load_newsletters();
        world.set_today("2025-12-01");
        Self(world)
    }
}

impl Deref for Office {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl Office {
    /// Members of co-op 01 by their numbers.
    pub fn members(&self, numbers: &[&str]) {
        let rows: String = numbers
            .iter()
            .map(|number| format!("01,{number}\n"))
            .collect();
        self.import(Members, &format!("coop,member_number\n{rows}"));
    }

    /// Supporters of old, as rows of the file, and they as members.
    pub fn pledges(&self, rows: &str) {
        let numbers: Vec<&str> = rows
            .lines()
            .filter_map(|row| row.split(',').nth(1))
            .collect();
        self.members(&numbers);
        self.import(
            Pledges,
            &format!("coop,member_number,fund,units,unit_price,from_month,order_number\n{rows}"),
        );
    }

    /// A day on which a member of co-op 01 leaves.
    pub fn leaves(&self, number: &str, on: &str) {
        self.import(
            Members,
            &format!("coop,member_number,left_on\n01,{number},{on}\n"),
        );
    }

    /// A request under a key.
    pub fn keyed(&self, key: &str) -> Call {
        self.office()
            .under(IdempotencyKey::new(key).expect("a key"))
    }
}

/// The co-op of these stories.
pub fn coop() -> CoopCode {
    "01".parse().expect("a code")
}

/// A month as `2025-08`.
pub fn month(of: &str) -> CollectionMonth {
    of.parse().expect("a month")
}

/// Closes a month of co-op 01, or gives the refusal.
pub fn try_close(office: &Office, of: &str) -> Result<BatchClosed> {
    let request = CloseBatch {
        coop: coop(),
        month: month(of),
        reason: None,
    };
    office.ledger.close_batch(&office.office(), request)
}

/// Closes a month of co-op 01.
pub fn close(office: &Office, of: &str) -> BatchClosed {
    try_close(office, of).unwrap_or_else(|error| panic!("close {of}: {}", told(&error)))
}

/// What the next close of a month of co-op 01 would charge. It always adds up.
pub fn preview(office: &Office, of: &str) -> BatchPreview {
    let preview = office
        .ledger
        .preview_batch(&coop(), month(of))
        .unwrap_or_else(|error| panic!("preview {of}: {}", told(&error)));
    let steps: i64 = preview.bridge.iter().map(|step| step.amount.get()).sum();
    assert_eq!(preview.last_month.get() + steps, preview.amount.get());
    preview
}

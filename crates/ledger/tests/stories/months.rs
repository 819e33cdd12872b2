//! Closing a month without billing anything, for stories that only need it closed.

use store::tables::cooperatives;
use store::tables::month_closings::{self, NewMonthClosing};
use store::{OpenMode, Store, StoreError};
use testkit::World;

/// Closes a month of a co-op.
pub fn close_month(world: &World, coop: &str, month: &str) {
    let month: domain::CollectionMonth = month.parse().expect("a month like 2025-12");
    let store = Store::open(world.database.url(), OpenMode::MustExist).expect("open the database");
    store
        .write(|connection| {
            let coop = cooperatives::find_by_code(connection, coop)?.ok_or(StoreError::NotFound)?;
            let closing = NewMonthClosing {
                coop_id: coop.id,
                month: month.as_int(),
                batch_id: None,
                actor: "cli:office",
                closed_at: "2025-11-25T00:00:00".parse().expect("a moment"),
                reason: None,
            };
            month_closings::insert(connection, &closing)
        })
        .expect("close the month");
}

//! Closing months, for stories that are about what happens around it.

use ledger::billing::{BatchClosed, CloseBatch};
use testkit::World;
use testkit::world::told;

/// Closes a month of a co-op, ahead of its time where need be.
pub fn close_month(world: &World, coop: &str, month: &str) -> BatchClosed {
    let request = CloseBatch {
        coop: coop.parse().expect("a code"),
        month: month.parse().expect("a month like 2025-12"),
        reason: Some("見本の締め".to_owned()),
    };
    let closed = world.ledger.close_batch(&world.office(), request);
    closed.unwrap_or_else(|error| panic!("close {month}: {}", told(&error)))
}

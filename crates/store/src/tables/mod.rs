//! One file per table: row structs of primitives, and the queries on that table.

pub mod audit_events;
pub mod decisions;
pub mod donations;
pub mod idempotency_keys;
pub mod month_closings;
pub mod pledge_terms;
pub mod pledges;

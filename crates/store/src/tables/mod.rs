//! One file per table: row structs of primitives, and the queries on that table.

pub mod audit_events;
pub mod idempotency_keys;
pub mod month_closings;

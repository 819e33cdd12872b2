//! One file per table: row structs of primitives, and the queries on that table.

pub mod applications;
pub mod audit_events;
pub mod batch_totals;
pub mod batches;
pub mod campaigns;
pub mod carried_applications;
pub mod charges;
mod charges_copied_out;
pub mod cooperatives;
pub mod cycles;
pub mod decisions;
pub mod donations;
pub mod exports;
pub mod funds;
pub mod idempotency_keys;
pub mod intakes;
pub mod jobs;
pub mod members;
pub mod month_closings;
pub mod offerings;
pub mod organizations;
pub mod pledge_terms;
pub mod pledges;
pub mod sheet_lines;
pub mod sheets;
pub mod staged_members;
pub mod staged_pledges;

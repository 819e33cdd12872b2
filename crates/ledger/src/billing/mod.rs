//! Billing: what a co-op collects in a month, closed once and handed over as one file (R9–R12).
//!
//! What would be charged is defined once, in `store::due`; preview, bridge and close all ask it.
//! A close freezes it; the file is a pure function of what is frozen.

mod approve_batch;
pub(crate) mod batches;
mod board;
mod bridge_lines;
mod close_batch;
pub(crate) mod collection_file;
pub(crate) mod coop_month;
mod export_batch;
mod facts;
mod holds;
mod pending;
mod preview_batch;
pub(crate) mod settlement;
mod void_batch;

pub use approve_batch::BatchApprovalView;
pub(crate) use batches::find_batch;
pub use batches::{BatchDetail, BatchFilter, BatchTotalView, BatchView, ExportView};
pub use board::{Board, BoardBatch, BoardCoop, BoardFilter, BoardMonth, BoardStage, Late};
pub(crate) use board::{closed_spans, next_months, todays_month};
pub use bridge_lines::BridgeLineView;
pub use close_batch::{BatchClosed, CloseBatch};
pub use export_batch::{BatchExported, ExportBatch};
pub use holds::HoldInTheWay;
pub(crate) use holds::of_member as holds_of_member;
pub use pending::PendingCharges;
pub use preview_batch::{BatchPreview, BridgeStepView, LastMonth};
pub use settlement::BatchSettlement;
pub use void_batch::{BatchVoided, VoidBatch};

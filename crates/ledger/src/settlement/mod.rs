//! What became of the charges (R13): the co-ops' answers, what waits for a person in them, and how
//! a result is put right. What was collected is booked here; closing a batch books nothing.

mod batch_results;
mod book;
mod charge;
mod decide_held_result;
mod failures;
mod import_results;
mod list_held_results;
mod preview_results;
mod refund_charge;
mod reopen;
mod reverse_settlement;
mod settle;

pub use batch_results::{BatchResults, ResultFileDetail, ResultFileView};
pub use decide_held_result::{DismissResult, HeldResultDecided, TakeResult};
pub use failures::{CarriedSum, ChargeSum, EndedPledgeView, FailureReason, Failures};
pub use import_results::{ImportResults, ResultsImported};
pub(crate) use list_held_results::load as load_held_result;
pub use list_held_results::{HeldResultCharge, HeldResultFilter, HeldResultView};
pub use preview_results::{
    BatchResultsPreview, HeldResultLinePreview, HeldResultsPreview, ResultsPreview,
};
pub use refund_charge::{ChargeRefunded, RefundCharge};
pub use reverse_settlement::{ReverseSettlement, SettlementReversed};

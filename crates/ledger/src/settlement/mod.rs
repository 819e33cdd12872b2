//! What became of the charges (R13): the co-ops' answers, what waits for a person in them, and how
//! a result is put right. What was collected is booked here; closing a batch books nothing.

mod book;
mod charge;
mod decide_held_result;
mod import_results;
mod list_held_results;
mod refund_charge;
mod reopen;
mod reverse_settlement;
mod settle;

pub use decide_held_result::{DismissResult, HeldResultDecided, TakeResult};
pub use import_results::{ImportResults, ResultsImported};
pub(crate) use list_held_results::load as load_held_result;
pub use list_held_results::{HeldResultFilter, HeldResultView};
pub use refund_charge::{ChargeRefunded, RefundCharge};
pub use reverse_settlement::{ReverseSettlement, SettlementReversed};

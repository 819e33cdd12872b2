//! From a total back to the sheet: why this amount, where is this gift, and does everything hold.

mod explain_amount;
mod look;
mod outcome;
mod search_applications;
mod search_charges;
mod summary;
mod verify;

pub use explain_amount::{AmountExplained, ChargeExplained, PlannedCharge};
pub use outcome::{ChargeCorrection, ChargeResult};
pub use search_applications::{ApplicationFilter, ApplicationFound};
pub use search_charges::{ChargeFilter, ChargeView};
pub(crate) use search_charges::{begins_in_japan, ends_in_japan, view as charge_view};
pub use verify::{Check, Verification};

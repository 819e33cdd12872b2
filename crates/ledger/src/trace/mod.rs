//! From a total back to the sheet: why this amount, where is this gift, and does everything hold.

mod download_charges;
mod explain_amount;
mod look;
mod member_months;
mod outcome;
mod search_applications;
mod search_charges;
mod show_member;
mod summary;
mod trail;
mod verify;

pub use explain_amount::{AmountExplained, ChargeExplained, PlannedCharge};
pub use member_months::WeighedMonth;
pub(crate) use member_months::{Payer, Scale};
pub use outcome::{ChargeCorrection, ChargeResult};
pub(crate) use search_applications::view as found_view;
pub use search_applications::{ApplicationFilter, ApplicationFound};
pub use search_charges::{ChargeFilter, ChargeView};
pub(crate) use search_charges::{begins_in_japan, ends_in_japan, view as charge_view};
pub use show_member::{GiftShown, MemberShown, MonthShown, PledgeShown};
pub use trail::{BatchTrail, EntryTrail, FileTrail};
pub use verify::{Check, Verification};

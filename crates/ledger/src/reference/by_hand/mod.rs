//! Reference data one record at a time, as it is typed at the desk: by the same rules as a file.

mod add_campaign;
mod add_cycles;
mod add_offering;
mod calendar;
mod copy_offerings;
mod correct_campaign;
mod correct_cycle;
mod correct_offering;
mod get_cycle;
mod named;
mod propose_cycles;
mod todays_offerings;
mod typed;
mod typed_campaign;
mod typed_cycle;
mod typed_offering;

pub use add_cycles::{AddCycles, CyclesAdded};
pub use calendar::{CalendarCycle, CycleCalendar};
pub use copy_offerings::{CopiedNumber, CopyOfferings, OfferingsCopied};
pub use correct_cycle::CycleCorrected;
pub use get_cycle::{CycleDetail, OfferingDetail};
pub use named::TypedName;
pub use propose_cycles::PROPOSED_WEEKS_MAX;
pub use todays_offerings::TodaysOffering;
pub use typed_campaign::TypedCampaign;
pub use typed_cycle::TypedCycle;
pub use typed_offering::TypedOffering;

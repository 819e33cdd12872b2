//! Monthly gifts (R8): change, pause, end, and the history of one.
//!
//! A pledge's plan is append-only. Every change here is a new revision of it, starts in a month
//! that is still open for the co-op, and keeps who, when and why.

mod change_pledge;
mod end_pledge;
mod get_pledge;
mod list_pledges;
mod name;
mod only_open;
mod pause_pledge;
pub(crate) mod plan;
mod view;
mod weigh_change;

pub use change_pledge::ChangePledge;
pub use end_pledge::EndPledge;
pub(crate) use get_pledge::history;
pub use name::PledgeName;
pub(crate) use name::{find_coop, find_member};
pub(crate) use only_open::only_open;
pub use pause_pledge::PausePledge;
pub use view::{PlannedTerm, PledgeHistory, PledgeMonth, PledgeRevision, PledgeState, PledgeView};
pub use weigh_change::{PledgeChange, PledgeChangeWeighed};

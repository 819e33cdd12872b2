//! Two persons (R17): who enters a manual entry, its reversal, a payout or a refund does not approve it.
//!
//! For the operator of the machine, and where the office has one person, such an action is done at
//! once. For everybody else it is tried out and then kept, as [`PendingRequest`], until another person
//! of finance approves it; only that carries it out. (The export of a batch is approved the same way,
//! in `billing::approve_batch`.)

mod decide_pending_action;
mod list_pending_actions;
mod outcome;
mod request;
mod submit;
mod view;

pub use decide_pending_action::RejectPendingAction;
pub use list_pending_actions::PendingFilter;
pub use outcome::Outcome;
pub use request::PendingRequest;
pub use view::PendingActionView;

pub(crate) use request::NeedsApproval;
pub(crate) use submit::done_or_submitted;
pub(crate) use view::event_of;

use domain::{ApprovalGround, Approver};

use crate::tx::Tx;

impl Tx<'_> {
    /// On what ground the one who asks may approve what is recorded under `actor`; none where it takes
    /// another person (R17).
    pub(crate) fn ground_to_approve(&self, actor: &str) -> Option<ApprovalGround> {
        let approver = Approver {
            is_operator: self.access.is_operator(),
            is_same_person: self.access.is_same_person_as(actor),
        };
        approver.ground(self.settings.one_person_office)
    }

    /// On what ground the one who asks needs nobody else; none where they do.
    pub(crate) fn ground_alone(&self) -> Option<ApprovalGround> {
        self.ground_to_approve(self.actor.as_str())
    }
}

//! Review (R3–R5): what a person decides about applications that are held.
//!
//! Deciding looks afresh at the line as it is now and as it was corrected; the main reason says
//! which ways there are. Every step keeps who, when, why and the old values, and can be undone
//! while its month is open.

mod case;
mod correct_hold;
mod count_holds;
mod decided;
mod effect;
mod get_application;
mod line;
mod list_decisions;
mod list_holds;
mod look;
mod look_into_hold;
mod resolve_hold;
mod resolve_holds;
mod taking_back;
mod undo_decision;
mod void_application;
mod weigh_hold;

pub use correct_hold::CorrectHold;
pub use count_holds::{HeldTogether, HoldCount, HoldsCounted};
pub use decided::HoldResolved;
pub(crate) use get_application::load as load_application;
pub use get_application::{ApplicationView, DecisionView, Keying, LineKeyed, ProposalView};
pub use line::LineValues;
pub use list_decisions::DecisionListed;
pub use list_holds::{Hold, HoldFilter};
pub use look_into_hold::{HoldCase, HoldPlace, LineSeen, OpenHold};
pub use resolve_hold::Resolution;
pub use resolve_holds::{HoldsResolved, ResolveMany, SkippedHold};
pub use undo_decision::{DecisionUndone, UndoDecision};
pub use void_application::{ApplicationVoided, VoidApplication};
pub use weigh_hold::{HoldCorrection, HoldWeighed, WeighedWay};

//! The pure values and rules of the donation ledger.
//!
//! Nothing here knows about databases, files, the network or the machine's clock: every function
//! is a pure one of its arguments, and the time is passed in ([`Clock`]). Amounts are whole yen
//! ([`Yen`]); nothing is ever computed in floating point. Errors speak Japanese, because a person
//! at a desk reads them, and each says what to do instead.

mod account;
mod bridge;
mod bridge_step;
mod catalogue;
pub mod chain;
mod charge_key;
mod clock;
mod codes;
mod cycle_label;
mod cycle_proposal;
mod date;
mod failure_policy;
mod fiscal;
mod free_text;
mod journal;
mod kinds;
mod line;
mod miss;
mod month;
mod reasons;
mod result_code;
mod revise;
#[cfg(test)]
mod revise_properties;
mod role;
mod salts;
#[cfg(test)]
mod sample;
pub mod settings;
mod text;
mod timeline;
mod two_persons;
mod units;
mod wire;
mod words;
mod yen;

pub use account::{AccountCode, AccountCodeError, AccountKind};
pub use bridge::{Absence, Bridge, BridgeFact, BridgeLine, BridgeTotal, PledgeFacts};
pub use bridge_step::BridgeStep;
pub use catalogue::{Catalogue, OfferingInCycle, Resolution, Window};
pub use charge_key::{ChargeKey, ChargeKeyError};
pub use clock::{Clock, FixedClock, japan_date, japan_midnight};
pub use codes::{Code, CodeError, CoopCode, MemberNumber, OrderNumber};
pub use cycle_label::propose_label;
pub use cycle_proposal::{ProposedCycle, propose_cycles};
pub use date::{DateError, IsoWeek, IsoWeekError, parse_date};
pub use failure_policy::{FailurePolicy, FailurePolicyError, OnFailure};
pub use fiscal::{FiscalYear, FiscalYearError};
pub use free_text::{CampaignNames, Proposal, propose};
pub use journal::{BalanceError, EntrySource, NewPosting, POSTINGS_MAX, check_balance};
pub use kinds::{Accounting, ApplicationState, Channel, Delivery, OfferingKind, Way};
pub use line::{LineIn, LineLook, LineRules, UnreadableLine, look_at_line};
pub use miss::Miss;
pub use month::{CollectionMonth, MonthError};
pub use reasons::{HoldReason, HoldReasons, ways_without_reason};
pub use result_code::{CorrectionKind, HeldResultState, ResultCode, ResultHoldReason};
pub use revise::TimelineError;
pub use role::{Role, Roles, RolesError};
pub use salts::{CountedSalts, Salts};
pub use text::{NumberError, normalize_name, parse_amount_i64, parse_digits_i64, to_half_width};
pub use timeline::{NewTerm, Term, Timeline};
pub use two_persons::{ApprovalGround, Approver, PendingState};
pub use units::{AmountError, AmountOverflow, TermUnits, Units, UnitsError, UnitsSumError};
pub use words::UnknownWord;
pub use yen::{Yen, YenOverflow};

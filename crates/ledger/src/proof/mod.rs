//! Proof that nothing was changed behind the program's back: the chains, what they seal, and their
//! heads, which from outside show that nothing was cut off (`docs/PROOF.md`).

mod against;
mod audit_log;
mod backup;
mod batches;
mod charges;
mod control_sheet;
mod findings;
mod heads;
mod journal;
mod last_verification;
mod two_persons;

pub use against::read_heads;
pub use backup::BackupMade;
pub use control_sheet::ControlSheet;
pub use heads::ChainHead;
pub(crate) use heads::chain_name;
pub use last_verification::LastVerification;

pub(crate) use against::{check as check_against, require_some as require_heads};
pub(crate) use audit_log::{AuditLog, Subject};
pub(crate) use batches::check as check_batches;
pub(crate) use charges::{check_batches as check_charges, check_sources};
pub(crate) use findings::Findings;
pub(crate) use journal::check as check_journal;
pub(crate) use two_persons::check as check_two_persons;

//! The audit log as people use it: searched, and written out for the auditor (R17).

mod export_audit_log;
mod search_audit_events;
mod words;

pub use export_audit_log::AuditLogExported;
pub(crate) use search_audit_events::events_of;
pub use search_audit_events::{AuditEventView, AuditFilter};
pub use words::{action_ja, actions};

//! What a use case works with inside its one write transaction.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use store::DbConnection;
use store::tables::audit_events::{self, NewAuditEvent};

use crate::{Actor, LedgerError, Result, Settings};

/// An open write transaction: the connection, the moment, who asks, and the settings in force.
pub(crate) struct Tx<'a> {
    pub(crate) connection: &'a mut DbConnection,
    pub(crate) actor: &'a Actor,
    pub(crate) now: DateTime<Utc>,
    /// The day in Japan.
    pub(crate) today: NaiveDate,
    pub(crate) settings: &'a Settings,
}

/// One event of the audit log, but for who and when.
pub(crate) struct Event<'a> {
    pub(crate) action: &'a str,
    pub(crate) coop_id: Option<i64>,
    pub(crate) subject: String,
    pub(crate) reason: Option<&'a str>,
}

impl Tx<'_> {
    /// The moment as the database keeps it.
    pub(crate) fn recorded_at(&self) -> NaiveDateTime {
        self.now.naive_utc()
    }

    /// Records what was changed, from what to what, in this transaction.
    pub(crate) fn audit<B: Serialize, A: Serialize>(
        &mut self,
        event: &Event<'_>,
        before: Option<&B>,
        after: Option<&A>,
    ) -> Result<()> {
        let recorded = NewAuditEvent {
            recorded_at: self.recorded_at(),
            actor: self.actor.as_str(),
            action: event.action,
            coop_id: event.coop_id,
            subject: &event.subject,
            before: before.map(to_json).transpose()?,
            after: after.map(to_json).transpose()?,
            reason: event.reason,
        };
        audit_events::insert(self.connection, &recorded)?;
        Ok(())
    }
}

/// JSON text of a value to keep.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| LedgerError::Corrupt(e.to_string()))
}

//! `audit_events`: who changed what, when and why, written in the change's own transaction.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::audit_events;
use crate::{DbConnection, StoreError};

/// One event to record.
#[derive(Debug, Insertable)]
#[diesel(table_name = audit_events)]
pub struct NewAuditEvent<'a> {
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
    /// Who: `cli:<user>` or the caller of the API.
    pub actor: &'a str,
    /// The use case, as `verb_noun`.
    pub action: &'a str,
    /// The co-op it concerns, where it is one.
    pub coop_id: Option<i64>,
    /// Kind and id of what was changed: `application:12`.
    pub subject: &'a str,
    /// JSON of the values before.
    pub before: Option<String>,
    /// JSON of the values after.
    pub after: Option<String>,
    /// Why, in the person's own words.
    pub reason: Option<&'a str>,
}

/// Records an event.
pub fn insert(connection: &mut DbConnection, event: &NewAuditEvent<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit_events::table)
        .values(event)
        .execute(connection)?;
    Ok(())
}

/// An event as it was recorded.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct AuditEvent {
    /// Its number.
    pub id: i64,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
    /// Who.
    pub actor: String,
    /// The use case.
    pub action: String,
    /// The co-op.
    pub coop_id: Option<i64>,
    /// Kind and id of what was changed.
    pub subject: String,
    /// JSON before.
    pub before: Option<String>,
    /// JSON after.
    pub after: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// The events of one subject, oldest first.
pub fn of_subject(
    connection: &mut DbConnection,
    subject: &str,
) -> Result<Vec<AuditEvent>, StoreError> {
    Ok(audit_events::table
        .filter(audit_events::subject.eq(subject))
        .order(audit_events::id)
        .select(AuditEvent::as_select())
        .load(connection)?)
}

//! `audit_events`: who changed what, when and why, written in the change's own transaction and
//! chained, so that no row can be changed, taken out or put in unseen (`docs/PROOF.md`).

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::chain::{self, Fields, GENESIS, Link};

use crate::letters::letters_of;
use crate::schema::audit_events;
use crate::{DbConnection, StoreError, lock};

/// The chain of what is no single co-op's. The others have the number of their co-op.
pub const REST: i64 = 0;

/// One event to record.
#[derive(Debug, Clone)]
pub struct NewAuditEvent {
    /// When, UTC, to the microsecond.
    pub recorded_at: NaiveDateTime,
    /// Who: `cli:<user>` or the caller of the API.
    pub actor: String,
    /// The use case, as `verb_noun`.
    pub action: String,
    /// Kind and id of what was changed: `application:12`.
    pub subject: String,
    /// SHA-256 over the many rows, or the file, that it is about, in hexadecimal digits.
    pub content_sha256: Option<String>,
    /// What the digests of the following are salted with.
    pub salt: Link,
    /// JSON of the values before.
    pub before: Option<String>,
    /// JSON of the values after.
    pub after: Option<String>,
    /// Why, in the person's own words.
    pub reason: Option<String>,
}

/// An event as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events)]
pub struct AuditEvent {
    /// Its chain: the co-op's number, or [`REST`].
    pub chain: i64,
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When, UTC.
    pub recorded_at: NaiveDateTime,
    /// Who.
    pub actor: String,
    /// The use case.
    pub action: String,
    /// Kind and id of what was changed.
    pub subject: String,
    /// SHA-256 over the many rows, or the file, that it is about.
    pub content_sha256: Option<String>,
    /// What the digests are salted with; none where the event has nothing to salt or was erased.
    pub salt: Option<String>,
    /// JSON before.
    pub before: Option<String>,
    /// JSON after.
    pub after: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Salted digest of `before`.
    pub before_sha256: Option<String>,
    /// Salted digest of `after`.
    pub after_sha256: Option<String>,
    /// Salted digest of `reason`.
    pub reason_sha256: Option<String>,
    /// The link, in hexadecimal digits.
    pub sha256: String,
}

impl AuditEvent {
    fn sealed(event: NewAuditEvent, chain: i64, seq: i64, previous: &Link) -> (Self, Link) {
        let digest = |part: &str, value: &Option<String>| {
            value
                .as_deref()
                .map(|value| salted_digest(&event.salt, part, value))
        };
        let (before_sha256, after_sha256, reason_sha256) = (
            digest("before", &event.before),
            digest("after", &event.after),
            digest("reason", &event.reason),
        );
        let is_salted =
            before_sha256.is_some() || after_sha256.is_some() || reason_sha256.is_some();
        let link = chain::link(
            previous,
            &EventContent {
                chain,
                seq,
                recorded_at: &letters_of(event.recorded_at),
                actor: &event.actor,
                action: &event.action,
                subject: &event.subject,
                content_sha256: event.content_sha256.as_deref(),
                before_sha256: before_sha256.as_deref(),
                after_sha256: after_sha256.as_deref(),
                reason_sha256: reason_sha256.as_deref(),
            }
            .fields(),
        );
        let sealed = Self {
            chain,
            seq,
            recorded_at: event.recorded_at,
            actor: event.actor,
            action: event.action,
            subject: event.subject,
            content_sha256: event.content_sha256,
            salt: is_salted.then(|| chain::to_hex(&event.salt)),
            before: event.before,
            after: event.after,
            reason: event.reason,
            before_sha256,
            after_sha256,
            reason_sha256,
            sha256: chain::to_hex(&link),
        };
        (sealed, link)
    }
}

/// What of an event is chained.
pub(crate) struct EventContent<'a> {
    pub(crate) chain: i64,
    pub(crate) seq: i64,
    /// In the letters of the database.
    pub(crate) recorded_at: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) content_sha256: Option<&'a str>,
    pub(crate) before_sha256: Option<&'a str>,
    pub(crate) after_sha256: Option<&'a str>,
    pub(crate) reason_sha256: Option<&'a str>,
}

impl EventContent<'_> {
    pub(crate) fn fields(&self) -> Fields {
        Fields::new()
            .integer(self.chain)
            .integer(self.seq)
            .moment_as_written(self.recorded_at)
            .text(self.actor)
            .text(self.action)
            .text(self.subject)
            .text(self.content_sha256)
            .text(self.before_sha256)
            .text(self.after_sha256)
            .text(self.reason_sha256)
    }
}

/// The salted digest of one part of an event: `before`, `after` or `reason`.
pub(crate) fn salted_digest(salt: &Link, part: &str, value: &str) -> String {
    chain::to_hex(&chain::link(salt, &Fields::new().text(part).text(value)))
}

/// Records events at the end of a chain. Takes the chain's lock, so it comes last in a transaction.
pub fn append(
    connection: &mut DbConnection,
    chain: i64,
    events: Vec<NewAuditEvent>,
) -> Result<(), StoreError> {
    lock::audit_chain(connection, chain)?;
    let (mut seq, mut previous) = tail(connection, chain)?;
    for event in events {
        seq += 1;
        let (sealed, link) = AuditEvent::sealed(event, chain, seq, &previous);
        diesel::insert_into(audit_events::table)
            .values(&sealed)
            .execute(connection)?;
        previous = link;
    }
    Ok(())
}

/// The place and the link of a chain's last event; none where it has none.
pub fn head(
    connection: &mut DbConnection,
    chain: i64,
) -> Result<Option<(i64, String)>, StoreError> {
    Ok(audit_events::table
        .filter(audit_events::chain.eq(chain))
        .order(audit_events::seq.desc())
        .select((audit_events::seq, audit_events::sha256))
        .first(connection)
        .optional()?)
}

/// The number of a chain and the place of its last event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct ChainEnd {
    /// The chain.
    #[diesel(sql_type = BigInt)]
    pub chain: i64,
    /// The place of its last event; 0 where it has none.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
}

/// How far every chain goes, by number. It costs a look-up a chain: whoever has seen all up to here
/// asks whether anything has happened since.
pub fn ends(connection: &mut DbConnection) -> Result<Vec<ChainEnd>, StoreError> {
    let text = "SELECT k.chain AS chain, COALESCE((SELECT MAX(e.seq) FROM audit_events e
          WHERE e.chain = k.chain), 0) AS seq
        FROM (SELECT CAST(0 AS BIGINT) AS chain UNION ALL SELECT id FROM cooperatives) k
        ORDER BY k.chain";
    Ok(diesel::sql_query(text).load(connection)?)
}

/// What was done by the events of a chain after a place, each action once.
pub fn actions_after(
    connection: &mut DbConnection,
    chain: i64,
    seq: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(audit_events::table
        .filter(audit_events::chain.eq(chain))
        .filter(audit_events::seq.gt(seq))
        .select(audit_events::action)
        .distinct()
        .load(connection)?)
}

/// The link at a place of a chain; none where it has no such place.
pub fn link_at(
    connection: &mut DbConnection,
    chain: i64,
    seq: i64,
) -> Result<Option<String>, StoreError> {
    Ok(audit_events::table
        .find((chain, seq))
        .select(audit_events::sha256)
        .get_result(connection)
        .optional()?)
}

fn tail(connection: &mut DbConnection, chain: i64) -> Result<(i64, Link), StoreError> {
    let Some((seq, sha256)) = head(connection, chain)? else {
        return Ok((0, GENESIS));
    };
    let link = chain::from_hex(&sha256)
        .ok_or_else(|| StoreError::Other(format!("audit_events {chain}/{seq}: {sha256}")))?;
    Ok((seq, link))
}

/// The events of one subject, oldest first.
pub fn of_subject(
    connection: &mut DbConnection,
    subject: &str,
) -> Result<Vec<AuditEvent>, StoreError> {
    Ok(audit_events::table
        .filter(audit_events::subject.eq(subject))
        .order((
            audit_events::recorded_at,
            audit_events::chain,
            audit_events::seq,
        ))
        .select(AuditEvent::as_select())
        .load(connection)?)
}

//! What a use case works with inside its one write transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use domain::Salts;
use serde::Serialize;
use store::tables::audit_events::{self, NewAuditEvent};
use store::{DbConnection, StoreError};

use crate::{Access, Actor, LedgerError, Result, Settings};

/// Places of a second that both databases keep.
const MICROSECOND_PLACES: u16 = 6;

/// An open write transaction: the connection, the moment, who asks, and the settings in force.
pub(crate) struct Tx<'a> {
    pub(crate) connection: &'a mut DbConnection,
    pub(crate) actor: &'a Actor,
    /// Who asks, and what they stand for.
    pub(crate) access: &'a Access,
    pub(crate) now: DateTime<Utc>,
    /// The day in Japan.
    pub(crate) today: NaiveDate,
    pub(crate) settings: &'a Settings,
    /// What was recorded and is sealed at the end.
    pub(crate) events: Vec<Unsealed>,
}

/// One event of the audit log, but for who and when.
pub(crate) struct Event<'a> {
    pub(crate) action: &'a str,
    pub(crate) coop_id: Option<i64>,
    pub(crate) subject: String,
    pub(crate) reason: Option<&'a str>,
}

/// An event that is not sealed yet.
#[derive(Debug)]
pub(crate) struct Unsealed {
    action: String,
    chain: i64,
    subject: String,
    content_sha256: Option<String>,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
}

impl Tx<'_> {
    /// The moment as the database keeps it, to the microsecond.
    pub(crate) fn recorded_at(&self) -> NaiveDateTime {
        recorded(self.now)
    }

    /// Records what was changed, from what to what, in this transaction. It is sealed at its end.
    pub(crate) fn audit<B: Serialize, A: Serialize>(
        &mut self,
        event: &Event<'_>,
        before: Option<&B>,
        after: Option<&A>,
    ) -> Result<()> {
        self.audit_content(event, before, after, None)
    }

    /// The same, with the SHA-256 (in hexadecimal digits) over the many rows, or the file, that it
    /// is about.
    pub(crate) fn audit_content<B: Serialize, A: Serialize>(
        &mut self,
        event: &Event<'_>,
        before: Option<&B>,
        after: Option<&A>,
        content_sha256: Option<String>,
    ) -> Result<()> {
        self.events.push(Unsealed {
            action: event.action.to_owned(),
            chain: event.coop_id.unwrap_or(audit_events::REST),
            subject: event.subject.clone(),
            content_sha256,
            before: before.map(to_json).transpose()?,
            after: after.map(to_json).transpose()?,
            reason: event.reason.map(str::to_owned),
        });
        Ok(())
    }

    /// Runs `f` and undoes whatever it wrote, its audit events too: to see what it would come to, or
    /// whether it is refused.
    pub(crate) fn try_out<T>(&mut self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let actor = self.actor;
        let mut outcome = None;
        let undone: Result<(), TriedOut> = store::savepoint(self.connection, |connection| {
            let mut tx = Tx {
                connection,
                actor,
                access: self.access,
                now: self.now,
                today: self.today,
                settings: self.settings,
                events: Vec::new(),
            };
            outcome = Some(f(&mut tx));
            Err(TriedOut(None))
        });
        match (outcome, undone) {
            (_, Err(TriedOut(Some(error)))) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, _) => Err(LedgerError::Corrupt("try_out".to_owned())),
        }
    }

    /// Runs `f` with `actor` as the one who is recorded as having done it. The audit log still names who
    /// asks.
    pub(crate) fn in_the_name_of<T>(
        &mut self,
        actor: &Actor,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut tx = Tx {
            connection: self.connection,
            actor,
            access: self.access,
            now: self.now,
            today: self.today,
            settings: self.settings,
            events: std::mem::take(&mut self.events),
        };
        let outcome = f(&mut tx);
        self.events = tx.events;
        outcome
    }

    /// Adds the events to their chains, in the order in which they came. This takes the chains'
    /// locks, so it comes last: co-ops wait for one another no longer than this takes (R17).
    pub(crate) fn seal(&mut self, salts: &dyn Salts) -> Result<()> {
        let mut chains: BTreeMap<i64, Vec<NewAuditEvent>> = BTreeMap::new();
        for event in std::mem::take(&mut self.events) {
            let salt = salts.next_salt().map_err(no_randomness)?;
            chains.entry(event.chain).or_default().push(NewAuditEvent {
                recorded_at: self.recorded_at(),
                actor: self.actor.as_str().to_owned(),
                action: event.action,
                subject: event.subject,
                content_sha256: event.content_sha256,
                salt,
                before: event.before,
                after: event.after,
                reason: event.reason,
            });
        }
        for (chain, events) in chains {
            audit_events::append(self.connection, chain, events)?;
        }
        Ok(())
    }
}

/// The machine had no randomness to give.
pub(crate) fn no_randomness(error: std::io::Error) -> LedgerError {
    LedgerError::File {
        place: "この機械の乱数".to_owned(),
        error,
    }
}

/// A moment as both databases keep it, to the microsecond.
pub(crate) fn recorded(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.naive_utc().trunc_subsecs(MICROSECOND_PLACES)
}

/// Why what was tried out is undone: because that was all it was for, or because the database failed.
struct TriedOut(Option<StoreError>);

impl From<StoreError> for TriedOut {
    fn from(error: StoreError) -> Self {
        Self(Some(error))
    }
}

/// JSON text of a value to keep.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| LedgerError::Corrupt(e.to_string()))
}

//! Looking for events of the audit log, in the order of time.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::schema::audit_events;
use crate::tables::audit_events::AuditEvent;
use crate::{Backend, DbConnection, StoreError};

/// Which events to look for; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of one chain: a co-op's number, or 0.
    pub chain: Option<i64>,
    /// Done by this person, or by a token of theirs.
    pub person: Option<String>,
    /// Done by exactly this actor: a token of a person.
    pub actor: Option<String>,
    /// This use case.
    pub action: Option<String>,
    /// Of one of these subjects.
    pub subjects: Option<Vec<String>>,
    /// At this moment or later, UTC.
    pub from: Option<NaiveDateTime>,
    /// Before this moment, UTC.
    pub before: Option<NaiveDateTime>,
}

/// The place of an event among all: when, chain, place in the chain.
pub type Place = (NaiveDateTime, i64, i64);

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the newest to the oldest.
    NewestFirst,
    /// From the oldest to the newest.
    OldestFirst,
}

/// At most `rows` events that fit, one after the other in a direction, from behind `after` on.
pub fn search(
    connection: &mut DbConnection,
    filter: &AuditFilter,
    direction: Direction,
    after: Option<Place>,
    rows: i64,
) -> Result<Vec<AuditEvent>, StoreError> {
    let (at, chain, seq) = (
        audit_events::recorded_at,
        audit_events::chain,
        audit_events::seq,
    );
    let mut query = audit_events::table
        .limit(rows)
        .select(AuditEvent::as_select())
        .into_boxed();
    query = match direction {
        Direction::NewestFirst => query.order((at.desc(), chain.desc(), seq.desc())),
        Direction::OldestFirst => query.order((at, chain, seq)),
    };
    // The first condition says nothing new: it lets the index begin there.
    query = match (direction, after) {
        (_, None) => query,
        (Direction::NewestFirst, Some((a, c, s))) => query.filter(at.le(a)).filter(
            at.lt(a)
                .or(at.eq(a).and(chain.lt(c)))
                .or(at.eq(a).and(chain.eq(c)).and(seq.lt(s))),
        ),
        (Direction::OldestFirst, Some((a, c, s))) => query.filter(at.ge(a)).filter(
            at.gt(a)
                .or(at.eq(a).and(chain.gt(c)))
                .or(at.eq(a).and(chain.eq(c)).and(seq.gt(s))),
        ),
    };
    if let Some(wanted) = filter.chain {
        query = query.filter(chain.eq(wanted));
    }
    if let Some(person) = &filter.person {
        // Word for word as in the index.
        let of_actor = match connection.backend() {
            Backend::Sqlite => "substr(actor, 1, instr(actor || '/', '/') - 1) = ",
            Backend::Postgres => "split_part(actor, '/', 1) = ",
        };
        query = query.filter(sql::<Bool>(of_actor).bind::<Text, _>(person.as_str()));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(audit_events::actor.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(subjects) = &filter.subjects {
        query = query.filter(audit_events::subject.eq_any(subjects));
    }
    if let Some(from) = filter.from {
        query = query.filter(at.ge(from));
    }
    if let Some(before) = filter.before {
        query = query.filter(at.lt(before));
    }
    Ok(query.load(connection)?)
}

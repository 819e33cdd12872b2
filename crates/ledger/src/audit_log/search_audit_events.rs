//! `search_audit_events`: who did what to which thing, and when.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CoopCode, MemberNumber};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::DbConnection;
use store::audit_search::{self, Direction, Place};
use store::tables::audit_events::AuditEvent;
use store::tables::cooperatives;

use super::words::action_ja;
use crate::accounting::reports::days_out_of_order;
use crate::ledger::Look;
use crate::privacy::Person;
use crate::proof::chain_name;
use crate::reference::{MemberKey, find_cooperative};
use crate::trace::{begins_in_japan, ends_in_japan};
use crate::{Call, Cursor, Ledger, Operation, Page, PageRequest, Result};

const LIST: &str = "audit-events";
/// Subjects named in one question.
const SUBJECTS_AT_ONCE: usize = 500;

/// Which events to look for; what is none does not matter, and all that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// In the chain of one co-op.
    pub coop: Option<CoopCode>,
    /// Done by this person, tokens included: a login name, or an actor as recorded (`cli:office`,
    /// `user:aoki/scripts`).
    pub person: Option<String>,
    /// The use case: `close_batch`.
    pub action: Option<String>,
    /// The thing it was done to: `application:12`.
    pub subject: Option<String>,
    /// Done to anything of this member, or in looking at it.
    pub member: Option<MemberKey>,
    /// On this day in Japan or later.
    pub from: Option<NaiveDate>,
    /// On this day in Japan or earlier.
    pub to: Option<NaiveDate>,
}

/// An event of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditEventView {
    /// Its chain: `audit`, or `audit/01` for a co-op's.
    #[schema(example = "audit/01")]
    pub chain: String,
    /// Its place there, from 1.
    pub seq: i64,
    /// When, UTC.
    pub recorded_at: DateTime<Utc>,
    /// Who.
    #[schema(example = "user:aoki")]
    pub actor: String,
    /// The use case.
    #[schema(example = "close_batch")]
    pub action: String,
    /// The same in Japanese.
    #[schema(example = "請求データを締めた")]
    pub action_ja: String,
    /// What it was done to: kind and number.
    #[schema(example = "batch:3")]
    pub subject: String,
    /// Why, in the person's own words.
    pub reason: Option<String>,
    /// The values before.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The values after.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// Whether reason and values were erased; their salted digests are chained still.
    pub is_erased: bool,
    /// SHA-256 over the file, or the many rows, that it is about.
    pub content_sha256: Option<String>,
    /// The link of the chain.
    pub sha256: String,
}

impl Ledger {
    /// The events that fit, the newest first. To search by member is a look at the member, and an
    /// event itself.
    ///
    /// # Errors
    /// Refuses a co-op or a member that there is not, and days that are out of order.
    pub fn search_audit_events(
        &self,
        call: &Call,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Page<AuditEventView>> {
        let rows = page.rows()?;
        let after = match &page.cursor {
            Some(cursor) => Some(place(cursor)?),
            None => None,
        };
        self.read_logged(call, Operation::SearchAuditEvents, |connection, _| {
            let asked = asked(connection, filter)?;
            let look = look(connection, filter)?;
            let names = ChainNames::load(connection)?;
            let newest = Direction::NewestFirst;
            let found = audit_search::search(connection, &asked, newest, after, rows + 1)?;
            let page = Page::of(found, rows, |event| {
                let at = event.recorded_at.and_utc().timestamp_micros();
                Cursor::after(LIST, &[at, event.chain, event.seq])
            });
            let page = Page {
                items: page.items.into_iter().map(|one| names.view(one)).collect(),
                next_cursor: page.next_cursor,
            };
            Ok((page, look))
        })
    }
}

/// Every event about some subjects, the oldest first.
pub(crate) fn events_of(
    connection: &mut DbConnection,
    subjects: &[String],
) -> Result<Vec<AuditEventView>> {
    let names = ChainNames::load(connection)?;
    let mut found = Vec::new();
    for subjects in subjects.chunks(SUBJECTS_AT_ONCE) {
        let asked = audit_search::AuditFilter {
            subjects: Some(subjects.to_vec()),
            ..audit_search::AuditFilter::default()
        };
        let oldest = Direction::OldestFirst;
        found.extend(audit_search::search(
            connection,
            &asked,
            oldest,
            None,
            i64::MAX,
        )?);
    }
    found.sort_by_key(|event| (event.recorded_at, event.chain, event.seq));
    Ok(found.into_iter().map(|one| names.view(one)).collect())
}

fn look(connection: &mut DbConnection, filter: &AuditFilter) -> Result<Option<Look>> {
    let Some(member) = &filter.member else {
        return Ok(None);
    };
    let person = Person::find(connection, &member.coop, &member.member_number)?;
    Ok(Some(Look::at_member(person.asked.coop_id, person.asked.id)))
}

fn place(cursor: &Cursor) -> Result<Place> {
    let [at, chain, seq] = cursor.keys(LIST)?;
    match DateTime::from_timestamp_micros(at) {
        Some(at) => Ok((at.naive_utc(), chain, seq)),
        None => Err(Cursor::made_up()),
    }
}

/// What the database is asked for.
pub(super) fn asked(
    connection: &mut DbConnection,
    filter: &AuditFilter,
) -> Result<audit_search::AuditFilter> {
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from > to
    {
        return Err(days_out_of_order("from", to));
    }
    let chain = match &filter.coop {
        Some(coop) => Some(find_cooperative(connection, coop)?.id),
        None => None,
    };
    let subjects = match (&filter.subject, &filter.member) {
        (None, None) => None,
        (Some(subject), None) => Some(vec![subject.clone()]),
        (subject, Some(member)) => {
            let mut subjects = subjects_of(connection, &member.coop, &member.member_number)?;
            subjects.retain(|one| subject.as_ref().is_none_or(|wanted| wanted == one));
            Some(subjects)
        }
    };
    let (person, actor) = match filter.person.as_deref().map(actor_named) {
        None => (None, None),
        Some(token) if token.contains('/') => (None, Some(token)),
        Some(person) => (Some(person), None),
    };
    Ok(audit_search::AuditFilter {
        chain,
        person,
        actor,
        action: filter.action.clone(),
        subjects,
        from: filter.from.map(begins_in_japan),
        before: filter.to.map(ends_in_japan),
    })
}

fn subjects_of(
    connection: &mut DbConnection,
    coop: &CoopCode,
    number: &MemberNumber,
) -> Result<Vec<String>> {
    Person::find(connection, coop, number)?.subjects(connection)
}

/// An actor as recorded; a login name alone is one of a person.
fn actor_named(name: &str) -> String {
    if name.contains(':') {
        name.to_owned()
    } else {
        format!("user:{name}")
    }
}

/// What the chains are called.
pub(super) struct ChainNames(HashMap<i64, String>);

impl ChainNames {
    /// Those of all co-ops.
    pub(super) fn load(connection: &mut DbConnection) -> Result<Self> {
        let coops = cooperatives::all(connection)?;
        let coops = coops.into_iter().map(|coop| (coop.id, coop.code));
        Ok(Self(coops.collect()))
    }

    /// An event as people see it.
    pub(super) fn view(&self, event: AuditEvent) -> AuditEventView {
        let is_sealed = event.before_sha256.is_some()
            || event.after_sha256.is_some()
            || event.reason_sha256.is_some();
        AuditEventView {
            chain: chain_name(event.chain, self.0.get(&event.chain).map(String::as_str)),
            seq: event.seq,
            recorded_at: event.recorded_at.and_utc(),
            actor: event.actor,
            action_ja: action_ja(&event.action).to_owned(),
            action: event.action,
            subject: event.subject,
            reason: event.reason,
            before: event.before.map(json),
            after: event.after.map(json),
            is_erased: is_sealed && event.salt.is_none(),
            content_sha256: event.content_sha256,
            sha256: event.sha256,
        }
    }
}

/// A kept copy; letters that are no JSON are shown as they are, for somebody changed them.
fn json(text: String) -> Value {
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

//! The audit log, walked from its first row to its last.

use std::collections::HashMap;

use domain::chain::{Flaw, Walk};
use store::DbConnection;
use store::proof::audit_log::{self, Kept, KeptEvent};
use store::tables::cooperatives;

use super::heads::chain_name;
use super::{ChainHead, Findings};
use crate::Result;
use crate::trace::Check;

/// What the audit log says.
#[derive(Debug, Default)]
pub(crate) struct AuditLog {
    /// The last link of each chain.
    pub(crate) heads: Vec<ChainHead>,
    /// What was sealed of each batch, and of what waited for a second person.
    sealed: HashMap<Subject, Vec<Sealed>>,
    findings: Findings,
}

/// What events seal something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    /// The batch of this number.
    Batch(i64),
    /// What was entered under this number for a second person to approve.
    PendingAction(i64),
}

impl Subject {
    fn of(subject: &str) -> Option<Self> {
        let (kind, id) = subject.split_once(':')?;
        let id = id.parse().ok()?;
        match kind {
            "batch" => Some(Self::Batch(id)),
            "pending_action" => Some(Self::PendingAction(id)),
            _ => None,
        }
    }
}

/// One event that seals something of its subject.
#[derive(Debug)]
struct Sealed {
    chain: i64,
    action: String,
    content_sha256: Option<String>,
}

impl AuditLog {
    /// Walks all chains.
    pub(crate) fn walk(connection: &mut DbConnection) -> Result<Self> {
        let codes: HashMap<i64, String> = cooperatives::all(connection)?
            .into_iter()
            .map(|coop| (coop.id, coop.code))
            .collect();
        let name = |chain: i64| chain_name(chain, codes.get(&chain).map(String::as_str));
        let mut log = Self::default();
        let mut current: Option<(i64, Walk)> = None;
        audit_log::each(connection, |kept| {
            let (chain, seq) = match &kept {
                Kept::Event(event) => (event.chain, event.seq),
                Kept::Unreadable { chain, seq } => (*chain, *seq),
            };
            let is_new = current.as_ref().is_none_or(|(id, _)| *id != chain);
            if is_new && let Some((id, walk)) = current.replace((chain, Walk::default())) {
                log.heads.push(ChainHead::of(name(id), &walk));
            }
            let Some((_, walk)) = &mut current else {
                return;
            };
            match kept {
                Kept::Event(event) => log.take(walk, &name(chain), *event),
                Kept::Unreadable { .. } => {
                    log.findings
                        .add(|| format!("{} の {seq} 番が読めない", name(chain)));
                    walk.skip(seq);
                }
            }
        })?;
        if let Some((id, walk)) = current {
            log.heads.push(ChainHead::of(name(id), &walk));
        }
        Ok(log)
    }

    fn take(&mut self, walk: &mut Walk, name: &str, event: KeptEvent) {
        match walk.step(event.seq, &event.fields(), &event.sha256) {
            None => {}
            Some(Flaw::Missing(first, last)) if first == last => {
                self.findings.add(|| format!("{name} の {first} 番がない"));
            }
            Some(Flaw::Missing(first, last)) => {
                self.findings
                    .add(|| format!("{name} の {first}〜{last} 番がない"));
            }
            Some(Flaw::Changed(seq)) => self.findings.add(|| {
                format!(
                    "{name} の {seq} 番（{} {}）が記録したときと違う",
                    event.action, event.subject
                )
            }),
        }
        if !event.copies_are_sealed() {
            let seq = event.seq;
            self.findings.add(|| {
                format!(
                    "{name} の {seq} 番（{} {}）の写しが記録したときと違う",
                    event.action, event.subject
                )
            });
        }
        if let Some(subject) = Subject::of(&event.subject) {
            self.sealed.entry(subject).or_default().push(Sealed {
                chain: event.chain,
                action: event.action,
                content_sha256: event.content_sha256,
            });
        }
    }

    /// What it tells of, in order.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = self.sealed.keys().copied().collect();
        subjects.sort_unstable();
        subjects
    }

    /// Whether it tells that this was done.
    pub(crate) fn tells(&self, subject: Subject, action: &str) -> bool {
        self.of(subject, action).next().is_some()
    }

    /// Whether it tells, in the co-op's own chain, that this was done.
    pub(crate) fn tells_of_coop(&self, subject: Subject, coop_id: i64, action: &str) -> bool {
        self.of(subject, action)
            .any(|sealed| sealed.chain == coop_id)
    }

    /// Whether an event of this action seals this content.
    pub(crate) fn seals(&self, subject: Subject, action: &str, sha256: &str) -> bool {
        self.of(subject, action)
            .any(|sealed| sealed.content_sha256.as_deref() == Some(sha256))
    }

    fn of<'a>(&'a self, subject: Subject, action: &'a str) -> impl Iterator<Item = &'a Sealed> {
        let sealed = self.sealed.get(&subject).into_iter().flatten();
        sealed.filter(move |sealed| sealed.action == action)
    }

    /// Whether the chains are whole.
    pub(crate) fn check(&mut self) -> Check {
        let findings = std::mem::take(&mut self.findings);
        findings.into_check(
            "audit_log_is_whole",
            "監査記録は、書いたときのまま一続きになっている（R17）",
        )
    }
}

//! The journal, walked from its first entry to its last (R14).

use domain::chain::{Flaw, Walk};
use store::DbConnection;
use store::proof::journal::{self, Kept};

use super::heads::JOURNAL;
use super::{ChainHead, Findings};
use crate::Result;
use crate::trace::Check;

/// Whether the chain of the journal is whole, and its head; none while there is no entry.
pub(crate) fn check(connection: &mut DbConnection) -> Result<(Check, Option<ChainHead>)> {
    let mut findings = Findings::default();
    let mut walk = Walk::default();
    journal::each(connection, |kept| match kept {
        Kept::Unreadable(id) => {
            findings.add(|| format!("仕訳 {id} が読めない"));
            walk.skip(id);
        }
        Kept::Entry(entry, lines) => {
            let follows = walk.leads_to(&entry.previous_hash);
            match walk.step(entry.id, &entry.fields(lines), &entry.hash) {
                Some(Flaw::Missing(first, last)) if first == last => {
                    findings.add(|| format!("仕訳 {first} がない"));
                }
                Some(Flaw::Missing(first, last)) => {
                    findings.add(|| format!("仕訳 {first}〜{last} がない"));
                }
                Some(Flaw::Changed(id)) => {
                    findings.add(|| format!("仕訳 {id} が記帳したときと違う"));
                }
                None if !follows => {
                    let id = entry.id;
                    findings.add(|| format!("仕訳 {id} が一つ前の仕訳とつながらない"));
                }
                None => {}
            }
        }
    })?;
    let check = findings.into_check(
        "journal_is_whole",
        "仕訳帳は、記帳したときのまま一続きになっている（R14）",
    );
    let head = (walk.seq() > 0).then(|| ChainHead::of(JOURNAL.to_owned(), &walk));
    Ok((check, head))
}

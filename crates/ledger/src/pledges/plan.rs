//! The plan of a pledge as it is kept, and how a revision is added to it.

use domain::{CollectionMonth, NewTerm, Term, TermUnits, Timeline, TimelineError, Yen};
use store::DbConnection;
use store::tables::applications::Application;
use store::tables::pledge_terms::{self, Cause, PledgeTerm};
use store::tables::pledges;

use crate::error::stored;
use crate::{LedgerError, Result};

/// What brings a revision about, as the database keeps it.
pub(crate) const CAUSE_COMMAND: &str = "command";
pub(crate) const CAUSE_DECISION: &str = "decision";
pub(crate) const CAUSE_UNDO: &str = "undo";

/// Every term of a pledge, as it was stated.
pub(crate) fn timeline(connection: &mut DbConnection, pledge_id: i64) -> Result<Timeline> {
    to_timeline(&pledge_terms::of_pledge(connection, pledge_id)?)
}

/// The timeline of these terms.
pub(crate) fn to_timeline(terms: &[PledgeTerm]) -> Result<Timeline> {
    let terms = terms.iter().map(to_term).collect::<Result<_>>()?;
    Ok(Timeline::from_terms(terms))
}

/// The terms of the revisions that still stand: an undoing and what it undid are left out. They
/// come to the same plan.
pub(crate) fn standing(terms: &[PledgeTerm]) -> Vec<PledgeTerm> {
    let mut standing: Vec<i32> = Vec::new();
    let mut seen = 0;
    for term in terms {
        if term.revision == seen {
            continue;
        }
        seen = term.revision;
        if term.cause == CAUSE_UNDO {
            standing.pop();
        } else {
            standing.push(term.revision);
        }
    }
    let stands = |term: &&PledgeTerm| standing.contains(&term.revision);
    terms.iter().filter(stands).cloned().collect()
}

/// The revision of a pledge that an application made, while it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) pledge_id: i64,
    pub(crate) revision: i32,
}

/// What an application made of a pledge, while that stands; none when it made a gift or nothing.
pub(crate) fn made_by(connection: &mut DbConnection, line: &Application) -> Result<Option<Made>> {
    let Some(member_id) = line.member_id else {
        return Ok(None);
    };
    for pledge in pledges::of_member(connection, member_id)?.iter().rev() {
        let terms = standing(&pledge_terms::of_pledge(connection, pledge.id)?);
        let made = terms
            .iter()
            .rev()
            .find(|term| term.application_id == Some(line.id));
        if let Some(term) = made {
            let (pledge_id, revision) = (pledge.id, term.revision);
            return Ok(Some(Made {
                pledge_id,
                revision,
            }));
        }
    }
    Ok(None)
}

/// Appends a revision; gives its number.
pub(crate) fn append(
    connection: &mut DbConnection,
    pledge_id: i64,
    terms: &[NewTerm],
    cause: &Cause<'_>,
) -> Result<i32> {
    let rows: Vec<pledge_terms::NewTerm> = terms
        .iter()
        .map(|term| pledge_terms::NewTerm {
            from_month: term.from_month.as_int(),
            units: term.units.get(),
            unit_price: term.unit_price.get(),
        })
        .collect();
    Ok(pledge_terms::append_revision(
        connection, pledge_id, &rows, cause,
    )?)
}

/// A change that the plan does not allow, with its stable code.
pub(crate) fn refused(error: TimelineError) -> LedgerError {
    let code = match &error {
        TimelineError::AlreadyOpen(_) => "pledge_open",
        TimelineError::NotOpen(_) => "pledge_not_open",
        TimelineError::NotStarted(_) => "pledge_not_started",
        TimelineError::OtherUnitPrice { .. } => "other_unit_price",
        TimelineError::Units(_) => "too_many_units",
        TimelineError::NoUnits => "no_units",
        TimelineError::ResumeNotLater { .. } => "resume_not_later",
        TimelineError::NotNewest { .. } => "changed_since",
    };
    LedgerError::refused(code, error.to_string())
}

pub(super) fn to_term(row: &PledgeTerm) -> Result<Term> {
    Ok(Term {
        revision: row.revision.into(),
        from_month: stored(
            "pledge_terms.from_month",
            CollectionMonth::from_int(row.from_month),
        )?,
        units: stored("pledge_terms.units", TermUnits::new(row.units))?,
        unit_price: Yen::new(row.unit_price),
    })
}

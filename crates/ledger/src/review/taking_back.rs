//! Taking back what an application made of a pledge or gave: for undoing and voiding.

use domain::NewTerm;
use store::DbConnection;
use store::tables::applications::Application;
use store::tables::donations;
use store::tables::pledge_terms::{self, PledgeTerm};

use super::effect::{Effect, has_charge_from};
use crate::pledges::plan;
use crate::{LedgerError, Result};

/// What takes back everything a posted application made. Refuses what is charged already, and a
/// change of a pledge that others were built on, naming them.
pub(super) fn taking_back(connection: &mut DbConnection, line: &Application) -> Result<Effect> {
    if let Some(gift) = donations::find_live(connection, line.id)? {
        if donations::is_charged(connection, gift.id)? {
            return Err(charged(line));
        }
        return Ok(Effect::CancelGift {
            donation_id: gift.id,
        });
    }
    let Some(made) = plan::made_by(connection, line)? else {
        return Err(LedgerError::Corrupt(format!(
            "application {}: posted into nothing",
            line.id
        )));
    };
    let standing = plan::standing(&pledge_terms::of_pledge(connection, made.pledge_id)?);
    let later: Vec<&PledgeTerm> = standing
        .iter()
        .filter(|term| term.revision > made.revision)
        .collect();
    if !later.is_empty() {
        return Err(changed_since(line, &later));
    }
    let terms = plan::to_timeline(&standing)?
        .undo(made.revision.into())
        .map_err(plan::refused)?;
    let from = terms.iter().map(|term: &NewTerm| term.from_month).min();
    if let Some(from) = from
        && has_charge_from(connection, made.pledge_id, from)?
    {
        return Err(charged(line));
    }
    Ok(Effect::TakeBack {
        pledge_id: made.pledge_id,
        terms,
    })
}

fn charged(line: &Application) -> LedgerError {
    LedgerError::refused(
        "already_charged",
        format!(
            "申込 {} はすでに請求されています。取り消せるのは締めるまでです。続くサポーター登録は 登録を変更するか終えることで変えられます",
            line.id
        ),
    )
}

/// The later changes of a pledge that stand in the way.
pub(super) fn changed_since(line: &Application, later: &[&PledgeTerm]) -> LedgerError {
    let mut named: Vec<String> = Vec::new();
    let mut revision = 0;
    for term in later {
        if term.revision == revision {
            continue;
        }
        revision = term.revision;
        let by = match (term.application_id, term.actor.as_deref()) {
            (Some(application_id), _) => format!("申込 {application_id}"),
            (None, Some(actor)) => actor.to_owned(),
            (None, None) => term.cause.clone(),
        };
        let reason = term
            .reason
            .as_deref()
            .map_or_else(String::new, |reason| format!("、理由: {reason}"));
        named.push(format!("第{revision}版（{by}{reason}）"));
    }
    LedgerError::refused(
        "changed_since",
        format!(
            "申込 {} のサポーター登録は、そのあとに変えられています: {}。新しいものから順に取り消すか、登録を変更するか終えてください",
            line.id,
            named.join("、")
        ),
    )
}

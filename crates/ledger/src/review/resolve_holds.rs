//! `resolve_holds`: many held applications of one import decided at once, each in its own right.

use domain::{HoldReason, Way};
use serde::{Deserialize, Serialize};
use store::tables::applications::{self, HeldFilter};
use store::{lock, savepoint};
use utoipa::ToSchema;

use super::look::Lookbook;
use super::resolve_hold::{Resolution, resolve};
use crate::call::given_reason;
use crate::tx::Tx;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Held applications looked up at a time.
const CHUNK_ROWS: i64 = 500;

/// Which held applications are decided, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveMany {
    /// The import, sheet or request they arrived in.
    pub import_id: i64,
    /// Only those whose main reason this is.
    #[schema(value_type = String, example = "duplicate_application")]
    pub only: HoldReason,
    /// The way.
    #[schema(value_type = String, example = "mistake")]
    pub way: Way,
    /// Why.
    pub reason: String,
}

/// One that could not be decided so, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SkippedHold {
    /// The application.
    pub id: i64,
    /// A stable word for programs.
    pub code: String,
    /// Why, and the way out.
    pub message: String,
}

/// What became of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldsResolved {
    /// How many were decided.
    pub resolved: u64,
    /// Those that could not be: they stay held.
    pub skipped: Vec<SkippedHold>,
}

impl Ledger {
    /// Decides every held application of an import that has this main reason, in one transaction
    /// and each in its own right: those that cannot be decided so stay held and are named.
    ///
    /// Refuses a way that the reason does not have, and an import with nothing held for it.
    pub fn resolve_holds(&self, call: &Call, request: &ResolveMany) -> Result<HoldsResolved> {
        self.write(call, Operation::ResolveHolds, request, |tx| {
            resolve_many(tx, request)
        })
    }

    /// What [`resolve_holds`](Self::resolve_holds) would do: how many it would decide, and which it
    /// would leave held and why. Changes nothing; refuses what that refuses.
    pub fn weigh_holds(&self, call: &Call, request: &ResolveMany) -> Result<HoldsResolved> {
        self.try_out(call, Operation::ResolveHolds, |tx| {
            resolve_many(tx, request)
        })
    }
}

fn resolve_many(tx: &mut Tx<'_>, request: &ResolveMany) -> Result<HoldsResolved> {
    given_reason(&request.reason)?;
    require_way(request)?;
    lock::reference_shared(tx.connection)?;
    for coop_id in applications::coops_with_held(tx.connection, request.import_id)? {
        lock::coop_exclusive(tx.connection, coop_id)?;
    }
    let lookbook = Lookbook::load(tx.connection, tx.settings)?;
    let outcome = resolve_each(tx, &lookbook, request)?;
    if outcome.resolved == 0 && outcome.skipped.is_empty() {
        return Err(LedgerError::refused(
            "nothing_held",
            format!(
                "取り込み {} に「{}」（{}）で要確認の申込はありません。番号と理由を要確認の一覧で確かめてください",
                request.import_id,
                request.only.label_ja(),
                request.only
            ),
        ));
    }
    Ok(outcome)
}

fn require_way(request: &ResolveMany) -> Result<()> {
    if request.only.allows(request.way) {
        return Ok(());
    }
    let ways: Vec<&str> = request.only.ways().iter().map(|way| way.as_str()).collect();
    Err(LedgerError::refused(
        "way_not_available",
        format!(
            "「{}」（{}）の申込は {} とは決められません。選べるのは {} です",
            request.only.label_ja(),
            request.only,
            request.way,
            ways.join("、")
        ),
    ))
}

fn resolve_each(
    tx: &mut Tx<'_>,
    lookbook: &Lookbook,
    request: &ResolveMany,
) -> Result<HoldsResolved> {
    let filter = HeldFilter {
        intake_id: Some(request.import_id),
        main_reason_bit: Some(request.only.bit().into()),
        ..HeldFilter::default()
    };
    let resolution = Resolution::new(request.way, &request.reason);
    let mut outcome = HoldsResolved {
        resolved: 0,
        skipped: Vec::new(),
    };
    let mut after_id = 0;
    loop {
        let found = applications::held_after(tx.connection, &filter, after_id, CHUNK_ROWS)?;
        let Some(last) = found.last() else {
            return Ok(outcome);
        };
        after_id = last.id;
        for held in found {
            match resolve_apart(tx, lookbook, held.id, &resolution) {
                Ok(()) => outcome.resolved += 1,
                Err(error @ (LedgerError::Refused { .. } | LedgerError::Invalid { .. })) => {
                    outcome.skipped.push(SkippedHold {
                        id: held.id,
                        code: error.code().to_owned(),
                        message: error.to_string(),
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Decides one in a savepoint of its own, so that one that fails leaves nothing behind.
fn resolve_apart(
    tx: &mut Tx<'_>,
    lookbook: &Lookbook,
    id: i64,
    resolution: &Resolution,
) -> Result<()> {
    let (actor, access) = (tx.actor, tx.access);
    let (now, today, settings) = (tx.now, tx.today, tx.settings);
    let events = savepoint(tx.connection, |connection| {
        let mut apart = Tx {
            access,
            connection,
            actor,
            now,
            today,
            settings,
            events: Vec::new(),
        };
        resolve(&mut apart, lookbook, id, resolution)?;
        Ok::<_, LedgerError>(apart.events)
    })?;
    tx.events.extend(events);
    Ok(())
}

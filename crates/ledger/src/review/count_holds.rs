//! `count_holds`: how much waits for a person, and of which kinds.

use chrono::{DateTime, Utc};
use domain::{CollectionMonth, HoldReason};
use serde::{Deserialize, Serialize};
use store::held_search;
use utoipa::ToSchema;

use super::line::reasons_of;
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Imports named at most.
const IMPORTS_MAX: i64 = 50;

/// How many applications a co-op has held for a month and a main reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldCount {
    /// Code of the co-op.
    #[schema(example = "01")]
    pub coop: String,
    /// The month of collection; none while unknown.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub month: Option<CollectionMonth>,
    /// The main reason.
    #[schema(value_type = String, example = "already_supporter")]
    pub reason: HoldReason,
    /// How many.
    pub holds: i64,
}

/// Applications of one import that are held for one main reason: two or more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeldTogether {
    /// The import or sheet they arrived in.
    pub import_id: i64,
    /// What that was: `file`, `sheet`, `request` or `member_changes`.
    pub import_kind: String,
    /// Its name: that of the file.
    pub import_name: Option<String>,
    /// When it came, UTC.
    pub recorded_at: DateTime<Utc>,
    /// The main reason.
    #[schema(value_type = String, example = "duplicate_application")]
    pub reason: HoldReason,
    /// How many.
    pub holds: i64,
}

/// Everything that is held, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoldsCounted {
    /// By co-op, month and main reason, in that order.
    pub counts: Vec<HoldCount>,
    /// Those that can be decided together, the largest first, 50 at most.
    pub together: Vec<HeldTogether>,
}

impl Ledger {
    /// How many applications are held, by co-op, month and main reason, and which of them arrived
    /// together.
    pub fn count_holds(&self, call: &Call) -> Result<HoldsCounted> {
        self.read(call, Operation::CountHolds, |connection| {
            let counts = held_search::counts(connection)?;
            let together = held_search::together(connection, IMPORTS_MAX)?;
            Ok(HoldsCounted {
                counts: counts.into_iter().map(count).collect::<Result<_>>()?,
                together: together.into_iter().map(group).collect::<Result<_>>()?,
            })
        })
    }
}

fn count(found: held_search::HeldCount) -> Result<HoldCount> {
    let month = Some(found.month).filter(|month| *month != 0);
    let month = month.map(CollectionMonth::from_int).transpose();
    Ok(HoldCount {
        coop: found.coop,
        month: stored("applications.collection_month", month)?,
        reason: reason(found.reason_bit)?,
        holds: found.holds,
    })
}

fn group(found: held_search::HeldTogether) -> Result<HeldTogether> {
    Ok(HeldTogether {
        import_id: found.intake_id,
        import_kind: found.kind,
        import_name: found.name,
        recorded_at: found.recorded_at.and_utc(),
        reason: reason(found.reason_bit)?,
        holds: found.holds,
    })
}

fn reason(bit: i32) -> Result<HoldReason> {
    reasons_of(bit)?
        .main()
        .ok_or_else(|| LedgerError::Corrupt(format!("applications.reasons: {bit}")))
}

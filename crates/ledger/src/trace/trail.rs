//! Where a charge went: its batch, the file handed over, and what was booked.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::{batch_approvals, batches, exports, journal_entries};

use super::explain_amount::ChargeExplained;
use crate::error::stored;
use crate::{LedgerError, Result};

/// A file of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FileTrail {
    /// In which format.
    #[schema(example = "standard")]
    pub profile: String,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// Who wrote it first.
    pub exported_by: String,
    /// When, UTC.
    pub exported_at: DateTime<Utc>,
}

/// What happened to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchTrail {
    /// The batch.
    pub batch_id: i64,
    /// Its month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which of the month.
    pub sequence: i32,
    /// Who closed it.
    pub closed_by: String,
    /// When, UTC.
    pub closed_at: DateTime<Utc>,
    /// Who approved that its file is written.
    pub approved_by: Option<String>,
    /// When, UTC.
    pub approved_at: Option<DateTime<Utc>>,
    /// Its files, by format.
    pub files: Vec<FileTrail>,
}

/// A journal entry behind a result or a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EntryTrail {
    /// Its number.
    pub entry_id: i64,
    /// The day it is dated.
    pub occurred_on: NaiveDate,
    /// The day it counts from.
    pub posted_on: NaiveDate,
    /// What it says.
    pub description: String,
    /// Who.
    pub recorded_by: String,
    /// When, UTC.
    pub recorded_at: DateTime<Utc>,
}

/// The batches of some charges, oldest first.
pub(super) fn batches_of(
    connection: &mut DbConnection,
    charges: &[ChargeExplained],
) -> Result<Vec<BatchTrail>> {
    let ids: BTreeSet<i64> = charges.iter().map(|one| one.charge.batch_id).collect();
    ids.into_iter().map(|id| batch(connection, id)).collect()
}

fn batch(connection: &mut DbConnection, id: i64) -> Result<BatchTrail> {
    let found = batches::find(connection, id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("charges.batch_id: {id}")))?;
    let approval = batch_approvals::find(connection, id)?;
    let files = exports::of_batch(connection, id)?
        .into_iter()
        .map(|one| FileTrail {
            profile: one.profile,
            sha256: one.sha256,
            exported_by: one.actor,
            exported_at: one.exported_at.and_utc(),
        })
        .collect();
    Ok(BatchTrail {
        batch_id: id,
        month: stored("batches.month", CollectionMonth::from_int(found.month))?,
        sequence: found.sequence,
        closed_by: found.closed_by,
        closed_at: found.closed_at.and_utc(),
        approved_at: approval.as_ref().map(|one| one.approved_at.and_utc()),
        approved_by: approval.map(|one| one.approved_by),
        files,
    })
}

/// The journal entries that the results of some charges and what was put right in them made, in order.
pub(super) fn entries_of(
    connection: &mut DbConnection,
    charges: &[ChargeExplained],
) -> Result<Vec<EntryTrail>> {
    let results = charges.iter().filter_map(|one| one.charge.result.as_ref());
    let corrections = charges.iter().flat_map(|one| &one.charge.corrections);
    let ids: BTreeSet<i64> = results
        .filter_map(|one| one.entry_id)
        .chain(corrections.filter_map(|one| one.entry_id))
        .collect();
    ids.into_iter()
        .map(|id| {
            let entry = journal_entries::find(connection, id)?
                .ok_or_else(|| LedgerError::Corrupt(format!("journal entry {id} is gone")))?;
            Ok(EntryTrail {
                entry_id: id,
                occurred_on: entry.occurred_on,
                posted_on: entry.posted_on,
                description: entry.description,
                recorded_by: entry.actor,
                recorded_at: entry.recorded_at.and_utc(),
            })
        })
        .collect()
}

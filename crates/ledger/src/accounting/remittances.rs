//! Remittances as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CollectionMonth, CoopCode, EntrySource, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::journal_entries;
use store::tables::remittances::{self, Allocation, Remittance};
use store::tables::{batches, cooperatives};
use utoipa::ToSchema;

use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "remittances";

/// What of a remittance was for one batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemittanceShareView {
    /// Number of the batch.
    pub batch_id: i64,
    /// Its month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: i32,
    /// Yen that were due of it.
    #[schema(value_type = i64)]
    pub due: Yen,
    /// Yen for it; negative where it sets off what was taken back after it was handed over.
    #[schema(value_type = i64)]
    pub amount: Yen,
}

/// A remittance from a co-op (送金).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemittanceView {
    /// Its number.
    pub remittance_id: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The day it was on the account.
    pub received_on: NaiveDate,
    /// Yen that were due by the co-op when it was recorded.
    #[schema(value_type = i64)]
    pub due: Yen,
    /// Yen on the account.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Yen of fee taken off on the way.
    #[schema(value_type = i64)]
    pub fee: Yen,
    /// Amount and fee less what was due: below 0 when too little came.
    #[schema(value_type = i64)]
    pub difference: Yen,
    /// Yen put aside (仮受金), or taken from what was put aside where negative.
    #[schema(value_type = i64)]
    pub suspense: Yen,
    /// For which batches.
    pub shares: Vec<RemittanceShareView>,
    /// What was noted.
    pub note: Option<String>,
    /// Its entry in the journal.
    pub entry_id: i64,
    /// The entry that takes it back.
    pub reversed_by: Option<i64>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

impl Ledger {
    /// Remittances, newest first, of one co-op where one is given.
    pub fn list_remittances(
        &self,
        call: &Call,
        coop: Option<&CoopCode>,
        page: &PageRequest,
    ) -> Result<Page<RemittanceView>> {
        let asked = page.newest_first(LIST)?;
        self.read(call, Operation::ListRemittances, |connection| {
            let coop = match coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let rows = asked.rows_to_find();
            let found = remittances::page(connection, coop, asked.before_id, rows)?;
            asked.page(
                found,
                |remittance| view(connection, remittance),
                |remittance| remittance.remittance_id,
            )
        })
    }

    /// A remittance.
    ///
    /// # Errors
    /// Refuses a number that no remittance has.
    pub fn get_remittance(&self, call: &Call, remittance_id: i64) -> Result<RemittanceView> {
        self.read(call, Operation::GetRemittance, |connection| {
            remittance_view(connection, remittance_id)
        })
    }
}

/// The remittance of a number.
pub(crate) fn remittance_view(connection: &mut DbConnection, id: i64) -> Result<RemittanceView> {
    let remittance = remittances::find(connection, id)?.ok_or_else(|| {
        LedgerError::not_found("remittance_not_found", format!("送金 {id} はありません"))
    })?;
    view(connection, remittance)
}

fn view(connection: &mut DbConnection, remittance: Remittance) -> Result<RemittanceView> {
    let id = remittance.id;
    let coop = cooperatives::find(connection, remittance.coop_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("remittances.coop_id: {id}")))?;
    let source = EntrySource::Remittance.as_str();
    let entry = journal_entries::find_of_source(connection, source, id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("remittances: {id} に仕訳がない")))?;
    let reversed_by = journal_entries::reversal_of(connection, entry.id)?.map(|entry| entry.id);
    let shares = remittances::allocations(connection, id)?
        .into_iter()
        .map(|share| share_view(connection, &share))
        .collect::<Result<_>>()?;
    Ok(RemittanceView {
        remittance_id: id,
        coop: stored("cooperatives.code", coop.code.parse())?,
        received_on: remittance.received_on,
        due: Yen::new(remittance.due),
        amount: Yen::new(remittance.amount),
        fee: Yen::new(remittance.fee),
        difference: Yen::new(remittance.amount + remittance.fee - remittance.due),
        suspense: Yen::new(remittance.suspense),
        shares,
        note: remittance.note,
        entry_id: entry.id,
        reversed_by,
        recorded_by: remittance.actor,
        recorded_at: remittance.recorded_at.and_utc(),
    })
}

fn share_view(connection: &mut DbConnection, share: &Allocation) -> Result<RemittanceShareView> {
    let batch = batches::find(connection, share.batch_id)?.ok_or_else(|| {
        LedgerError::Corrupt(format!(
            "remittance_allocations.batch_id: {}",
            share.batch_id
        ))
    })?;
    Ok(RemittanceShareView {
        batch_id: batch.id,
        month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
        sequence: batch.sequence,
        due: Yen::new(share.due),
        amount: Yen::new(share.amount),
    })
}

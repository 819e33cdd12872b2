//! Batches as lists, and one with its totals per order number.

use chrono::{DateTime, Utc};
use domain::{CollectionMonth, CoopCode, OfferingKind, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::batch_approvals;
use store::tables::batch_totals::{self, BatchTotal};
use store::tables::batches::{self, Batch};
use store::tables::cooperatives;
use store::tables::exports::{self, Export};
use store::tables::settlements;

use super::approve_batch::BatchApprovalView;
use super::settlement::{BatchSettlement, Overdue};
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "batches";
const AWAITING: &str = "batches-awaiting-results";

/// Which batches to list.
#[derive(Debug, Clone, Default)]
pub struct BatchFilter {
    /// Of one co-op.
    pub coop: Option<CoopCode>,
    /// Of one month.
    pub month: Option<CollectionMonth>,
}

/// The first export of a batch in a profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportView {
    /// Name of the profile.
    pub profile: String,
    /// Its version.
    pub profile_version: i32,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Rows, the header not counted.
    pub rows: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Who.
    pub exported_by: String,
    /// When.
    pub exported_at: DateTime<Utc>,
}

/// A batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchView {
    /// Its number.
    pub batch_id: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: i32,
    /// `closed` or `voided`.
    pub state: String,
    /// How many charges.
    pub charges: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Who closed it.
    pub closed_by: String,
    /// When.
    pub closed_at: DateTime<Utc>,
    /// Why ahead of its time, where it was.
    pub reason: Option<String>,
    /// Who voided it.
    pub voided_by: Option<String>,
    /// When.
    pub voided_at: Option<DateTime<Utc>>,
    /// Why.
    pub void_reason: Option<String>,
    /// Who approved that it is handed over; none before that.
    pub approval: Option<BatchApprovalView>,
    /// Its first export in each profile.
    pub exports: Vec<ExportView>,
    /// How far it is settled; none before its first export, and of a voided one.
    pub settlement: Option<BatchSettlement>,
}

/// What one order number comes to in a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchTotalView {
    /// The kind of gift.
    #[schema(value_type = String, example = "supporter")]
    pub kind: OfferingKind,
    /// The order number; empty for imported pledges without one.
    pub order_number: String,
    /// How many charges.
    pub charges: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
}

/// A batch with its totals per order number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BatchDetail {
    /// The batch.
    #[serde(flatten)]
    pub batch: BatchView,
    /// Its totals per kind and order number.
    pub totals: Vec<BatchTotalView>,
}

impl Ledger {
    /// Batches, newest first, voided ones included.
    pub fn list_batches(
        &self,
        call: &Call,
        filter: &BatchFilter,
        page: &PageRequest,
    ) -> Result<Page<BatchView>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => Some(cursor.keys::<1>(LIST)?[0]),
            None => None,
        };
        self.read(call, Operation::ListBatches, |connection| {
            let coop = match &filter.coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let asked = batches::BatchFilter {
                coop_id: coop,
                month: filter.month.map(CollectionMonth::as_int),
                before_id,
            };
            let found = batches::page(connection, asked, rows + 1)?;
            let views = views(connection, found, self.overdue())?;
            Ok(Page::of(views, rows, |batch| {
                Cursor::after(LIST, &[batch.batch_id])
            }))
        })
    }

    /// The batches that were handed over and wait for results, newest first: of one co-op where that
    /// is given (R13).
    ///
    /// # Errors
    /// Refuses a code that no co-op has.
    pub fn list_batches_awaiting_results(
        &self,
        call: &Call,
        coop: Option<&CoopCode>,
        page: &PageRequest,
    ) -> Result<Page<BatchView>> {
        let rows = page.rows()?;
        let before_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(AWAITING)?[0],
            None => i64::MAX,
        };
        self.read(call, Operation::ListBatches, |connection| {
            let coop_id = match coop {
                Some(coop) => Some(find_cooperative(connection, coop)?.id),
                None => None,
            };
            let found = batches::awaiting_results(connection, coop_id, before_id, rows + 1)?;
            let views = views(connection, found, self.overdue())?;
            Ok(Page::of(views, rows, |batch| {
                Cursor::after(AWAITING, &[batch.batch_id])
            }))
        })
    }

    /// A batch with its totals per order number, as recorded at its close (R10).
    pub fn get_batch(&self, call: &Call, batch_id: i64) -> Result<BatchDetail> {
        self.read(call, Operation::GetBatch, |connection| {
            let totals = batch_totals::of_batch(connection, batch_id)?;
            let batch = batch_view(connection, batch_id, self.overdue())?;
            Ok(BatchDetail {
                batch,
                totals: totals.into_iter().map(total).collect::<Result<_>>()?,
            })
        })
    }
}

/// The batch of a number. Refuses a number that no batch has.
pub(crate) fn find_batch(connection: &mut DbConnection, batch_id: i64) -> Result<Batch> {
    batches::find(connection, batch_id)?.ok_or_else(|| {
        LedgerError::not_found(
            "batch_not_found",
            format!("請求データ {batch_id} はありません"),
        )
    })
}

/// The batch of a number as people see it. Refuses a number that no batch has.
pub(crate) fn batch_view(
    connection: &mut DbConnection,
    batch_id: i64,
    overdue: Overdue,
) -> Result<BatchView> {
    let batch = find_batch(connection, batch_id)?;
    let view = views(connection, vec![batch], overdue)?.pop();
    view.ok_or_else(|| LedgerError::Corrupt(format!("batch {batch_id}")))
}

/// Batches as people see them, each with how far it is settled.
fn views(
    connection: &mut DbConnection,
    batches: Vec<Batch>,
    overdue: Overdue,
) -> Result<Vec<BatchView>> {
    let ids: Vec<i64> = batches.iter().map(|batch| batch.id).collect();
    let sums = settlements::sums_of_batches(connection, &ids)?;
    let mut views = Vec::with_capacity(batches.len());
    for batch in batches {
        let mut view = view(connection, batch)?;
        let sums = sums.iter().find(|sums| sums.batch_id == view.batch_id);
        view.settlement = overdue.settlement(&view, sums.copied().unwrap_or_default())?;
        views.push(view);
    }
    Ok(views)
}

fn view(connection: &mut DbConnection, batch: Batch) -> Result<BatchView> {
    let coop = cooperatives::find(connection, batch.coop_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("batches.coop_id: {}", batch.coop_id)))?;
    let exports = exports::of_batch(connection, batch.id)?;
    let approval = batch_approvals::find(connection, batch.id)?;
    Ok(BatchView {
        batch_id: batch.id,
        coop: stored("cooperatives.code", coop.code.parse::<CoopCode>())?,
        month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
        sequence: batch.sequence,
        state: batch.state,
        charges: batch.charges,
        units: batch.units,
        amount: Yen::new(batch.amount),
        closed_by: batch.closed_by,
        closed_at: batch.closed_at.and_utc(),
        reason: batch.reason,
        voided_by: batch.voided_by,
        voided_at: batch.voided_at.map(|at| at.and_utc()),
        void_reason: batch.void_reason,
        approval: approval.map(BatchApprovalView::of).transpose()?,
        exports: exports.into_iter().map(export).collect(),
        settlement: None,
    })
}

fn export(export: Export) -> ExportView {
    ExportView {
        profile: export.profile,
        profile_version: export.profile_version,
        sha256: export.sha256,
        rows: export.rows,
        amount: Yen::new(export.amount),
        exported_by: export.actor,
        exported_at: export.exported_at.and_utc(),
    }
}

fn total(total: BatchTotal) -> Result<BatchTotalView> {
    Ok(BatchTotalView {
        kind: stored("batch_totals.kind", OfferingKind::from_stored(&total.kind))?,
        order_number: total.order_number,
        charges: total.charges,
        units: total.units,
        amount: Yen::new(total.amount),
    })
}

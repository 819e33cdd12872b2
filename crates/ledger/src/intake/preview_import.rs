//! `preview_import`: what a file of applications would come to.

use chrono::{DateTime, Utc};
use domain::{CollectionMonth, HoldReason, HoldReasons, OfferingKind, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::intake::{self, PostedOffering, last_application_id};
use store::tables::intakes;

use super::import_applications::{
    ApplicationsImported, ImportApplications, ImportProgress, import,
};
use super::post::reasons_of;
use crate::error::stored;
use crate::table_file::TableFile;
use crate::{Call, Ledger, LedgerError, Operation, Result, Source};

/// Held lines told one by one; the rest are only counted.
const HELD_LINES_MAX: i64 = 100;

/// What a file of applications would come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationsPreview {
    /// What the import would tell.
    #[serde(flatten)]
    pub imported: ApplicationsImported,
    /// Yen of what would be posted.
    pub accepted_amount: Yen,
    /// What would be posted, by month and offering.
    pub offerings: Vec<OfferingPreview>,
    /// What would be held, by main reason, in the order of R3.
    pub holds: Vec<HoldPreview>,
    /// The first lines that would be held, a hundred at most, in the order of the file.
    pub held_lines: Vec<HeldLinePreview>,
    /// When and by whom the file was taken before (R6).
    pub before: Option<ImportedBefore>,
}

/// What would be posted for one offering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferingPreview {
    /// Label of its cycle.
    pub cycle: String,
    /// Its order number.
    pub order_number: String,
    /// Its title.
    pub title: String,
    /// What kind of gift it is.
    pub kind: OfferingKind,
    /// The month of collection.
    pub collection_month: CollectionMonth,
    /// How many lines.
    pub lines: u64,
    /// Units (口).
    pub units: u64,
    /// Yen.
    pub amount: Yen,
}

/// What would be held for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldPreview {
    /// The main reason.
    pub reason: HoldReason,
    /// How many lines.
    pub lines: u64,
    /// Yen, of the lines whose price is known.
    pub amount: Yen,
}

/// A line that would be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldLinePreview {
    /// The line in the file.
    pub line: u64,
    /// Code of the co-op.
    pub coop: String,
    /// The member's number.
    pub member_number: String,
    /// The order number, where there is one.
    pub order_number: Option<String>,
    /// Every reason.
    pub reasons: HoldReasons,
}

/// That a file was taken before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedBefore {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom, as the audit log names them.
    pub by: String,
    /// Under which name.
    pub file: String,
}

impl Ledger {
    /// Tells what [`Ledger::import_applications`] would make of a file, and changes nothing.
    ///
    /// # Errors
    /// Refuses what the import would refuse, with the same list of lines.
    pub fn preview_import(
        &self,
        call: &Call,
        source: &dyn Source,
        defaults: ImportApplications,
        progress: &(dyn Fn(ImportProgress) + Sync),
    ) -> Result<ApplicationsPreview> {
        let file = TableFile::inspect(source)?;
        self.try_out(call, Operation::PreviewImport, |tx| {
            let newest = last_application_id(tx.connection)?;
            let imported = import(tx, &file, &defaults, progress)?;
            let id = imported
                .import_id
                .ok_or_else(|| LedgerError::Corrupt("an import without a number".to_owned()))?;
            if imported.already_imported {
                return before(tx.connection, imported, id);
            }
            look(tx.connection, imported, newest, id)
        })
    }
}

/// A file that was taken before: nothing would change.
fn before(
    connection: &mut DbConnection,
    imported: ApplicationsImported,
    id: i64,
) -> Result<ApplicationsPreview> {
    let known = intakes::find(connection, id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("intake {id} is gone")))?;
    Ok(ApplicationsPreview {
        imported,
        accepted_amount: Yen::ZERO,
        offerings: Vec::new(),
        holds: Vec::new(),
        held_lines: Vec::new(),
        before: Some(ImportedBefore {
            at: known.recorded_at.and_utc(),
            by: known.actor,
            file: known.name.unwrap_or_default(),
        }),
    })
}

/// Looks at what has just been taken and is about to be undone.
fn look(
    connection: &mut DbConnection,
    imported: ApplicationsImported,
    newest: i64,
    id: i64,
) -> Result<ApplicationsPreview> {
    let posted = intake::posted_by_offering(connection, newest, id)?;
    let offerings = posted
        .into_iter()
        .map(offering)
        .collect::<Result<Vec<_>>>()?;
    let amounts: Vec<Yen> = offerings.iter().map(|one| one.amount).collect();
    Ok(ApplicationsPreview {
        imported: ApplicationsImported {
            import_id: None,
            ..imported
        },
        accepted_amount: sum(&amounts)?,
        offerings,
        holds: holds(connection, id)?,
        held_lines: held_lines(connection, id)?,
        before: None,
    })
}

fn sum(amounts: &[Yen]) -> Result<Yen> {
    stored("applications.amount", Yen::sum(amounts.iter().copied()))
}

fn offering(posted: PostedOffering) -> Result<OfferingPreview> {
    let month = CollectionMonth::from_int(posted.collection_month);
    Ok(OfferingPreview {
        cycle: posted.cycle,
        order_number: posted.order_number,
        title: posted.title,
        kind: stored("offerings.kind", OfferingKind::from_stored(&posted.kind))?,
        collection_month: stored("applications.collection_month", month)?,
        lines: posted.lines.unsigned_abs(),
        units: posted.units.unsigned_abs(),
        amount: Yen::new(posted.amount),
    })
}

/// What is held, by main reason.
fn holds(connection: &mut DbConnection, intake_id: i64) -> Result<Vec<HoldPreview>> {
    let mut holds: Vec<HoldPreview> = Vec::new();
    for held in intake::held_by_reasons(connection, intake_id)? {
        let Some(reason) = reasons_of(held.reasons)?.main() else {
            continue;
        };
        let amount = Yen::new(held.amount);
        match holds.iter_mut().find(|one| one.reason == reason) {
            Some(known) => {
                known.lines += held.lines.unsigned_abs();
                known.amount = sum(&[known.amount, amount])?;
            }
            None => holds.push(HoldPreview {
                reason,
                lines: held.lines.unsigned_abs(),
                amount,
            }),
        }
    }
    holds.sort_by_key(|hold| hold.reason.number());
    Ok(holds)
}

fn held_lines(connection: &mut DbConnection, intake_id: i64) -> Result<Vec<HeldLinePreview>> {
    let held = intake::first_held(connection, intake_id, HELD_LINES_MAX)?;
    held.into_iter()
        .map(|line| {
            Ok(HeldLinePreview {
                line: line.line_no.unsigned_abs(),
                coop: line.coop,
                member_number: line.member_number,
                order_number: line.order_number,
                reasons: reasons_of(line.reasons)?,
            })
        })
        .collect()
}

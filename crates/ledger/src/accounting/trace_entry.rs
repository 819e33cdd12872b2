//! `trace_journal_entry`: from an entry back to what it was posted for, down to the line of a sheet.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{ChargeKey, CollectionMonth, CorrectionKind, EntrySource, OfferingKind, Yen};
use store::DbConnection;
use store::entry_gifts::{self, EntryGift, GiftPlace};
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::{corrections, pending_actions, result_files};

use super::payouts::{PayoutView, payout_view};
use super::remittances::{RemittanceView, remittance_view};
use super::view::{JournalEntryView, entry_view, find_entry};
use crate::error::stored;
use crate::two_persons::PendingActionView;
use crate::{Call, Cursor, Ledger, LedgerError, Operation, Page, PageRequest, Result};

const LIST: &str = "entry-gifts";

/// An entry with all that stands behind it.
#[derive(Debug, Clone)]
pub struct EntryTraced {
    /// The entry.
    pub entry: JournalEntryView,
    /// The hash of the entry before, which its own carries (R14).
    pub previous_hash: String,
    /// What it was posted for.
    pub source: TracedSource,
    /// What had to wait for a second person before it was posted (R17).
    pub approval: Option<PendingActionView>,
    /// The transfers that it made necessary.
    pub transfers: Vec<i64>,
}

/// What an entry was posted for.
#[derive(Debug, Clone)]
pub enum TracedSource {
    /// Charges that a file of results said were collected.
    Results(ResultsTraced),
    /// A result taken back, or a gift given back.
    Correction(Box<CorrectionTraced>),
    /// Money that a co-op handed over.
    Remittance(Box<RemittanceView>),
    /// Money passed on to an organisation, or returned by it.
    Payout(Box<PayoutView>),
    /// Another entry: the one that is taken back, or that made a transfer necessary.
    Entry(i64),
    /// The close of the fiscal year that begins in this calendar year.
    YearClose(i32),
    /// A person, by hand.
    Hand,
}

/// The file of results behind an entry, and a page of what it collected.
#[derive(Debug, Clone)]
pub struct ResultsTraced {
    /// Number of the file.
    pub result_file_id: i64,
    /// Its name.
    pub file: String,
    /// Who brought it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The charges of this entry, in the order of their batch.
    pub gifts: Page<TracedGift>,
}

/// A correction behind an entry.
#[derive(Debug, Clone)]
pub struct CorrectionTraced {
    /// Its number.
    pub correction_id: i64,
    /// A result taken back, or a gift given back.
    pub kind: CorrectionKind,
    /// The day it is dated.
    pub corrected_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who.
    pub corrected_by: String,
    /// The charge that it is about.
    pub gift: TracedGift,
    /// The entry that had booked it as collected.
    pub collected_by: Option<i64>,
}

/// A charge that was collected, with the line of the sheet or file that it goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedGift {
    /// The charge's key (請求キー).
    pub charge_key: ChargeKey,
    /// Its batch.
    pub batch_id: i64,
    /// Its place there.
    pub rank: i64,
    /// The member's number.
    pub member_number: String,
    /// The order number; empty for an imported pledge without one.
    pub order_number: String,
    /// The kind of gift.
    pub kind: OfferingKind,
    /// Units (口).
    pub units: i64,
    /// Yen.
    pub amount: Yen,
    /// The day of collection.
    pub collected_on: Option<NaiveDate>,
    /// The line of the file of results.
    pub result_line: i64,
    /// Whether the result was taken back later.
    pub is_taken_back: bool,
    /// The pledge, where it is of one.
    pub pledge_id: Option<i64>,
    /// The application that opened the pledge or made the gift.
    pub application_id: Option<i64>,
    /// Where that was written.
    pub origin: Option<GiftOrigin>,
}

/// The sheet, file or request in which a gift was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiftOrigin {
    /// Its number.
    pub import_id: i64,
    /// `file`, `sheet`, `request`, `pledges` or `member_changes`.
    pub kind: String,
    /// The file's name.
    pub name: Option<String>,
    /// The line there.
    pub line: Option<i64>,
    /// Number of the keyed sheet.
    pub sheet_id: Option<i64>,
}

impl Ledger {
    /// What an entry was posted for: the charges it collected, a page at a time, each with the line of
    /// the sheet or file it goes back to; the remittance, payout or correction; the entry it takes back.
    ///
    /// # Errors
    /// Refuses a number that no entry has.
    pub fn trace_journal_entry(
        &self,
        call: &Call,
        entry_id: i64,
        page: &PageRequest,
    ) -> Result<EntryTraced> {
        let rows = page.rows()?;
        let after = match &page.cursor {
            Some(cursor) => cursor.keys::<3>(LIST)?.into(),
            None => (0, 0, 0),
        };
        self.read(call, Operation::TraceJournalEntry, |connection| {
            let row = find_entry(connection, entry_id)?;
            let approval = pending_actions::find_of_entry(connection, entry_id)?;
            Ok(EntryTraced {
                source: source(connection, &row, after, rows)?,
                previous_hash: row.previous_hash,
                entry: entry_view(connection, entry_id)?,
                approval: approval.map(PendingActionView::of).transpose()?,
                transfers: journal_entries::transfers_of(connection, entry_id)?,
            })
        })
    }
}

fn source(
    connection: &mut DbConnection,
    row: &JournalEntry,
    after: GiftPlace,
    rows: i64,
) -> Result<TracedSource> {
    let source = stored(
        "journal_entries.source",
        EntrySource::from_stored(&row.source),
    )?;
    let id = row.source_id.unwrap_or_default();
    Ok(match source {
        EntrySource::Settlement => {
            TracedSource::Results(results(connection, row.id, id, after, rows)?)
        }
        EntrySource::Reversal => match row.reverses_id {
            Some(entry) => TracedSource::Entry(entry),
            None => TracedSource::Correction(Box::new(correction(connection, id)?)),
        },
        EntrySource::Refund => TracedSource::Correction(Box::new(correction(connection, id)?)),
        EntrySource::Remittance => {
            TracedSource::Remittance(Box::new(remittance_view(connection, id)?))
        }
        EntrySource::Payout => TracedSource::Payout(Box::new(payout_view(connection, id)?)),
        EntrySource::Transfer => TracedSource::Entry(id),
        EntrySource::YearClose => {
            TracedSource::YearClose(stored("journal_entries.source_id", i32::try_from(id))?)
        }
        EntrySource::Manual => TracedSource::Hand,
    })
}

fn results(
    connection: &mut DbConnection,
    entry_id: i64,
    result_file_id: i64,
    after: GiftPlace,
    rows: i64,
) -> Result<ResultsTraced> {
    let file = result_files::find(connection, result_file_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("journal_entries.source_id: {entry_id}")))?;
    let found = entry_gifts::of_entry(connection, entry_id, after, rows + 1)?;
    let page = Page::of(found, rows, |gift| {
        Cursor::after(LIST, &[gift.batch_id, gift.rank, gift.correction_mark])
    });
    Ok(ResultsTraced {
        result_file_id,
        file: file.values.name,
        recorded_by: file.values.actor,
        recorded_at: file.values.recorded_at.and_utc(),
        gifts: Page {
            items: page.items.into_iter().map(gift).collect::<Result<_>>()?,
            next_cursor: page.next_cursor,
        },
    })
}

fn correction(connection: &mut DbConnection, id: i64) -> Result<CorrectionTraced> {
    let missing = || LedgerError::Corrupt(format!("corrections: {id}"));
    let correction = corrections::find(connection, id)?.ok_or_else(missing)?;
    let charge = entry_gifts::of_correction(connection, id)?
        .pop()
        .ok_or_else(missing)?;
    Ok(CorrectionTraced {
        correction_id: id,
        kind: stored(
            "corrections.kind",
            CorrectionKind::from_stored(&correction.kind),
        )?,
        corrected_on: correction.corrected_on,
        reason: correction.reason,
        corrected_by: correction.actor,
        collected_by: charge.entry_id,
        gift: gift(charge)?,
    })
}

fn gift(found: EntryGift) -> Result<TracedGift> {
    let month = stored("batches.month", CollectionMonth::from_int(found.month))?;
    let key = ChargeKey::new(found.coop_id, month, i64::from(found.sequence), found.rank);
    let origin = match (found.intake_id, found.intake_kind) {
        (Some(import_id), Some(kind)) => Some(GiftOrigin {
            import_id,
            kind,
            name: found.intake_name,
            line: found.intake_line,
            sheet_id: found.sheet_id,
        }),
        _ => None,
    };
    Ok(TracedGift {
        charge_key: stored("charges.rank", key)?,
        batch_id: found.batch_id,
        rank: found.rank,
        member_number: found.member_number,
        order_number: found.order_number,
        kind: stored("charges.kind", OfferingKind::from_stored(&found.kind))?,
        units: found.units,
        amount: Yen::new(found.amount),
        collected_on: found.collected_on,
        result_line: found.result_line,
        is_taken_back: found.correction_mark != 0,
        pledge_id: found.pledge_id,
        application_id: found.application_id,
        origin,
    })
}

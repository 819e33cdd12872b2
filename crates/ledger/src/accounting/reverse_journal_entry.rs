//! `reverse_journal_entry`: the opposite of an entry, once, in an open month (R14).

use chrono::NaiveDate;
use domain::{AccountCode, EntrySource, NewPosting, Yen};
use serde::{Deserialize, Serialize};
use store::lock;
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};
use utoipa::ToSchema;

use super::post_journal_entry::refuse_future;
use super::view::{JournalEntryView, entry_view, find_entry};
use super::{NewEntry, post_entry};
use crate::call::given_reason;
use crate::error::stored;
use crate::two_persons::{NeedsApproval, Outcome, PendingRequest, done_or_submitted};
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Which entry to take back, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseJournalEntry {
    /// Number of the entry.
    pub entry_id: i64,
    /// The date of the reversal; today where none is given.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

impl Ledger {
    /// Takes an entry back: posts its opposite, which names it (R14). Takes entries written by hand,
    /// remittances and payouts. Where that takes a second person, it waits (R17).
    ///
    /// # Errors
    /// Refuses an entry that is taken back already, one that settlements, refunds or reversals posted
    /// (they are taken back where they came from), a date before the entry's or after today, and the very
    /// same reversal while it waits.
    pub fn reverse_journal_entry(
        &self,
        call: &Call,
        request: &ReverseJournalEntry,
    ) -> Result<Outcome<JournalEntryView>> {
        self.write(call, Operation::ReverseJournalEntry, request, |tx| {
            done_or_submitted(tx, request)
        })
    }
}

impl NeedsApproval for ReverseJournalEntry {
    type Answer = JournalEntryView;

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<JournalEntryView> {
        reverse(tx, self)
    }

    fn dated(self, today: NaiveDate) -> PendingRequest {
        PendingRequest::ReverseJournalEntry(Self {
            date: self.date.or(Some(today)),
            ..self
        })
    }
}

fn reverse(tx: &mut Tx<'_>, request: &ReverseJournalEntry) -> Result<JournalEntryView> {
    let reason = given_reason(&request.reason)?;
    let date = request.date.unwrap_or(tx.today);
    refuse_future(tx, "date", date)?;
    lock::journal_exclusive(tx.connection)?;
    let entry = find_entry(tx.connection, request.entry_id)?;
    check_reversible(tx, &entry, date)?;
    let lines = journal_postings::of_entry(tx.connection, entry.id)?;
    let reversal = NewEntry {
        date,
        source: EntrySource::Reversal,
        source_id: Some(entry.id),
        description: format!("仕訳 {} の取り消し: {}", entry.id, entry.description),
        reason: Some(reason),
        reverses: Some(entry.id),
        postings: lines.iter().map(opposite).collect::<Result<_>>()?,
    };
    let id = post_entry(tx, &reversal)?;
    let view = entry_view(tx.connection, id)?;
    let event = Event {
        action: "reverse_journal_entry",
        coop_id: None,
        subject: format!("journal_entry:{}", entry.id),
        reason: Some(reason),
    };
    tx.audit(&event, None::<&()>, Some(&view))?;
    Ok(view)
}

fn check_reversible(tx: &mut Tx<'_>, entry: &JournalEntry, date: NaiveDate) -> Result<()> {
    if let Some(by) = journal_entries::reversal_of(tx.connection, entry.id)? {
        return Err(LedgerError::refused(
            "entry_already_reversed",
            format!(
                "仕訳 {} は、仕訳 {} ですでに取り消されています",
                entry.id, by.id
            ),
        ));
    }
    let source = stored(
        "journal_entries.source",
        EntrySource::from_stored(&entry.source),
    )?;
    let way_out = match source {
        EntrySource::Manual | EntrySource::Remittance | EntrySource::Payout => None,
        EntrySource::Settlement => Some("集金結果の取り消しで直してください"),
        EntrySource::Refund | EntrySource::Reversal => {
            Some("取り消しや返金は取り消せません。正しい仕訳を新しく記帳してください")
        }
        EntrySource::Transfer => Some("振替は、もとになった記録から自動で記帳されます"),
        EntrySource::YearClose => {
            Some("締めた年度は開けません。直すものは開いている月の仕訳で直してください")
        }
    };
    if let Some(way_out) = way_out {
        return Err(LedgerError::refused(
            "entry_not_reversible",
            format!(
                "仕訳 {}（{}）は、ここでは取り消せません。{way_out}",
                entry.id,
                source.label_ja()
            ),
        ));
    }
    if date < entry.occurred_on {
        return Err(LedgerError::field(
            "date_before_entry",
            "date",
            format!(
                "取り消しの日付は、もとの仕訳の日付（{}）からあとにしてください",
                entry.occurred_on
            ),
        ));
    }
    Ok(())
}

fn opposite(line: &JournalPosting) -> Result<NewPosting> {
    let posting = NewPosting {
        account: stored(
            "journal_postings.account",
            AccountCode::from_int(line.account),
        )?,
        amount: Yen::new(line.amount),
        fund_id: line.fund_id,
        coop_id: line.coop_id,
        campaign_id: line.campaign_id,
        batch_id: line.batch_id,
    };
    stored(
        "journal_postings.amount",
        posting.opposite().ok_or("金額が大きすぎます"),
    )
}

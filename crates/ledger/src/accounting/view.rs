//! An entry as people see it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{AccountCode, CollectionMonth, EntrySource, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};
use utoipa::ToSchema;

use super::books::Books;
use crate::error::stored;
use crate::{LedgerError, Result};

/// A line of an entry: either debit or credit is above 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PostingView {
    /// Number of the account.
    #[schema(value_type = String, example = "1121")]
    pub account: AccountCode,
    /// Its name.
    #[schema(example = "普通預金")]
    pub account_name: String,
    /// Yen on the debit side (借方).
    #[schema(value_type = i64, example = 900)]
    pub debit: Yen,
    /// Yen on the credit side (貸方).
    #[schema(value_type = i64, example = 0)]
    pub credit: Yen,
    /// Code of the fund.
    pub fund: Option<String>,
    /// Code of the co-op.
    pub coop: Option<String>,
    /// Code of the campaign.
    pub campaign: Option<String>,
    /// Number of the batch.
    pub batch_id: Option<i64>,
}

/// An entry of the journal (仕訳).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalEntryView {
    /// Its number, from 1 without gaps.
    pub entry_id: i64,
    /// The true date.
    pub occurred_on: NaiveDate,
    /// The date it counts from: the true one, or the first day of the first month open after it.
    pub posted_on: NaiveDate,
    /// The month it is posted in.
    #[schema(value_type = String, example = "2025-08")]
    pub period: CollectionMonth,
    /// What it came from: `settlement`, `refund`, `remittance`, `payout`, `transfer`, `reversal`,
    /// `manual` or `year_close`.
    #[schema(value_type = String, example = "manual")]
    pub source: EntrySource,
    /// Which of those.
    pub source_id: Option<i64>,
    /// What it is about.
    pub description: String,
    /// Why.
    pub reason: Option<String>,
    /// The entry it takes back.
    pub reverses: Option<i64>,
    /// The entry that takes it back.
    pub reversed_by: Option<i64>,
    /// Yen of either side.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// Who posted it.
    pub posted_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Its hash, which carries that of the entry before (R14).
    pub hash: String,
    /// Its lines.
    pub lines: Vec<PostingView>,
}

/// The entry of a number.
pub(crate) fn entry_view(connection: &mut DbConnection, id: i64) -> Result<JournalEntryView> {
    let entry = find_entry(connection, id)?;
    let books = Books::load(connection)?;
    let lines = journal_postings::of_entry(connection, id)?;
    let reversed_by = journal_entries::reversal_of(connection, id)?.map(|entry| entry.id);
    view(&books, entry, &lines, reversed_by)
}

/// The row of an entry that somebody named.
pub(crate) fn find_entry(connection: &mut DbConnection, id: i64) -> Result<JournalEntry> {
    journal_entries::find(connection, id)?
        .ok_or_else(|| LedgerError::not_found("entry_not_found", format!("仕訳 {id} はありません")))
}

/// An entry with its lines.
pub(crate) fn view(
    books: &Books,
    entry: JournalEntry,
    lines: &[JournalPosting],
    reversed_by: Option<i64>,
) -> Result<JournalEntryView> {
    let debits = lines.iter().map(|line| Yen::new(line.amount.max(0)));
    let amount = stored("journal_postings.amount", Yen::sum(debits))?;
    Ok(JournalEntryView {
        entry_id: entry.id,
        occurred_on: entry.occurred_on,
        posted_on: entry.posted_on,
        period: stored(
            "journal_entries.period",
            CollectionMonth::from_int(entry.period),
        )?,
        source: stored(
            "journal_entries.source",
            EntrySource::from_stored(&entry.source),
        )?,
        source_id: entry.source_id,
        description: entry.description,
        reason: entry.reason,
        reverses: entry.reverses_id,
        reversed_by,
        amount,
        posted_by: entry.actor,
        recorded_at: entry.recorded_at.and_utc(),
        hash: entry.hash,
        lines: lines
            .iter()
            .map(|line| posting_view(books, line))
            .collect::<Result<_>>()?,
    })
}

fn posting_view(books: &Books, line: &JournalPosting) -> Result<PostingView> {
    let account = books.stored_account(line.account)?;
    let amount = Yen::new(line.amount);
    let opposite = stored(
        "journal_postings.amount",
        amount.checked_neg().ok_or("金額が大きすぎます"),
    )?;
    Ok(PostingView {
        account: account.code,
        account_name: account.name.clone(),
        debit: amount.max(Yen::ZERO),
        credit: opposite.max(Yen::ZERO),
        fund: code_of(line.fund_id, |id| books.fund_of(id).map(|fund| &fund.code))?,
        coop: code_of(line.coop_id, |id| {
            books.cooperative_of(id).map(|coop| &coop.code)
        })?,
        campaign: code_of(line.campaign_id, |id| {
            books.campaign_of(id).map(|campaign| &campaign.code)
        })?,
        batch_id: line.batch_id,
    })
}

/// The code of what a line names, if it names one.
pub(crate) fn code_of<'a>(
    id: Option<i64>,
    code: impl FnOnce(i64) -> Result<&'a String>,
) -> Result<Option<String>> {
    id.map(code).transpose().map(Option::<&String>::cloned)
}

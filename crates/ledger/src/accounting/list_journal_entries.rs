//! The journal as a list, and one entry of it.

use std::collections::BTreeMap;
use std::fs::File;

use chrono::NaiveDate;
use domain::{CollectionMonth, EntrySource, Yen};
use formats::report::ReportCsv;
use store::DbConnection;
use store::journal_search::{self, EntryFilter};
use store::reports::PostingFilter;
use store::tables::journal_entries::{self, JournalEntry};
use store::tables::journal_postings::{self, JournalPosting};

use super::books::Books;
use super::reports::days_out_of_order;
use super::view::{JournalEntryView, entry_view, view};
use crate::{Call, Ledger, Operation, PAGE_MAX, Page, PageRequest, Result};

const LIST: &str = "journal-entries";

const HEADINGS: [&str; 16] = [
    "仕訳番号",
    "発生日",
    "計上日",
    "起票元",
    "摘要",
    "理由",
    "科目コード",
    "科目名",
    "借方",
    "貸方",
    "基金コード",
    "単協コード",
    "募集コード",
    "請求データ",
    "取り消した仕訳",
    "取り消された仕訳",
];

/// Which entries to list; what is none does not matter, and all that is given must fit. Account,
/// fund, co-op, campaign, batch and amount have to fit one and the same line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalFilter {
    /// Posted in one month.
    pub period: Option<CollectionMonth>,
    /// From one source.
    pub source: Option<EntrySource>,
    /// Counting from this day or later.
    pub posted_from: Option<NaiveDate>,
    /// Counting from this day or earlier.
    pub posted_to: Option<NaiveDate>,
    /// Number of an account.
    pub account: Option<String>,
    /// Code of a fund.
    pub fund: Option<String>,
    /// Code of a co-op.
    pub coop: Option<String>,
    /// Code of a campaign.
    pub campaign: Option<String>,
    /// Number of a batch.
    pub batch_id: Option<i64>,
    /// A line of so many yen or more, on either side.
    pub amount_min: Option<Yen>,
    /// A line of so many yen or fewer, on either side.
    pub amount_max: Option<Yen>,
}

impl JournalFilter {
    /// What the database is asked for.
    ///
    /// # Errors
    /// Refuses an account or a code that there is not, and days out of order.
    fn asked(&self, books: &Books) -> Result<EntryFilter> {
        if let (Some(from), Some(to)) = (self.posted_from, self.posted_to)
            && from > to
        {
            return Err(days_out_of_order("posted_from", to));
        }
        let account = self
            .account
            .as_deref()
            .map(|code| books.account_named(code));
        let fund = self.fund.as_deref().map(|code| books.fund(code));
        let coop = self.coop.as_deref().map(|code| books.cooperative(code));
        let campaign = self.campaign.as_deref().map(|code| books.campaign(code));
        let period = self.period.map(CollectionMonth::as_int);
        Ok(EntryFilter {
            period_from: period,
            period_to: period,
            posted_from: self.posted_from,
            posted_to: self.posted_to,
            source: self.source.map(EntrySource::as_str),
            line: PostingFilter {
                account: account.transpose()?.map(|account| account.code.as_int()),
                fund_id: fund.transpose()?.map(|fund| fund.id),
                coop_id: coop.transpose()?.map(|coop| coop.id),
                campaign_id: campaign.transpose()?.map(|campaign| campaign.id),
                batch_id: self.batch_id,
                amount_min: self.amount_min.map(Yen::get),
                amount_max: self.amount_max.map(Yen::get),
                before_year_close: false,
            },
        })
    }
}

impl Ledger {
    /// The entries of the journal that fit, newest first.
    ///
    /// # Errors
    /// Refuses an account or a code that there is not, and days out of order.
    pub fn list_journal_entries(
        &self,
        call: &Call,
        filter: &JournalFilter,
        page: &PageRequest,
    ) -> Result<Page<JournalEntryView>> {
        let asked = page.newest_first(LIST)?;
        self.read(call, Operation::ListJournalEntries, |connection| {
            let books = Books::load(connection)?;
            let (fitting, rows) = (filter.asked(&books)?, asked.rows_to_find());
            let found = journal_search::search(connection, &fitting, asked.before_id, rows)?;
            let views = views(connection, &books, found)?;
            asked.page(views, Ok, |entry| entry.entry_id)
        })
    }

    /// Every entry of the journal that fits, newest first, as CSV: a row for each of its lines.
    ///
    /// # Errors
    /// Refuses what the list refuses; fails where no temporary file can be written.
    pub fn download_journal_entries(&self, call: &Call, filter: &JournalFilter) -> Result<File> {
        let list = Operation::ListJournalEntries;
        self.take_along(call, list, "journal-entries", |connection, file| {
            let books = Books::load(connection)?;
            let fitting = filter.asked(&books)?;
            file.put(ReportCsv::new(&HEADINGS))?;
            let mut before_id = None;
            loop {
                let rows = PAGE_MAX.into();
                let found = journal_search::search(connection, &fitting, before_id, rows)?;
                let Some(last) = found.last() else {
                    return Ok(None);
                };
                before_id = Some(last.id);
                let mut csv = ReportCsv::lines();
                for entry in views(connection, &books, found)? {
                    put_entry(&mut csv, &entry);
                }
                file.put(csv)?;
            }
        })
    }

    /// An entry of the journal with its lines.
    ///
    /// # Errors
    /// Refuses a number that no entry has.
    pub fn get_journal_entry(&self, call: &Call, entry_id: i64) -> Result<JournalEntryView> {
        self.read(call, Operation::GetJournalEntry, |connection| {
            entry_view(connection, entry_id)
        })
    }
}

/// Entries with their lines, in the order given.
fn views(
    connection: &mut DbConnection,
    books: &Books,
    entries: Vec<JournalEntry>,
) -> Result<Vec<JournalEntryView>> {
    let ids: Vec<i64> = entries.iter().map(|entry| entry.id).collect();
    let mut lines: BTreeMap<i64, Vec<JournalPosting>> = BTreeMap::new();
    for line in journal_postings::of_some(connection, &ids)? {
        lines.entry(line.entry_id).or_default().push(line);
    }
    let reversed: BTreeMap<i64, i64> = journal_entries::reversals_of(connection, &ids)?
        .into_iter()
        .collect();
    entries
        .into_iter()
        .map(|entry| {
            let lines = lines.remove(&entry.id).unwrap_or_default();
            let reversed_by = reversed.get(&entry.id).copied();
            view(books, entry, &lines, reversed_by)
        })
        .collect()
}

/// An entry, a row for each of its lines.
fn put_entry(csv: &mut ReportCsv, entry: &JournalEntryView) {
    for line in &entry.lines {
        csv.number(entry.entry_id)
            .day(entry.occurred_on)
            .day(entry.posted_on)
            .text(entry.source.label_ja())
            .text(&entry.description)
            .text_or_empty(entry.reason.as_deref())
            .text(&line.account.to_string())
            .text(&line.account_name)
            .yen(line.debit)
            .yen(line.credit)
            .text_or_empty(line.fund.as_deref())
            .text_or_empty(line.coop.as_deref())
            .text_or_empty(line.campaign.as_deref())
            .number(line.batch_id)
            .number(entry.reverses)
            .number(entry.reversed_by)
            .end_line();
    }
}

//! `show_fiscal_year`, `preview_close`: which months are closed, and what closing one would do.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{CollectionMonth, FiscalYear, Yen};
use store::journal_search::{self, PeriodSums};
use store::tables::accounting_periods;
use store::tables::pending_actions;

use super::close_period::{CloseFiscalYear, ClosePeriod, PeriodClosed, close_month, close_year};
use super::view::{JournalEntryView, entry_view};
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// A month of the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookMonth {
    /// The month.
    pub month: CollectionMonth,
    /// How many entries it has.
    pub entries: i64,
    /// Yen debited in it.
    pub debit: Yen,
    /// Whether it takes no more entries.
    pub is_closed: bool,
    /// Who closed it, and when; none while it is open, or where a later month was the first to close.
    pub closed: Option<(String, DateTime<Utc>)>,
    /// Whether it may be closed now: it is over, and the months before it are closed.
    pub may_close: bool,
}

/// The months of a fiscal year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalYearShown {
    /// The year.
    pub year: FiscalYear,
    /// Its months, April first.
    pub months: Vec<BookMonth>,
    /// Whether all of it is closed.
    pub is_closed: bool,
    /// Whether it may be closed now: its last day is over.
    pub may_close: bool,
}

/// What to close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToClose {
    /// A month.
    Month(ClosePeriod),
    /// A fiscal year.
    Year(CloseFiscalYear),
}

/// What closing would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosePreviewed {
    /// What would be closed.
    pub closed: PeriodClosed,
    /// Whether it is the first close of all, by which every month before it counts as closed.
    pub is_first: bool,
    /// How many entries are in those months now.
    pub entries: i64,
    /// Yen debited by them.
    pub debit: Yen,
    /// The entry that would carry the year over, as it would be posted.
    pub closing_entry: Option<JournalEntryView>,
    /// How many things entered wait for a second person: approved later, they post into a later month.
    pub waiting: i64,
}

impl Ledger {
    /// The months of the fiscal year that begins in a calendar year, or of the one of the first month
    /// that is open: what is in them, and which are closed.
    ///
    /// # Errors
    /// Refuses a year outside 2000 to 2098.
    pub fn show_fiscal_year(&self, call: &Call, year: Option<i32>) -> Result<FiscalYearShown> {
        let today = self.today();
        self.read(call, Operation::ShowFiscalYear, |connection| {
            let last_closed = accounting_periods::last_closed(connection)?;
            let next = last_closed.map(month).transpose()?;
            let next = next.and_then(CollectionMonth::next);
            let year = match (year, next) {
                (Some(year), _) => FiscalYear::new(year),
                (None, Some(next)) => FiscalYear::of_month(next),
                (None, None) => FiscalYear::of_date(today),
            };
            let year = year.map_err(|error| {
                LedgerError::field("fiscal_year_unreadable", "fiscal_year", error.to_string())
            })?;
            let last = stored("fiscal_year", year.last_month())?;
            let mut months = Vec::new();
            let mut one = Some(stored("fiscal_year", year.first_month())?);
            while let Some(month) = one.filter(|month| *month <= last) {
                months.push(BookMonth {
                    month,
                    entries: 0,
                    debit: Yen::ZERO,
                    is_closed: last_closed.is_some_and(|closed| month.as_int() <= closed),
                    closed: None,
                    may_close: month != last
                        && today > month.last_day()
                        && next.is_none_or(|next| next == month),
                });
                one = month.next();
            }
            fill(connection, &mut months)?;
            Ok(FiscalYearShown {
                year,
                is_closed: months.iter().all(|month| month.is_closed),
                may_close: today > last.last_day()
                    && last_closed.is_none_or(|closed| closed < last.as_int()),
                months,
            })
        })
    }

    /// What closing a month or a fiscal year would do: it is done, looked at, and undone.
    ///
    /// # Errors
    /// Refuses what the close itself refuses.
    pub fn preview_close(&self, call: &Call, what: &ToClose) -> Result<ClosePreviewed> {
        self.try_out(call, Operation::PreviewClose, |tx| {
            let waiting = pending_actions::count_waiting(tx.connection)?;
            let is_first = accounting_periods::last_closed(tx.connection)?.is_none();
            let closed = match what {
                ToClose::Month(month) => close_month(tx, month)?,
                ToClose::Year(year) => close_year(tx, year)?,
            };
            let closing_entry = closed.closing_entry_id;
            let closing_entry = closing_entry
                .map(|id| entry_view(tx.connection, id))
                .transpose()?;
            let months = closed.months.first().zip(closed.months.last());
            let sums = match months {
                Some((first, last)) => {
                    journal_search::period_sums(tx.connection, first.as_int(), last.as_int())?
                }
                None => Vec::new(),
            };
            let posted_now = closing_entry.as_ref().map(|entry| entry.amount.get());
            let debit: i64 = sums.iter().map(|sum| sum.debit).sum();
            let entries: i64 = sums.iter().map(|sum| sum.entries).sum();
            Ok(ClosePreviewed {
                entries: entries - i64::from(closing_entry.is_some()),
                debit: Yen::new(debit - posted_now.unwrap_or_default()),
                closed,
                is_first,
                closing_entry,
                waiting,
            })
        })
    }
}

fn month(int: i32) -> Result<CollectionMonth> {
    stored("accounting_periods.month", CollectionMonth::from_int(int))
}

/// Says what is in each month, and who closed it.
fn fill(connection: &mut store::DbConnection, months: &mut [BookMonth]) -> Result<()> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else {
        return Ok(());
    };
    let (first, last) = (first.month.as_int(), last.month.as_int());
    let sums: BTreeMap<i32, PeriodSums> = journal_search::period_sums(connection, first, last)?
        .into_iter()
        .map(|sums| (sums.period, sums))
        .collect();
    let closed = accounting_periods::all(connection)?;
    for one in months {
        let period = one.month.as_int();
        if let Some(sums) = sums.get(&period) {
            one.entries = sums.entries;
            one.debit = Yen::new(sums.debit);
        }
        let closed = closed.iter().find(|closed| closed.month == period);
        one.closed = closed.map(|closed| (closed.actor.clone(), closed.closed_at.and_utc()));
    }
    Ok(())
}

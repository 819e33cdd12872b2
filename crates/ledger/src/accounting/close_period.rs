//! `close_period`, `close_fiscal_year`: a month, or a fiscal year, that takes no more entries (R14).

use chrono::{DateTime, Utc};
use domain::{
    AccountCode, CollectionMonth, EntrySource, FiscalYear, NewPosting, POSTINGS_MAX, Yen,
};
use serde::{Deserialize, Serialize};
use store::reports::{self, AccountSums, Days, PostingFilter};
use store::tables::accounting_periods::{self, ClosedPeriod};
use store::tables::journal_entries;
use store::{DbConnection, lock};
use utoipa::ToSchema;

use super::NewEntry;
use super::books::Books;
use super::post_entry::append;
use crate::call::given_note;
use crate::error::stored;
use crate::tx::{Event, Tx};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The month to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// What is worth noting.
    #[serde(default)]
    pub note: Option<String>,
}

/// The fiscal year to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseFiscalYear {
    /// The calendar year in which it begins.
    #[schema(example = 2025)]
    pub fiscal_year: i32,
    /// What is worth noting.
    #[serde(default)]
    pub note: Option<String>,
}

/// What was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodClosed {
    /// The months that were closed now, earliest first.
    #[schema(value_type = Vec<String>)]
    pub months: Vec<CollectionMonth>,
    /// The fiscal year that ends with them, where it was closed.
    pub fiscal_year: Option<i32>,
    /// The entry that carries its revenue and expense to 前期繰越正味財産; none where there were none.
    pub closing_entry_id: Option<i64>,
    /// Yen by which the year's revenue passes its expense.
    #[schema(value_type = Option<i64>)]
    pub surplus: Option<Yen>,
}

/// A closed month of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodView {
    /// The month. Every month before the first of the list is closed as well.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Who closed it.
    pub closed_by: String,
    /// When.
    pub closed_at: DateTime<Utc>,
    /// What was noted.
    pub note: Option<String>,
}

impl Ledger {
    /// Closes a month for good, and with the first one every month before it: what is dated in it and
    /// comes later posts into the first open one, its true date kept (R14). March closes with its
    /// fiscal year.
    ///
    /// # Errors
    /// Refuses a month that is not over, one out of order, one that is closed, and a March.
    pub fn close_period(&self, call: &Call, request: &ClosePeriod) -> Result<PeriodClosed> {
        self.write(call, Operation::ClosePeriod, request, |tx| {
            close_month(tx, request)
        })
    }

    /// Closes a fiscal year for good: all its months that are open still, and before the last of them
    /// the entry that carries revenue and expense, by fund, co-op and campaign, to 前期繰越正味財産,
    /// dated 31 March.
    ///
    /// # Errors
    /// Refuses a year that is not over, one that is closed, and one while an earlier one with entries
    /// is open.
    pub fn close_fiscal_year(
        &self,
        call: &Call,
        request: &CloseFiscalYear,
    ) -> Result<PeriodClosed> {
        self.write(call, Operation::CloseFiscalYear, request, |tx| {
            close_year(tx, request)
        })
    }

    /// The closed months of the books, latest first.
    pub fn list_periods(&self, call: &Call) -> Result<Vec<PeriodView>> {
        self.read(call, Operation::ListPeriods, |connection| {
            let closed = accounting_periods::all(connection)?;
            closed.into_iter().rev().map(view).collect()
        })
    }
}

fn view(period: ClosedPeriod) -> Result<PeriodView> {
    Ok(PeriodView {
        month: month(period.month)?,
        closed_by: period.actor,
        closed_at: period.closed_at.and_utc(),
        note: period.reason,
    })
}

fn month(int: i32) -> Result<CollectionMonth> {
    stored("accounting_periods.month", CollectionMonth::from_int(int))
}

pub(super) fn close_month(tx: &mut Tx<'_>, request: &ClosePeriod) -> Result<PeriodClosed> {
    let note = given_note(request.note.as_deref())?;
    lock::journal_exclusive(tx.connection)?;
    let year = fiscal_year_of(request.month)?;
    check_order(tx.connection, request.month, year)?;
    check_over(tx, request.month)?;
    if year.last_month() == Ok(request.month) {
        return Err(LedgerError::refused(
            "march_closes_with_year",
            format!(
                "{}は、{}の締めと一緒に締めます",
                request.month.label_ja(),
                year.label_ja()
            ),
        ));
    }
    insert(tx, request.month, note)?;
    let closed = PeriodClosed {
        months: vec![request.month],
        fiscal_year: None,
        closing_entry_id: None,
        surplus: None,
    };
    let subject = format!("accounting_period:{}", request.month);
    audit(tx, "close_period", subject, note, &closed)?;
    Ok(closed)
}

pub(super) fn close_year(tx: &mut Tx<'_>, request: &CloseFiscalYear) -> Result<PeriodClosed> {
    let note = given_note(request.note.as_deref())?;
    let year = FiscalYear::new(request.fiscal_year).map_err(|error| {
        LedgerError::field("fiscal_year_unreadable", "fiscal_year", error.to_string())
    })?;
    lock::journal_exclusive(tx.connection)?;
    let (first, last) = match (year.first_month(), year.last_month()) {
        (Ok(first), Ok(last)) => (first, last),
        _ => return Err(LedgerError::Corrupt(format!("{}", request.fiscal_year))),
    };
    let next = accounting_periods::last_closed(tx.connection)?
        .map(month)
        .transpose()?
        .and_then(CollectionMonth::next)
        .map_or(first, |next| next.max(first));
    check_order(tx.connection, next, year)?;
    if next > last {
        return Err(already_closed(last));
    }
    check_over(tx, last)?;
    let mut months = Vec::new();
    let mut one = Some(next);
    while let Some(open) = one.filter(|open| *open < last) {
        insert(tx, open, note)?;
        months.push(open);
        one = open.next();
    }
    let (closing_entry_id, surplus) = carry_over(tx, year, last, note)?;
    insert(tx, last, note)?;
    months.push(last);
    let closed = PeriodClosed {
        months,
        fiscal_year: Some(year.year()),
        closing_entry_id,
        surplus: Some(surplus),
    };
    let subject = format!("fiscal_year:{year}");
    audit(tx, "close_fiscal_year", subject, note, &closed)?;
    Ok(closed)
}

fn fiscal_year_of(month: CollectionMonth) -> Result<FiscalYear> {
    FiscalYear::of_month(month)
        .map_err(|error| LedgerError::field("fiscal_year_unreadable", "month", error.to_string()))
}

/// Months close one after the other; the first may be any, as long as no earlier fiscal year has
/// entries to carry over.
fn check_order(
    connection: &mut DbConnection,
    asked: CollectionMonth,
    year: FiscalYear,
) -> Result<()> {
    if let Some(last) = accounting_periods::last_closed(connection)? {
        let last = month(last)?;
        if asked <= last {
            return Err(already_closed(asked));
        }
        return match last.next() {
            Some(next) if next != asked => Err(LedgerError::refused(
                "period_out_of_order",
                format!(
                    "会計期間は順に締めます。次に締める月は{}です",
                    next.label_ja()
                ),
            )),
            _ => Ok(()),
        };
    }
    let Some(first) = journal_entries::first_period(connection)? else {
        return Ok(());
    };
    let first_year = fiscal_year_of(month(first)?)?;
    if first_year < year {
        return Err(LedgerError::refused(
            "period_out_of_order",
            format!(
                "{}の仕訳があります。先にその年度を締めてください",
                first_year.label_ja()
            ),
        ));
    }
    Ok(())
}

fn already_closed(month: CollectionMonth) -> LedgerError {
    LedgerError::refused(
        "period_already_closed",
        format!("{}の会計期間は締められています", month.label_ja()),
    )
}

fn check_over(tx: &Tx<'_>, month: CollectionMonth) -> Result<()> {
    if tx.today > month.last_day() {
        return Ok(());
    }
    Err(LedgerError::refused(
        "period_not_over",
        format!(
            "{}はまだ終わっていません。{} を過ぎてから締めてください",
            month.label_ja(),
            month.last_day()
        ),
    ))
}

fn insert(tx: &mut Tx<'_>, month: CollectionMonth, note: Option<&str>) -> Result<()> {
    let period = ClosedPeriod {
        month: month.as_int(),
        actor: tx.actor.as_str().to_owned(),
        closed_at: tx.recorded_at(),
        reason: note.map(str::to_owned),
    };
    Ok(accounting_periods::insert(tx.connection, &period)?)
}

fn audit(
    tx: &mut Tx<'_>,
    action: &str,
    subject: String,
    note: Option<&str>,
    closed: &PeriodClosed,
) -> Result<()> {
    let event = Event {
        action,
        coop_id: None,
        subject,
        reason: note,
    };
    tx.audit(&event, None::<&()>, Some(closed))
}

/// Posts the entry that brings revenue and expense to zero; gives it with the surplus.
fn carry_over(
    tx: &mut Tx<'_>,
    year: FiscalYear,
    last: CollectionMonth,
    note: Option<&str>,
) -> Result<(Option<i64>, Yen)> {
    let books = Books::load(tx.connection)?;
    let days = Days {
        from: None,
        to: last.last_day(),
    };
    let sums = reports::account_sums(tx.connection, days, &PostingFilter::default())?;
    let postings = carrying(&books, &sums)?;
    let net_assets = postings
        .iter()
        .filter(|posting| posting.account == AccountCode::NET_ASSETS);
    let surplus = stored(
        "surplus",
        Yen::sum(net_assets.map(|posting| posting.amount)),
    )?;
    let surplus = surplus.checked_neg().unwrap_or_default();
    if postings.is_empty() {
        return Ok((None, surplus));
    }
    if postings.len() > POSTINGS_MAX {
        return Err(LedgerError::Corrupt(
            "year_close: 行が多すぎます".to_owned(),
        ));
    }
    let entry = NewEntry {
        date: last.last_day(),
        source: EntrySource::YearClose,
        source_id: Some(i64::from(year.year())),
        description: format!("{}の収益・費用を前期繰越正味財産へ", year.label_ja()),
        reason: note,
        reverses: None,
        postings,
    };
    Ok((Some(append(tx, &entry)?), surplus))
}

/// For every fund, co-op and campaign the opposite of its revenue and expense, and what is left.
fn carrying(books: &Books, sums: &[AccountSums]) -> Result<Vec<NewPosting>> {
    let mut postings = Vec::new();
    for sum in sums {
        let account = books.stored_account(sum.account)?;
        let amount = sum.debit - sum.credit;
        if !account.kind.is_of_one_year() || amount == 0 {
            continue;
        }
        let line = NewPosting {
            fund_id: sum.fund_id,
            coop_id: sum.coop_id,
            campaign_id: sum.campaign_id,
            ..NewPosting::new(account.code, Yen::new(-amount))
        };
        postings.push(line);
        add_to_net_assets(&mut postings, &line);
    }
    postings.retain(|posting| posting.amount != Yen::ZERO);
    Ok(postings)
}

fn add_to_net_assets(postings: &mut Vec<NewPosting>, line: &NewPosting) {
    let amount = -line.amount.get();
    let same = |posting: &&mut NewPosting| {
        posting.account == AccountCode::NET_ASSETS
            && (posting.fund_id, posting.coop_id, posting.campaign_id)
                == (line.fund_id, line.coop_id, line.campaign_id)
    };
    match postings.iter_mut().find(same) {
        Some(posting) => posting.amount = Yen::new(posting.amount.get() + amount),
        None => postings.push(NewPosting {
            account: AccountCode::NET_ASSETS,
            amount: Yen::new(amount),
            ..*line
        }),
    }
}

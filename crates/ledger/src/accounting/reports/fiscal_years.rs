//! A fiscal year's figures beside those of the year before, for the auditor.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{AccountCode, AccountKind, FiscalYear, Yen};
use formats::report::ReportCsv;
use store::DbConnection;
use store::reports::{self, Days, PostingFilter};

use crate::accounting::books::{Account, Books};
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// What an account comes to in a year and in the one before: yen, positive on the side that its kind
/// grows on. Revenue and expense of the year alone, before its close; the others on its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearRow {
    /// Number of the account.
    pub account: AccountCode,
    /// Its name.
    pub name: String,
    /// What it is of.
    pub kind: AccountKind,
    /// Yen in the year.
    pub this_year: Yen,
    /// Yen in the year before.
    pub last_year: Yen,
}

/// What a year comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearSums {
    /// Yen of revenue.
    pub revenue: Yen,
    /// Yen of expense.
    pub expense: Yen,
    /// Yen by which revenue passes expense.
    pub surplus: Yen,
    /// Yen of assets on the last day.
    pub assets: Yen,
    /// Yen of liabilities on the last day.
    pub liabilities: Yen,
    /// Yen of assets less liabilities.
    pub net_assets: Yen,
}

/// A fiscal year beside the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiscalYears {
    /// The year.
    pub year: FiscalYear,
    /// Its last day, or today while it is not over.
    pub to: NaiveDate,
    /// Every account that moved in either, by number.
    pub rows: Vec<YearRow>,
    /// What the year comes to.
    pub this_year: YearSums,
    /// What the one before came to.
    pub last_year: YearSums,
}

impl Ledger {
    /// A fiscal year's figures beside those of the year before.
    ///
    /// # Errors
    /// Refuses a year outside 2000 to 2098.
    pub fn compare_fiscal_years(&self, call: &Call, year: i32) -> Result<FiscalYears> {
        let year = FiscalYear::new(year).map_err(|error| {
            LedgerError::field("fiscal_year_unreadable", "fiscal_year", error.to_string())
        })?;
        let today = self.today();
        self.read(call, Operation::CompareFiscalYears, |connection| {
            let books = Books::load(connection)?;
            let this = figures(connection, &books, Some(year))?;
            let last = figures(connection, &books, FiscalYear::new(year.year() - 1).ok())?;
            let rows = books
                .accounts()
                .filter_map(|account| row(account, &this, &last))
                .collect::<Vec<_>>();
            Ok(FiscalYears {
                year,
                to: last_day(year)?.min(today),
                this_year: sums(&rows, |row| row.this_year)?,
                last_year: sums(&rows, |row| row.last_year)?,
                rows,
            })
        })
    }
}

type Figures = BTreeMap<AccountCode, Yen>;

fn last_day(year: FiscalYear) -> Result<NaiveDate> {
    Ok(stored("fiscal_year", year.last_month())?.last_day())
}

/// What each account comes to in a year; nothing where there is none.
fn figures(
    connection: &mut DbConnection,
    books: &Books,
    year: Option<FiscalYear>,
) -> Result<Figures> {
    let mut figures = Figures::new();
    let Some(year) = year else {
        return Ok(figures);
    };
    let days = Days {
        from: Some(stored("fiscal_year", year.first_month())?.first_day()),
        to: last_day(year)?,
    };
    let filter = PostingFilter {
        before_year_close: true,
        ..PostingFilter::default()
    };
    for sum in reports::account_sums(connection, days, &filter)? {
        let account = books.stored_account(sum.account)?;
        let opening = if account.kind.is_of_one_year() {
            0
        } else {
            sum.opening
        };
        let debit = opening + sum.debit - sum.credit;
        let grown = if grows_by_debit(account.kind) {
            debit
        } else {
            -debit
        };
        let figure = figures.entry(account.code).or_default();
        *figure = Yen::new(figure.get() + grown);
    }
    Ok(figures)
}

fn grows_by_debit(kind: AccountKind) -> bool {
    matches!(kind, AccountKind::Asset | AccountKind::Expense)
}

fn row(account: &Account, this: &Figures, last: &Figures) -> Option<YearRow> {
    let figure = |of: &Figures| of.get(&account.code).copied();
    let (this_year, last_year) = (figure(this), figure(last));
    if this_year.is_none() && last_year.is_none() {
        return None;
    }
    Some(YearRow {
        account: account.code,
        name: account.name.clone(),
        kind: account.kind,
        this_year: this_year.unwrap_or_default(),
        last_year: last_year.unwrap_or_default(),
    })
}

fn sums(rows: &[YearRow], of: fn(&YearRow) -> Yen) -> Result<YearSums> {
    let total = |kind: AccountKind| {
        let yen = rows.iter().filter(|row| row.kind == kind).map(of);
        stored("journal_postings.amount", Yen::sum(yen))
    };
    let less = |one: Yen, other: Yen| {
        let rest = one.checked_sub(other).ok_or("金額が大きすぎます");
        stored("journal_postings.amount", rest)
    };
    let (revenue, expense) = (total(AccountKind::Revenue)?, total(AccountKind::Expense)?);
    let (assets, liabilities) = (total(AccountKind::Asset)?, total(AccountKind::Liability)?);
    Ok(YearSums {
        revenue,
        expense,
        surplus: less(revenue, expense)?,
        assets,
        liabilities,
        net_assets: less(assets, liabilities)?,
    })
}

impl YearRow {
    /// Yen by which the year passes the one before.
    pub fn difference(&self) -> Yen {
        Yen::new(self.this_year.get() - self.last_year.get())
    }
}

impl FiscalYears {
    /// The lines of one kind.
    pub fn rows_of(&self, kind: AccountKind) -> impl Iterator<Item = &YearRow> {
        self.rows.iter().filter(move |row| row.kind == kind)
    }

    /// The same as CSV for a spreadsheet.
    pub fn to_csv(&self) -> String {
        let (this, last) = (
            self.year.label_ja(),
            format!("{}年度", self.year.year() - 1),
        );
        let mut csv = ReportCsv::new(&["科目コード", "科目名", "区分", &this, &last, "増減"]);
        for row in &self.rows {
            csv.text(&row.account.to_string())
                .text(&row.name)
                .text(row.kind.label_ja())
                .yen(row.this_year)
                .yen(row.last_year)
                .yen(row.difference())
                .end_line();
        }
        csv.into_text()
    }
}

//! The balance of each fund (基金の残高).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{AccountCode, AccountKind, Yen};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::reports::{self, AccountSums};
use utoipa::ToSchema;

use super::ReportFilter;
use crate::accounting::books::Books;
use crate::error::stored;
use crate::{Call, Ledger, Operation, Result};

/// What a fund comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FundBalanceRow {
    /// Code of the fund; none for what belongs to no fund.
    pub fund: Option<String>,
    /// Its name.
    pub name: String,
    /// Yen before the first day.
    #[schema(value_type = i64)]
    pub opening: Yen,
    /// Yen of revenue.
    #[schema(value_type = i64)]
    pub revenue: Yen,
    /// Yen of expense.
    #[schema(value_type = i64)]
    pub expense: Yen,
    /// Yen that came to 前期繰越正味財産 otherwise.
    #[schema(value_type = i64)]
    pub other: Yen,
    /// Yen on the last day.
    #[schema(value_type = i64)]
    pub balance: Yen,
}

/// The net assets of every fund between two days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FundBalances {
    /// The first day, where one was given.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// Every fund, in the order of their ids; what belongs to none last.
    pub rows: Vec<FundBalanceRow>,
    /// Yen of all on the last day.
    #[schema(value_type = i64)]
    pub balance: Yen,
}

#[derive(Default)]
struct Sums {
    opening: i64,
    revenue: i64,
    expense: i64,
    other: i64,
}

impl Ledger {
    /// What each fund has: revenue less expense of all years, and what was brought in with
    /// 前期繰越正味財産. The close of a fiscal year moves nothing here.
    ///
    /// # Errors
    /// Refuses a code that there is not, and a first day after the last.
    pub fn fund_balances(&self, call: &Call, filter: &ReportFilter) -> Result<FundBalances> {
        let days = filter.days(self.today())?;
        let filter = ReportFilter {
            before_year_close: true,
            ..filter.clone()
        };
        self.read(call, Operation::ShowFundBalances, |connection| {
            let books = Books::load(connection)?;
            let postings = filter.postings(&books)?;
            let mut funds: BTreeMap<i64, Sums> = books
                .funds()
                .filter(|fund| postings.fund_id.is_none_or(|id| id == fund.id))
                .map(|fund| (fund.id, Sums::default()))
                .collect();
            for sum in reports::account_sums(connection, days, &postings)? {
                let fund = funds.entry(sum.fund_id.unwrap_or(NO_FUND)).or_default();
                add(&books, fund, &sum)?;
            }
            let rows = funds
                .into_iter()
                .map(|(id, sums)| row(&books, id, &sums))
                .collect::<Result<Vec<_>>>()?;
            let balance = stored("balance", Yen::sum(rows.iter().map(|row| row.balance)))?;
            Ok(FundBalances {
                from: days.from,
                to: days.to,
                rows,
                balance,
            })
        })
    }
}

/// After every fund.
const NO_FUND: i64 = i64::MAX;

fn add(books: &Books, fund: &mut Sums, sum: &AccountSums) -> Result<()> {
    let account = books.stored_account(sum.account)?;
    let came = sum.credit - sum.debit;
    match account.kind {
        AccountKind::Asset | AccountKind::Liability => return Ok(()),
        AccountKind::Revenue => fund.revenue += came,
        AccountKind::Expense => fund.expense -= came,
        AccountKind::NetAssets => fund.other += came,
    }
    fund.opening -= sum.opening;
    Ok(())
}

fn row(books: &Books, id: i64, sums: &Sums) -> Result<FundBalanceRow> {
    let fund = if id == NO_FUND {
        None
    } else {
        Some(books.fund_of(id)?)
    };
    Ok(FundBalanceRow {
        fund: fund.map(|fund| fund.code.clone()),
        name: fund.map_or_else(|| "（基金なし）".to_owned(), |fund| fund.name.clone()),
        opening: Yen::new(sums.opening),
        revenue: Yen::new(sums.revenue),
        expense: Yen::new(sums.expense),
        other: Yen::new(sums.other),
        balance: Yen::new(sums.opening + sums.revenue - sums.expense + sums.other),
    })
}

impl FundBalances {
    /// The same as CSV for a spreadsheet.
    pub fn to_csv(&self) -> String {
        let other = format!("{}の増減", AccountCode::NET_ASSETS);
        let mut csv = ReportCsv::new(&[
            "基金コード",
            "基金名",
            "期首残高",
            "収益",
            "費用",
            &other,
            "残高",
        ]);
        for row in &self.rows {
            csv.text_or_empty(row.fund.as_deref())
                .text(&row.name)
                .yen(row.opening)
                .yen(row.revenue)
                .yen(row.expense)
                .yen(row.other)
                .yen(row.balance)
                .end_line();
        }
        csv.into_text()
    }
}

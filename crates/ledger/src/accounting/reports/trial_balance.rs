//! The trial balance (試算表).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{AccountCode, AccountKind, Yen};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::reports::{self, AccountSums};
use utoipa::ToSchema;

use super::ReportFilter;
use crate::accounting::books::Books;
use crate::accounting::view::code_of;
use crate::error::stored;
use crate::{Call, Ledger, Operation, Result};

/// Into what the lines of a trial balance are split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SplitBy {
    /// A line per fund.
    pub fund: bool,
    /// A line per co-op.
    pub coop: bool,
    /// A line per campaign.
    pub campaign: bool,
}

/// A line of the trial balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialBalanceRow {
    /// Number of the account.
    #[schema(value_type = String, example = "1121")]
    pub account: AccountCode,
    /// Its name.
    #[schema(example = "普通預金")]
    pub name: String,
    /// What it is of.
    #[schema(value_type = String, example = "asset")]
    pub kind: AccountKind,
    /// Code of the fund, where lines are split by fund.
    pub fund: Option<String>,
    /// Code of the co-op, where lines are split by co-op.
    pub coop: Option<String>,
    /// Code of the campaign, where lines are split by campaign.
    pub campaign: Option<String>,
    /// Yen before the first day: debit positive, credit negative.
    #[schema(value_type = i64)]
    pub opening: Yen,
    /// Yen debited.
    #[schema(value_type = i64)]
    pub debit: Yen,
    /// Yen credited.
    #[schema(value_type = i64)]
    pub credit: Yen,
    /// Yen on the last day: debit positive, credit negative.
    #[schema(value_type = i64)]
    pub balance: Yen,
}

/// Every account that moved, with what it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialBalance {
    /// The first day, where one was given.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: NaiveDate,
    /// The lines, by account, fund, co-op and campaign.
    pub rows: Vec<TrialBalanceRow>,
    /// Yen debited in all.
    #[schema(value_type = i64)]
    pub debit: Yen,
    /// Yen credited in all.
    #[schema(value_type = i64)]
    pub credit: Yen,
    /// What the balances of all lines come to: 0 for the whole journal (R14).
    #[schema(value_type = i64)]
    pub balance: Yen,
}

impl Ledger {
    /// The trial balance between two days, of everything or of one fund, co-op or campaign.
    ///
    /// # Errors
    /// Refuses a code that there is not, and a first day after the last.
    pub fn trial_balance(
        &self,
        call: &Call,
        filter: &ReportFilter,
        split: SplitBy,
    ) -> Result<TrialBalance> {
        let days = filter.days(self.today())?;
        self.read(call, Operation::ShowTrialBalance, |connection| {
            let books = Books::load(connection)?;
            let postings = filter.postings(&books)?;
            let sums = reports::account_sums(connection, days, &postings)?;
            let rows = rows(&books, &sums, split)?;
            let total = |of: fn(&TrialBalanceRow) -> Yen| {
                stored("journal_postings.amount", Yen::sum(rows.iter().map(of)))
            };
            Ok(TrialBalance {
                from: days.from,
                to: days.to,
                debit: total(|row| row.debit)?,
                credit: total(|row| row.credit)?,
                balance: total(|row| row.balance)?,
                rows,
            })
        })
    }
}

type Key = (i32, Option<i64>, Option<i64>, Option<i64>);

fn rows(books: &Books, sums: &[AccountSums], split: SplitBy) -> Result<Vec<TrialBalanceRow>> {
    let mut lines: BTreeMap<Key, (i64, i64, i64)> = BTreeMap::new();
    for sum in sums {
        let key = (
            sum.account,
            sum.fund_id.filter(|_| split.fund),
            sum.coop_id.filter(|_| split.coop),
            sum.campaign_id.filter(|_| split.campaign),
        );
        let line = lines.entry(key).or_default();
        line.0 = line.0.saturating_add(sum.opening);
        line.1 = line.1.saturating_add(sum.debit);
        line.2 = line.2.saturating_add(sum.credit);
    }
    lines
        .into_iter()
        .map(|(key, line)| row(books, key, line))
        .collect()
}

fn row(books: &Books, key: Key, line: (i64, i64, i64)) -> Result<TrialBalanceRow> {
    let (account, fund, coop, campaign) = key;
    let (opening, debit, credit) = line;
    let account = books.stored_account(account)?;
    Ok(TrialBalanceRow {
        account: account.code,
        name: account.name.clone(),
        kind: account.kind,
        fund: code_of(fund, |id| books.fund_of(id).map(|fund| &fund.code))?,
        coop: code_of(coop, |id| books.cooperative_of(id).map(|coop| &coop.code))?,
        campaign: code_of(campaign, |id| {
            books.campaign_of(id).map(|campaign| &campaign.code)
        })?,
        opening: Yen::new(opening),
        debit: Yen::new(debit),
        credit: Yen::new(credit),
        balance: Yen::new(opening + debit - credit),
    })
}

impl TrialBalance {
    /// The same as CSV for a spreadsheet, with a line of totals.
    pub fn to_csv(&self) -> String {
        let mut csv = ReportCsv::new(&[
            "科目コード",
            "科目名",
            "区分",
            "基金コード",
            "単協コード",
            "募集コード",
            "期首残高",
            "借方",
            "貸方",
            "残高",
        ]);
        for row in &self.rows {
            csv.text(&row.account.to_string())
                .text(&row.name)
                .text(row.kind.label_ja())
                .text_or_empty(row.fund.as_deref())
                .text_or_empty(row.coop.as_deref())
                .text_or_empty(row.campaign.as_deref())
                .yen(row.opening)
                .yen(row.debit)
                .yen(row.credit)
                .yen(row.balance)
                .end_line();
        }
        let opening = self.balance.get() - self.debit.get() + self.credit.get();
        csv.text("合計")
            .text("")
            .text("")
            .text("")
            .text("")
            .text("")
            .yen(Yen::new(opening))
            .yen(self.debit)
            .yen(self.credit)
            .yen(self.balance)
            .end_line();
        csv.into_text()
    }
}

//! `hitokuchi report`.

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use domain::Yen;
use ledger::accounting::reports::{ReportFilter, SplitBy};
use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// 帳票: 試算表、総勘定元帳、基金の残高、未収金、団体への未払い
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi report trial-balance --to 2026-03-31\n    hitokuchi report receivables --csv > 未収金.csv"
)]
pub enum Report {
    TrialBalance(TrialBalance),
    Ledger(GeneralLedger),
    Funds(Funds),
    Receivables(Receivables),
    Payables(Payables),
}

/// Which days, which postings.
#[derive(Debug, Args)]
struct Filter {
    /// この日から
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    from: Option<NaiveDate>,
    /// この日まで（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    to: Option<NaiveDate>,
    /// 基金コード
    #[arg(long, value_name = "CODE")]
    fund: Option<String>,
    /// 単協コード
    #[arg(long, value_name = "CODE")]
    coop: Option<String>,
    /// 募集コード
    #[arg(long, value_name = "CODE")]
    campaign: Option<String>,
    /// 年度の締めの仕訳を除く（決算前）
    #[arg(long)]
    before_year_close: bool,
    /// CSV（UTF-8、BOM 付き）で標準出力に出す
    #[arg(long)]
    csv: bool,
}

impl Filter {
    fn report(&self) -> ReportFilter {
        ReportFilter {
            from: self.from,
            to: self.to,
            fund: self.fund.clone(),
            coop: self.coop.clone(),
            campaign: self.campaign.clone(),
            before_year_close: self.before_year_close,
        }
    }
}

/// 何ごとの行にするか
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// 基金ごと
    Fund,
    /// 単協ごと
    Coop,
    /// 募集ごと
    Campaign,
}

/// 試算表
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi report trial-balance --from 2025-04-01 --to 2026-03-31 --by fund"
)]
pub struct TrialBalance {
    #[command(flatten)]
    filter: Filter,
    /// 行を分ける（何度でも）
    #[arg(long, value_enum)]
    by: Vec<By>,
}

/// 総勘定元帳: 一つの科目の動き
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi report ledger --account 1131 --coop 01 --from 2025-08-01")]
pub struct GeneralLedger {
    /// 科目コード
    #[arg(long, value_name = "CODE")]
    account: String,
    #[command(flatten)]
    filter: Filter,
}

/// 基金ごとの残高
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi report funds --from 2025-04-01 --to 2026-03-31")]
pub struct Funds {
    #[command(flatten)]
    filter: Filter,
}

/// 単協から受け取るべき額: 請求データごと、経過日数つき
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi report receivables --as-of 2025-12-31 --coop 01")]
pub struct Receivables {
    /// この日の残高（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    as_of: Option<NaiveDate>,
    /// 単協コード
    #[arg(long, value_name = "CODE")]
    coop: Option<String>,
    /// 受け取り終わった請求データも出す
    #[arg(long)]
    all: bool,
    /// CSV（UTF-8、BOM 付き）で標準出力に出す
    #[arg(long)]
    csv: bool,
}

/// 団体に送るべき額と、返してもらう額
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi report payables --as-of 2026-03-31")]
pub struct Payables {
    /// この日の残高（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    as_of: Option<NaiveDate>,
    /// CSV（UTF-8、BOM 付き）で標準出力に出す
    #[arg(long)]
    csv: bool,
}

impl Report {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        // A report that is taken away as a file is in the audit log.
        let taken = |is_csv: bool, report: &str, csv: String| -> Result<_, Failure> {
            if is_csv {
                ledger.record_download(&desk.call(), report)?;
            }
            Ok(is_csv.then_some(csv))
        };
        match self {
            Self::TrialBalance(TrialBalance { filter, by }) => {
                let split = SplitBy {
                    fund: by.contains(&By::Fund),
                    coop: by.contains(&By::Coop),
                    campaign: by.contains(&By::Campaign),
                };
                let report = ledger.trial_balance(&desk.call(), &filter.report(), split)?;
                answer(
                    &report,
                    taken(filter.csv, "trial-balance", report.to_csv())?,
                    trial_words(&report),
                )
            }
            Self::Ledger(GeneralLedger { account, filter }) => {
                let report = ledger.general_ledger(&desk.call(), &account, &filter.report())?;
                answer(
                    &report,
                    taken(filter.csv, "general-ledger", report.to_csv())?,
                    ledger_words(&report),
                )
            }
            Self::Funds(Funds { filter }) => {
                let report = ledger.fund_balances(&desk.call(), &filter.report())?;
                let lines = report.rows.iter().map(|row| {
                    format!(
                        "{}  {}円（前残高 {}、収益 {}、費用 {}）",
                        row.name,
                        row.balance.grouped(),
                        row.opening.grouped(),
                        row.revenue.grouped(),
                        row.expense.grouped()
                    )
                });
                answer(
                    &report,
                    taken(filter.csv, "fund-balances", report.to_csv())?,
                    joined(lines),
                )
            }
            Self::Receivables(asked) => {
                let report = ledger.receivables(
                    &desk.call(),
                    asked.as_of,
                    asked.coop.as_deref(),
                    asked.all,
                )?;
                let lines = report.rows.iter().map(|row| {
                    format!(
                        "{} {}  請求データ {}（{} 回次 {}）  未収 {}円  {}日",
                        row.coop,
                        row.coop_name,
                        row.batch_id,
                        row.month,
                        row.sequence,
                        row.due.grouped(),
                        row.age_days
                    )
                });
                let words = with_total(lines, "未収額の合計", report.due);
                answer(
                    &report,
                    taken(asked.csv, "receivables", report.to_csv())?,
                    words,
                )
            }
            Self::Payables(asked) => {
                let report = ledger.payables(&desk.call(), asked.as_of)?;
                let lines = report.rows.iter().map(|row| {
                    format!(
                        "{}  {}  送る額 {}円  返してもらう額 {}円",
                        row.organization_name,
                        row.title,
                        row.payable.grouped(),
                        row.owed_back.grouped()
                    )
                });
                let words = with_total(lines, "送る額の合計", report.payable);
                answer(
                    &report,
                    taken(asked.csv, "payables", report.to_csv())?,
                    words,
                )
            }
        }
    }
}

fn answer<T: Serialize>(report: &T, csv: Option<String>, words: String) -> Result<Told, Failure> {
    Told::new(report, csv.unwrap_or(words))
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn with_total(lines: impl Iterator<Item = String>, what: &str, total: Yen) -> String {
    joined(lines.chain([format!("{what} {}円", total.grouped())]))
}

fn trial_words(report: &ledger::accounting::reports::TrialBalance) -> String {
    let lines = report.rows.iter().map(|row| {
        let names = [&row.fund, &row.coop, &row.campaign];
        let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
        format!(
            "{} {} {}  借方 {}  貸方 {}  残高 {}",
            row.account,
            row.name,
            names.join(" "),
            row.debit.grouped(),
            row.credit.grouped(),
            row.balance.grouped()
        )
    });
    let total = format!(
        "合計  借方 {}  貸方 {}  残高 {}",
        report.debit.grouped(),
        report.credit.grouped(),
        report.balance.grouped()
    );
    joined(lines.chain([total]))
}

fn ledger_words(report: &ledger::accounting::reports::GeneralLedger) -> String {
    let first = format!(
        "{} {}  前残高 {}円",
        report.account,
        report.name,
        report.opening.grouped()
    );
    let lines = report.lines.iter().map(|line| {
        format!(
            "{}  仕訳 {}  {}  借方 {}  貸方 {}  残高 {}",
            line.posted_on,
            line.entry_id,
            line.description,
            line.debit.grouped(),
            line.credit.grouped(),
            line.balance.grouped()
        )
    });
    joined([first].into_iter().chain(lines))
}

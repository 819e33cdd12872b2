//! `hitokuchi journal`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use domain::{CollectionMonth, EntrySource, Yen};
use ledger::accounting::{
    ExportJournal, JournalEntryView, JournalFilter, JournalFormat, NewJournalLine,
    PostJournalEntry, ReverseJournalEntry,
};
use ledger::{Cursor, PageRequest};

use super::pending;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// 仕訳: 手で書く、取り消す、見る、ファイルに出す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi journal list --month 2025-08\n    hitokuchi journal export --format hledger --out 仕訳.journal"
)]
pub enum Journal {
    Post(Post),
    Reverse(Reverse),
    List(List),
    Show(Show),
    Export(Export),
    /// 勘定科目の一覧
    #[command(after_help = "例: hitokuchi journal accounts")]
    Accounts,
}

/// 仕訳を手で書く（会費、助成、経費など。集金・送金は、それぞれの記録から自動で記帳されます）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi journal post --date 2025-08-27 --description \"年会費\" --reason \"入金を確認\" \\\n    --debit 1121=10000 --credit 4111=10000\n金額のあとに ,fund=基金コード ,coop=単協コード ,campaign=募集コード を続けられます。"
)]
pub struct Post {
    /// 日付（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    date: Option<NaiveDate>,
    /// 摘要
    #[arg(long, value_name = "TEXT")]
    description: String,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// 借方: 科目コード=金額
    #[arg(long, value_name = "CODE=YEN", value_parser = line, required = true)]
    debit: Vec<Line>,
    /// 貸方: 科目コード=金額
    #[arg(long, value_name = "CODE=YEN", value_parser = line, required = true)]
    credit: Vec<Line>,
}

/// A line as it was written: `1121=10000,fund=inclufund`.
#[derive(Debug, Clone)]
struct Line {
    amount: Yen,
    names: NewJournalLine,
}

fn line(text: &str) -> Result<Line, String> {
    let mut parts = text.split(',');
    let (account, amount) = parts
        .next()
        .and_then(|first| first.split_once('='))
        .ok_or("「1121=10000」のように、科目コード=金額 と書いてください")?;
    let amount: Yen = amount
        .parse()
        .map_err(|e: domain::NumberError| e.to_string())?;
    let mut names = NewJournalLine {
        account: account.to_owned(),
        ..NewJournalLine::default()
    };
    for part in parts {
        let (name, code) = part
            .split_once('=')
            .ok_or("金額のあとは fund=コード、coop=コード、campaign=コード のどれかです")?;
        let place = match name {
            "fund" => &mut names.fund,
            "coop" => &mut names.coop,
            "campaign" => &mut names.campaign,
            _ => {
                return Err(format!(
                    "「{name}」は使えません。fund、coop、campaign のどれかです"
                ));
            }
        };
        *place = Some(code.to_owned());
    }
    Ok(Line { amount, names })
}

/// 仕訳を取り消す（反対の仕訳を記帳する。一度だけ）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi journal reverse 12 --reason \"二重に記帳\"")]
pub struct Reverse {
    /// 仕訳番号
    #[arg(value_name = "ID")]
    id: i64,
    /// 取り消しの日付（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    date: Option<NaiveDate>,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// 仕訳の一覧（新しい順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi journal list --month 2025-08 --source settlement")]
pub struct List {
    /// この月に計上したもの
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: Option<CollectionMonth>,
    /// 起票元: settlement, refund, remittance, payout, transfer, reversal, manual, year_close
    #[arg(long, value_name = "SOURCE", value_parser = words::entry_source)]
    source: Option<EntrySource>,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// 仕訳を一つ見る
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi journal show 12")]
pub struct Show {
    /// 仕訳番号
    #[arg(value_name = "ID")]
    id: i64,
}

/// 仕訳帳の形式
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// hledger
    Hledger,
}

/// 仕訳帳の全部をファイルに出す
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi journal export --format hledger --out 仕訳.journal\nつぎは: hledger -f 仕訳.journal check --strict"
)]
pub struct Export {
    /// 形式
    #[arg(long, value_enum)]
    format: Format,
    /// ファイル（あれば置き換えます）
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Journal {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Post(post) => post.run(desk),
            Self::Reverse(reverse) => {
                let request = ReverseJournalEntry {
                    entry_id: reverse.id,
                    date: reverse.date,
                    reason: reverse.reason,
                };
                let call = desk.call();
                let outcome = desk.open()?.reverse_journal_entry(&call, &request)?;
                pending::told(outcome, entry_words)
            }
            Self::List(list) => list.run(desk),
            Self::Show(show) => {
                let entry = desk.open()?.get_journal_entry(&desk.call(), show.id)?;
                Told::new(&entry, entry_words(&entry))
            }
            Self::Export(export) => export.run(desk),
            Self::Accounts => accounts(desk),
        }
    }
}

fn accounts(desk: &Desk) -> Result<Told, Failure> {
    let accounts = desk.open()?.list_accounts(&desk.call())?;
    let mut words = String::new();
    for account in &accounts {
        let control = if account.is_control {
            "（記録からだけ動く）"
        } else {
            ""
        };
        words.push_str(&format!(
            "{} {} {}{control}\n",
            account.account,
            account.kind.label_ja(),
            account.name
        ));
    }
    Told::new(&serde_json::json!({ "accounts": accounts }), words)
}

impl Post {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let debits = self.debit.into_iter().map(|line| NewJournalLine {
            debit: Some(line.amount),
            ..line.names
        });
        let credits = self.credit.into_iter().map(|line| NewJournalLine {
            credit: Some(line.amount),
            ..line.names
        });
        let request = PostJournalEntry {
            date: self.date,
            description: self.description,
            reason: self.reason,
            lines: debits.chain(credits).collect(),
        };
        let outcome = desk.open()?.post_journal_entry(&desk.call(), &request)?;
        pending::told(outcome, entry_words)
    }
}

impl List {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let filter = JournalFilter {
            period: self.month,
            source: self.source,
            ..JournalFilter::default()
        };
        let page = PageRequest {
            cursor: self.cursor.map(Cursor::from),
            limit: self.limit,
        };
        let found = desk
            .open()?
            .list_journal_entries(&desk.call(), &filter, &page)?;
        let mut words: String = found.items.iter().map(entry_words).collect();
        if found.items.is_empty() {
            words.push_str("仕訳はありません");
        }
        if let Some(cursor) = &found.next_cursor {
            words.push_str(&format!("つづき: --cursor {cursor}"));
        }
        let answer = serde_json::json!({
            "entries": found.items,
            "next_cursor": found.next_cursor,
        });
        Told::new(&answer, words)
    }
}

impl Export {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let Format::Hledger = self.format;
        let request = ExportJournal {
            format: JournalFormat::Hledger,
        };
        let ledger = desk.open()?;
        let exported = ledger.export_journal(&desk.call(), &request, &self.out)?;
        let words = format!(
            "仕訳 {} 件を {} に出しました\nSHA-256 {}",
            grouped(exported.entries),
            self.out.display(),
            exported.sha256
        );
        Told::new(&exported, words)
    }
}

fn entry_words(entry: &JournalEntryView) -> String {
    let mut words = format!(
        "仕訳 {}  {}  {}  {}\n",
        entry.entry_id,
        entry.posted_on,
        entry.source.label_ja(),
        entry.description
    );
    if entry.occurred_on != entry.posted_on {
        words.push_str(&format!("  （発生日 {}）\n", entry.occurred_on));
    }
    for line in &entry.lines {
        let (side, amount) = if line.debit > Yen::ZERO {
            ("借方", line.debit)
        } else {
            ("貸方", line.credit)
        };
        let names = [&line.fund, &line.coop, &line.campaign];
        let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
        words.push_str(&format!(
            "  {side} {} {} {}円 {}\n",
            line.account,
            line.account_name,
            amount.grouped(),
            names.join(" ")
        ));
    }
    if let Some(by) = entry.reversed_by {
        words.push_str(&format!("  仕訳 {by} で取り消し済み\n"));
    }
    words
}

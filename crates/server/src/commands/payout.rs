//! `hitokuchi payout`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::Yen;
use ledger::accounting::{PayoutView, RecordPayout};
use ledger::{Cursor, PageRequest};

use super::pending;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 団体への送金: 記録する、見る
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi payout record --campaign kosumosu-2025 --amount 9500 --fee 330"
)]
pub enum Payout {
    Record(Record),
    List(List),
}

/// 送金を記録する（集金済みの額を超えることはできない）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi payout record --campaign kosumosu-2025 --paid-on 2026-01-31 --amount 9500\n送金後に取り消された寄付を団体から返してもらったとき: --returned\nつぎは: hitokuchi campaign progress kosumosu-2025"
)]
pub struct Record {
    /// 募集コード
    #[arg(long, value_name = "CODE")]
    campaign: String,
    /// 送金日（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    paid_on: Option<NaiveDate>,
    /// 送金額（円）
    #[arg(long, value_name = "YEN", value_parser = words::yen)]
    amount: Yen,
    /// 基金が負担した手数料（円）
    #[arg(long, value_name = "YEN", value_parser = words::yen, default_value = "0")]
    fee: Yen,
    /// 団体から返してもらった
    #[arg(long)]
    returned: bool,
    /// メモ
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// 団体への送金の一覧（新しい順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi payout list --campaign kosumosu-2025")]
pub struct List {
    /// 募集コード
    #[arg(long, value_name = "CODE")]
    campaign: Option<String>,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl Payout {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Record(record) => {
                let request = RecordPayout {
                    campaign: record.campaign,
                    paid_on: record.paid_on,
                    amount: record.amount,
                    fee: record.fee,
                    returned: record.returned,
                    note: record.note,
                };
                let outcome = desk.open()?.record_payout(&desk.call(), &request)?;
                pending::told(outcome, payout_words)
            }
            Self::List(list) => {
                let page = PageRequest {
                    cursor: list.cursor.map(Cursor::from),
                    limit: list.limit,
                };
                let ledger = desk.open()?;
                let found = ledger.list_payouts(&desk.call(), list.campaign.as_deref(), &page)?;
                let words: String = found.items.iter().map(payout_words).collect();
                let answer = serde_json::json!({
                    "payouts": found.items,
                    "next_cursor": found.next_cursor,
                });
                Told::new(&answer, words)
            }
        }
    }
}

fn payout_words(payout: &PayoutView) -> String {
    let what = if payout.returned {
        "団体からの返還"
    } else {
        "団体への送金"
    };
    let mut words = format!(
        "{what} {}  {}  募集 {}（団体 {}）  {}円  手数料 {}円\n",
        payout.payout_id,
        payout.paid_on,
        payout.campaign,
        payout.organization,
        payout.amount.grouped(),
        payout.fee.grouped()
    );
    if let Some(by) = payout.reversed_by {
        words.push_str(&format!("  仕訳 {by} で取り消し済み\n"));
    }
    words
}

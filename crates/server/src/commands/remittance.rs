//! `hitokuchi remittance`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::{CoopCode, Yen};
use ledger::accounting::{RecordRemittance, RemittanceShare, RemittanceView};
use ledger::{Cursor, PageRequest};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 単協からの送金: 記録して未収金と照らし合わせる、見る
#[derive(Debug, Subcommand)]
#[command(after_help = "例: hitokuchi remittance record --coop 01 --amount 9670 --fee 330")]
pub enum Remittance {
    Record(Record),
    List(List),
}

/// 送金を記録する（古い請求データから順に充て、過不足を示す）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi remittance record --coop 01 --received-on 2025-09-10 --amount 9670 --fee 330\n    請求データを指定するとき: --share 12=9000 --share 13=1000\nつぎは: hitokuchi report receivables --coop 01"
)]
pub struct Record {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: CoopCode,
    /// 着金日（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    received_on: Option<NaiveDate>,
    /// 口座に入った額（円）
    #[arg(long, value_name = "YEN", value_parser = words::yen)]
    amount: Yen,
    /// 差し引かれた手数料（円）
    #[arg(long, value_name = "YEN", value_parser = words::yen, default_value = "0")]
    fee: Yen,
    /// 充てる請求データの番号と額
    #[arg(long, value_name = "BATCH=YEN", value_parser = share)]
    share: Vec<RemittanceShare>,
    /// メモ
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

fn share(text: &str) -> Result<RemittanceShare, String> {
    let wrong = "「12=9000」のように、請求データの番号=金額 と書いてください";
    let (batch, amount) = text.split_once('=').ok_or(wrong)?;
    // What was taken back after it was handed over is set off with a minus.
    let amount = match amount.strip_prefix('-') {
        Some(amount) => words::yen(amount)?.checked_neg().ok_or(wrong)?,
        None => words::yen(amount)?,
    };
    Ok(RemittanceShare {
        batch_id: batch.parse().map_err(|_| wrong)?,
        amount,
    })
}

/// 送金の一覧（新しい順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi remittance list --coop 01")]
pub struct List {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

impl Remittance {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Record(record) => {
                let request = RecordRemittance {
                    coop: record.coop,
                    received_on: record.received_on,
                    amount: record.amount,
                    fee: record.fee,
                    shares: record.share,
                    note: record.note,
                };
                let remittance = desk.open()?.record_remittance(&desk.call(), &request)?;
                Told::new(&remittance, remittance_words(&remittance))
            }
            Self::List(list) => {
                let page = PageRequest {
                    cursor: list.cursor.map(Cursor::from),
                    limit: list.limit,
                };
                let ledger = desk.open()?;
                let found = ledger.list_remittances(&desk.call(), list.coop.as_ref(), &page)?;
                let words: String = found.items.iter().map(remittance_words).collect();
                let answer = serde_json::json!({
                    "remittances": found.items,
                    "next_cursor": found.next_cursor,
                });
                Told::new(&answer, words)
            }
        }
    }
}

fn remittance_words(remittance: &RemittanceView) -> String {
    let mut words = format!(
        "送金 {}  {}  単協 {}  着金 {}円  手数料 {}円\n  受け取るべき額 {}円、過不足 {}円、仮受金 {}円\n",
        remittance.remittance_id,
        remittance.received_on,
        remittance.coop,
        remittance.amount.grouped(),
        remittance.fee.grouped(),
        remittance.due.grouped(),
        words::signed(remittance.difference.get()),
        words::signed(remittance.suspense.get()),
    );
    for share in &remittance.shares {
        words.push_str(&format!(
            "  請求データ {}（{} 回次 {}）に {}円（未収 {}円）\n",
            share.batch_id,
            share.month,
            share.sequence,
            share.amount.grouped(),
            share.due.grouped()
        ));
    }
    if let Some(by) = remittance.reversed_by {
        words.push_str(&format!("  仕訳 {by} で取り消し済み\n"));
    }
    words
}

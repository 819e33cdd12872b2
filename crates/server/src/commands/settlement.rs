//! `hitokuchi settlement`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::ChargeKey;
use ledger::settlement::{ChargeRefunded, RefundCharge, ReverseSettlement, SettlementReversed};

use super::pending;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// 集金結果の訂正: 間違った結果を取り消す、集金した寄付を返す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi settlement reverse --charge-key 00120250801000000012 --reason \"単協の記録違い\""
)]
pub enum Settlement {
    Reverse(Reverse),
    Refund(Refund),
}

/// 間違った結果を取り消す（その請求は未回収に戻り、正しい結果を取り込めます）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi settlement reverse --charge-key 00120250801000000012 --reason \"単協の記録違い\"\nつぎは: hitokuchi results import 結果.csv"
)]
pub struct Reverse {
    /// 請求キー
    #[arg(long, value_name = "KEY", value_parser = words::charge_key)]
    charge_key: ChargeKey,
    /// 記帳する日（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    on: Option<NaiveDate>,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// 集金した寄付を組合員に返す（請求は集金済みのままです）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi settlement refund --charge-key 00120250801000000012 --reason \"本人の申し出\""
)]
pub struct Refund {
    /// 請求キー
    #[arg(long, value_name = "KEY", value_parser = words::charge_key)]
    charge_key: ChargeKey,
    /// 返した日（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    on: Option<NaiveDate>,
    /// あとで払う（普通預金からではなく、未払金とする）
    #[arg(long)]
    pay_later: bool,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Settlement {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Reverse(reverse) => {
                let request = ReverseSettlement {
                    charge_key: reverse.charge_key,
                    corrected_on: reverse.on,
                    reason: reverse.reason,
                };
                let reversed = desk.open()?.reverse_settlement(&desk.call(), &request)?;
                Told::new(&reversed, reverse_words(&reversed))
            }
            Self::Refund(refund) => {
                let request = RefundCharge {
                    charge_key: refund.charge_key,
                    refunded_on: refund.on,
                    pay_later: refund.pay_later,
                    reason: refund.reason,
                };
                let outcome = desk.open()?.refund_charge(&desk.call(), &request)?;
                pending::told(outcome, refund_words)
            }
        }
    }
}

fn reverse_words(reversed: &SettlementReversed) -> String {
    let mut words = format!(
        "請求キー {} の結果「{}」{}円を取り消しました。未回収に戻っています",
        reversed.charge_key,
        reversed.result_code.label_ja(),
        grouped(reversed.amount.get())
    );
    if reversed.pledge_reopened {
        words.push_str("\n不能が続いて終わっていたサポーター登録は、また続きます");
    }
    words
}

fn refund_words(refunded: &ChargeRefunded) -> String {
    format!(
        "請求キー {} の {}円を返金として記帳しました（仕訳 {}、貸方 {}）",
        refunded.charge_key,
        grouped(refunded.amount.get()),
        refunded.entry_id,
        refunded.account
    )
}

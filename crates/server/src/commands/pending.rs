//! `hitokuchi pending`.

use clap::{Args, Subcommand};
use domain::{PendingState, Yen};
use ledger::accounting::{PostJournalEntry, RecordPayout};
use ledger::two_persons::{
    Outcome, PendingActionView, PendingFilter, PendingRequest, RejectPendingAction,
};
use ledger::{Cursor, PageRequest};
use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 承認待ち（手入力の仕訳・取り消し・団体への送金・返金）: 見る、承認する、却下する
#[derive(Debug, Subcommand)]
#[command(after_help = "例: hitokuchi pending list\n    hitokuchi pending approve 7")]
pub enum Pending {
    List(List),
    Show(Show),
    Approve(Approve),
    Reject(Reject),
}

/// 承認待ちの一覧（新しい順）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi pending list\n    hitokuchi pending list --state rejected\nつぎは: hitokuchi pending approve 番号"
)]
pub struct List {
    /// 状態: pending（承認待ち）, approved, rejected, withdrawn
    #[arg(long, value_name = "STATE", value_parser = words::pending_state, default_value = "pending")]
    state: PendingState,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// 承認待ちを一つ見る
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi pending show 7")]
pub struct Show {
    /// 承認待ちの番号
    #[arg(value_name = "ID")]
    id: i64,
}

/// 承認して、入力した人の名前で記帳する
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi pending approve 7\nつぎは: hitokuchi journal show 仕訳番号")]
pub struct Approve {
    /// 承認待ちの番号
    #[arg(value_name = "ID")]
    id: i64,
}

/// 理由を付けて却下する（何も記帳されません）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi pending reject 7 --reason \"請求書の金額と違う\"")]
pub struct Reject {
    /// 承認待ちの番号
    #[arg(value_name = "ID")]
    id: i64,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Pending {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let action = match self {
            Self::List(list) => return list.run(desk),
            Self::Show(show) => ledger.get_pending_action(&desk.call(), show.id)?,
            Self::Approve(approve) => ledger.approve_pending_action(&desk.call(), approve.id)?,
            Self::Reject(reject) => {
                let request = RejectPendingAction {
                    reason: reject.reason,
                };
                ledger.reject_pending_action(&desk.call(), reject.id, &request)?
            }
        };
        Told::new(&action, action_words(&action))
    }
}

impl List {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let filter = PendingFilter {
            state: Some(self.state),
        };
        let page = PageRequest {
            cursor: self.cursor.map(Cursor::from),
            limit: self.limit,
        };
        let found = desk
            .open()?
            .list_pending_actions(&desk.call(), &filter, &page)?;
        let mut words: String = found.items.iter().map(action_words).collect();
        if found.items.is_empty() {
            words.push_str(&format!("{}のものはありません", self.state.label_ja()));
        }
        if let Some(cursor) = &found.next_cursor {
            words.push_str(&format!("つづき: --cursor {cursor}"));
        }
        let answer = serde_json::json!({
            "pending_actions": found.items,
            "next_cursor": found.next_cursor,
        });
        Told::new(&answer, words)
    }
}

/// What was done, or what waits for a second person.
pub fn told<T: Serialize>(
    outcome: Outcome<T>,
    words: impl FnOnce(&T) -> String,
) -> Result<Told, Failure> {
    match outcome.done() {
        Ok(done) => Told::new(&done, words(&done)),
        Err(pending) => Told::new(&pending, action_words(&pending)),
    }
}

fn action_words(action: &PendingActionView) -> String {
    let mut words = format!(
        "承認待ち {}  {}  {}  入力 {}（{}）\n  {}\n",
        action.pending_id,
        action.state.label_ja(),
        action.action.label_ja(),
        action.submitted_by,
        words::moment(action.submitted_at),
        request_words(&action.action),
    );
    if let (Some(by), Some(at)) = (&action.decided_by, action.decided_at) {
        words.push_str(&format!("  決定 {by}（{}）", words::moment(at)));
        if let Some(reason) = &action.decision_reason {
            words.push_str(&format!("  理由: {reason}"));
        }
        if let Some(entry_id) = action.entry_id {
            words.push_str(&format!("  仕訳 {entry_id}"));
        }
        words.push('\n');
    }
    words
}

fn request_words(request: &PendingRequest) -> String {
    match request {
        PendingRequest::PostJournalEntry(entry) => entry_words(entry),
        PendingRequest::ReverseJournalEntry(reversal) => format!(
            "仕訳 {} を取り消す  理由: {}",
            reversal.entry_id, reversal.reason
        ),
        PendingRequest::RecordPayout(payout) => payout_words(payout),
        PendingRequest::RefundCharge(refund) => format!(
            "請求キー {} を返金する  理由: {}",
            refund.charge_key, refund.reason
        ),
    }
}

fn entry_words(entry: &PostJournalEntry) -> String {
    let lines: Vec<String> = entry
        .lines
        .iter()
        .map(|line| {
            let (side, amount) = match (line.debit, line.credit) {
                (Some(debit), _) => ("借方", debit),
                (None, credit) => ("貸方", credit.unwrap_or(Yen::ZERO)),
            };
            format!("{side} {} {}円", line.account, amount.grouped())
        })
        .collect();
    format!(
        "{}  {}  {}  理由: {}",
        day_words(entry.date),
        entry.description,
        lines.join("、"),
        entry.reason
    )
}

fn payout_words(payout: &RecordPayout) -> String {
    format!(
        "{}  募集 {}  {}{}円  手数料 {}円",
        day_words(payout.paid_on),
        payout.campaign,
        if payout.returned { "返還 " } else { "" },
        payout.amount.grouped(),
        payout.fee.grouped()
    )
}

fn day_words(day: Option<chrono::NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

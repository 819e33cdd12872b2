//! `hitokuchi batch`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::{CollectionMonth, CoopCode};
use ledger::LedgerError;
use ledger::billing::{
    BatchApprovalView, BatchClosed, BatchExported, BatchFilter, BatchPreview, BatchView,
    BatchVoided, CloseBatch, ExportBatch, PendingCharges, VoidBatch,
};
use ledger::proof::ControlSheet;
use ledger::{PAGE_MAX, PageRequest};
use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped, signed};

/// 請求データ: 締める前に見る、締める、取り消す、ファイルに出す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "毎月の順: preview で確かめる → close で締める → export でファイルに出す\n例: hitokuchi batch preview --coop 01 --month 2025-12"
)]
pub enum Batch {
    Preview(Preview),
    Close(Close),
    Void(Void),
    Approve(Approve),
    Export(Export),
    Status(Status),
}

/// Whose month.
#[derive(Debug, Args)]
struct Month {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: CoopCode,
    /// 集金月
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: CollectionMonth,
}

/// 締めるといくらになるか、先月からどう変わるか、何が妨げているかを見る
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch preview --coop 01 --month 2025-12\nつぎは: hitokuchi review list --month 2025-12、hitokuchi batch close --coop 01 --month 2025-12"
)]
pub struct Preview {
    #[command(flatten)]
    month: Month,
    /// preview では使いません（close と同じ書き方のため）
    #[arg(long, value_name = "TEXT", hide = true)]
    reason: Option<String>,
}

/// 月を締めて、請求データを確定する（もう一度締めると、遅れて届いた分が次の番号になる）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch close --coop 01 --month 2025-12\nつぎは: hitokuchi batch export --coop 01 --month 2025-12 --out 請求.csv"
)]
pub struct Close {
    #[command(flatten)]
    month: Month,
    /// 早く締める理由（今月や次の月より先を締めるときだけ必要）
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// 締めたばかりの請求データを取り消す（ファイルに出す前だけ）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch void --coop 01 --month 2025-12 --reason \"申込の入れ忘れ\""
)]
pub struct Void {
    #[command(flatten)]
    month: Month,
    /// 何番目の請求データか（なければ最新）
    #[arg(long, value_name = "N")]
    sequence: Option<i32>,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// 締めた請求データの出力を承認する（export は承認も兼ねるので、先に済ませておくときだけ）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch approve 12\n請求データの番号は batch status で分かります。\nつぎは: hitokuchi batch export --coop 01 --month 2025-12 --out 請求.csv"
)]
pub struct Approve {
    /// 請求データの番号
    #[arg(value_name = "ID")]
    id: i64,
}

/// 請求データを集金用のファイルに出す
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch export --coop 01 --month 2025-12 --out 請求.csv\n何度出しても同じファイルになります（SHA-256 で確かめます）。"
)]
pub struct Export {
    #[command(flatten)]
    month: Month,
    /// 何番目の請求データか（なければ最新）
    #[arg(long, value_name = "N")]
    sequence: Option<i32>,
    /// 形式: standard（Shift_JIS）, standard-utf8（なければ standard）
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// 書き出すファイル
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 控え（行数・金額・SHA-256 と、監査記録・仕訳帳の末尾）も書き出す。データベースとは別に保管し、verify --against で使う
    #[arg(long, value_name = "FILE")]
    control_sheet: Option<PathBuf>,
}

/// 出力した請求データがどこまで集金できたか、遅れているものはないかを見る
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi batch status --coop 01\n    hitokuchi batch status --overdue\n出力から 45 日（HITOKUCHI_OVERDUE_AFTER_DAYS）を過ぎても結果のそろわないものが「遅れ」です。"
)]
pub struct Status {
    /// この単協のものだけ
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
    /// この集金月のものだけ
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: Option<CollectionMonth>,
    /// 遅れているものだけ
    #[arg(long)]
    overdue: bool,
}

/// What `batch status` prints as JSON.
#[derive(Serialize)]
struct StatusListed {
    batches: Vec<BatchView>,
    overdue: usize,
}

impl Batch {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Preview(Preview { month, .. }) => {
                let ledger = desk.open()?;
                let preview = ledger.preview_batch(&desk.call(), &month.coop, month.month)?;
                Told::new(&preview, preview_words(&preview))
            }
            Self::Close(close) => {
                let request = CloseBatch {
                    coop: close.month.coop,
                    month: close.month.month,
                    reason: close.reason,
                };
                let is_override = request.reason.is_some();
                let ledger = desk.open()?;
                let closed = ledger.close_batch(&desk.call(), request)?;
                let mut words = close_words(&closed);
                // A reason lets months be passed over, and what is due in them with them.
                if is_override {
                    let preview = ledger.preview_batch(&desk.call(), &closed.coop, closed.month)?;
                    words.push_str(&pending_words(&preview));
                }
                Told::new(&closed, words)
            }
            Self::Void(void) => {
                let request = VoidBatch {
                    coop: void.month.coop,
                    month: void.month.month,
                    sequence: void.sequence,
                    reason: void.reason,
                };
                let voided = desk.open()?.void_batch(&desk.call(), request)?;
                Told::new(&voided, void_words(&voided))
            }
            Self::Approve(approve) => {
                let approval = desk.open()?.approve_batch(&desk.call(), approve.id)?;
                Told::new(&approval, approve_words(&approval))
            }
            Self::Export(export) => {
                let request = ExportBatch {
                    coop: export.month.coop,
                    month: export.month.month,
                    sequence: export.sequence,
                    profile: export.profile,
                };
                let ledger = desk.open()?;
                if let Some(sheet) = &export.control_sheet {
                    refuse_taken(sheet)?;
                }
                let exported = ledger.export_batch(&desk.call(), request, &export.out)?;
                if let Some(sheet) = &export.control_sheet {
                    let profile = Some(exported.profile.as_str());
                    let content = ledger.control_sheet(&desk.call(), exported.batch_id, profile)?;
                    write_control_sheet(&content, sheet)?;
                }
                Told::new(&exported, export_words(&exported))
            }
            Self::Status(status) => status.run(desk),
        }
    }
}

/// Refuses a place where something is, before anything is done.
fn refuse_taken(sheet: &Path) -> Result<(), Failure> {
    if fs::symlink_metadata(sheet).is_err() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} にはすでにファイルがあります。上書きしません。控えには別の名前を指定してください",
        sheet.display()
    )))
}

fn write_control_sheet(content: &ControlSheet, sheet: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| LedgerError::File {
        place: sheet.display().to_string(),
        error,
    };
    let text = serde_json::to_string_pretty(content).map_err(|error| failed(error.into()))?;
    let mut file = File::create_new(sheet).map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    Ok(())
}

impl Status {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let filter = BatchFilter {
            coop: self.coop,
            month: self.month,
        };
        let is_overdue = |batch: &BatchView| {
            let settlement = batch.settlement.as_ref();
            settlement.is_some_and(|settlement| settlement.is_overdue)
        };
        let mut batches = Vec::new();
        let mut cursor = None;
        loop {
            let page = PageRequest {
                cursor,
                limit: Some(PAGE_MAX),
            };
            let page = ledger.list_batches(&desk.call(), &filter, &page)?;
            let wanted = page.items.into_iter();
            batches.extend(wanted.filter(|batch| !self.overdue || is_overdue(batch)));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let overdue = batches.iter().filter(|batch| is_overdue(batch)).count();
        let lines: Vec<String> = batches.iter().map(status_words).collect();
        let words = if lines.is_empty() {
            "当てはまる請求データはありません".to_owned()
        } else {
            lines.join("\n")
        };
        Told::new(&StatusListed { batches, overdue }, words)
    }
}

fn status_words(batch: &BatchView) -> String {
    let name = format!(
        "{} {} 第{}回（請求データ {}）",
        batch.coop, batch.month, batch.sequence, batch.batch_id
    );
    let Some(settlement) = &batch.settlement else {
        let state = if batch.voided_at.is_some() {
            "取消済み"
        } else if batch.approval.is_some() {
            "承認済み・未出力"
        } else {
            "未承認・未出力"
        };
        return format!(
            "{name} {}件 {}円 {state}",
            batch.charges,
            grouped(batch.amount.get())
        );
    };
    let state = match (settlement.is_settled, settlement.is_overdue) {
        (true, _) => "完了".to_owned(),
        (false, true) => format!("遅れ（{} まで）", settlement.due_on),
        (false, false) => format!("結果待ち（{} まで）", settlement.due_on),
    };
    let part = |count: i64, amount: domain::Yen| {
        format!("{}件 {}円", grouped(count), grouped(amount.get()))
    };
    format!(
        "{name} {} = 集金 {} + 不能 {} + 未回収 {}  {state}",
        part(settlement.exported, settlement.exported_amount),
        part(settlement.collected, settlement.collected_amount),
        part(settlement.failed, settlement.failed_amount),
        part(settlement.outstanding, settlement.outstanding_amount),
    )
}

fn preview_words(preview: &BatchPreview) -> String {
    let mut words = format!(
        "{} {} の第{}回{}\n  先月            {:>12}円",
        preview.coop,
        preview.month,
        preview.sequence,
        if preview.is_closed {
            "（追加分）"
        } else {
            ""
        },
        grouped(preview.last_month.get()),
    );
    for step in &preview.bridge {
        if step.charges > 0 || step.amount.get() != 0 {
            words.push_str(&format!(
                "\n  {:>12}円  {}（{}件）",
                signed(step.amount.get()),
                step.label,
                step.charges,
            ));
        }
    }
    words.push_str(&format!(
        "\n  締めると        {:>12}円（{}件）",
        grouped(preview.amount.get()),
        preview.charges
    ));
    if !preview.holds.is_empty() {
        words.push_str(&format!(
            "\n要確認 {}件が締めを妨げています:",
            preview.holds.len()
        ));
        for hold in &preview.holds {
            words.push_str(&format!(
                "\n  {} {} {} {}",
                hold.id,
                hold.member_number,
                hold.order_number.as_deref().unwrap_or("番号なし"),
                hold.reason.label_ja()
            ));
        }
    }
    words.push_str(&pending_words(preview));
    words
}

/// What is due in months that are closed, or were passed over.
fn pending_words(preview: &BatchPreview) -> String {
    let told = |pending: &PendingCharges| {
        format!(
            "\n{} にまだ請求していない分が {}件 {}円あります（{} をもう一度締めると請求されます）",
            pending.month,
            grouped(pending.charges),
            grouped(pending.amount.get()),
            pending.month
        )
    };
    preview.pending.iter().map(told).collect()
}

fn close_words(closed: &BatchClosed) -> String {
    let (coop, month) = (&closed.coop, closed.month);
    let Some(sequence) = closed.sequence else {
        return format!("{coop} {month} を締めました（請求はありません）");
    };
    format!(
        "{coop} {month} を締めました: 第{sequence}回 {}件 {}口 {}円\nつぎは: hitokuchi batch export --coop {coop} --month {month} --out ファイル",
        grouped(closed.charges),
        grouped(closed.units),
        grouped(closed.amount.get()),
    )
}

fn void_words(voided: &BatchVoided) -> String {
    let mut words = format!(
        "{} {} の請求データ {}件 {}円を取り消しました",
        voided.coop,
        voided.month,
        grouped(voided.charges),
        grouped(voided.amount.get()),
    );
    if voided.reopened {
        words.push_str("。この月はまた開いています");
    }
    words
}

fn approve_words(approval: &BatchApprovalView) -> String {
    format!(
        "請求データ {} の出力を承認しました（{}、{}）",
        approval.batch_id,
        approval.approved_by,
        approval.ground.label_ja()
    )
}

fn export_words(exported: &BatchExported) -> String {
    format!(
        "{} に書き出しました: {}行 {}円（{} 第{}版）\nSHA-256 {}",
        exported.file.as_deref().unwrap_or("ファイル"),
        grouped(exported.rows),
        grouped(exported.amount.get()),
        exported.profile,
        exported.profile_version,
        exported.sha256,
    )
}

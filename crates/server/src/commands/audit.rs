//! `hitokuchi audit`.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::{CoopCode, MemberNumber};
use ledger::audit_log::{AuditEventView, AuditFilter};
use ledger::reference::MemberKey;
use ledger::{Cursor, LedgerError, PageRequest};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// 監査記録: だれが、いつ、何に、何をしたか
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi audit search --person aoki --since 2025-11-01\n    hitokuchi audit search --coop 01 --member 0010106\n    hitokuchi audit export --since 2025-04-01 --until 2026-03-31 --out 監査記録.csv"
)]
pub enum Audit {
    Search(Search),
    Export(Export),
}

/// Which events are meant.
#[derive(Debug, Args)]
struct Known {
    /// 操作した人: ログイン名、または cli:名前（本人のトークンによるものも含む）
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// 操作名（close_batch など）
    #[arg(long, value_name = "NAME")]
    action: Option<String>,
    /// 対象（batch:3、application:12 など）
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
    /// 単協コード: その単協の記録。--member と使うときは組合員の単協
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
    /// 組合員番号: その人の申込・登録・請求への操作と、その人を見た記録
    #[arg(long, value_name = "NUMBER", value_parser = words::member_number, requires = "coop")]
    member: Option<MemberNumber>,
    /// この日から
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    since: Option<NaiveDate>,
    /// この日まで
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    until: Option<NaiveDate>,
}

/// 監査記録を探す（新しい順）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi audit search --action export_batch --since 2025-12-01")]
pub struct Search {
    #[command(flatten)]
    known: Known,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// 監査記録を CSV（UTF-8、BOM 付き、古い順）で書き出す。書き出したことも記録に残る
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi audit export --since 2025-04-01 --until 2026-03-31 --out 監査記録.csv"
)]
pub struct Export {
    #[command(flatten)]
    known: Known,
    /// 書き出すファイル（あるものには上書きしません）
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Audit {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Search(search) => search.run(desk),
            Self::Export(export) => export.run(desk),
        }
    }
}

impl Known {
    fn filter(self) -> AuditFilter {
        // A member's co-op names the member: what was done elsewhere counts too.
        let (coop, member) = match (self.coop, self.member) {
            (Some(coop), Some(member_number)) => (
                None,
                Some(MemberKey {
                    coop,
                    member_number,
                }),
            ),
            (coop, _) => (coop, None),
        };
        AuditFilter {
            coop,
            person: self.person,
            action: self.action,
            subject: self.subject,
            member,
            from: self.since,
            to: self.until,
        }
    }
}

impl Search {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let page = PageRequest {
            cursor: self.cursor.map(Cursor::from),
            limit: self.limit,
        };
        let filter = self.known.filter();
        let found = desk
            .open()?
            .search_audit_events(&desk.call(), &filter, &page)?;
        let lines: Vec<String> = found.items.iter().map(line).collect();
        let words = match (lines.is_empty(), &found.next_cursor) {
            (true, _) => "見つかりません".to_owned(),
            (false, None) => lines.join("\n"),
            (false, Some(cursor)) => {
                format!("{}\nつづきがあります: --cursor {cursor}", lines.join("\n"))
            }
        };
        Told::new(&found, words)
    }
}

fn line(event: &AuditEventView) -> String {
    let mut line = format!(
        "{}  {}  {}（{}）  {}",
        words::moment(event.recorded_at),
        event.actor,
        event.action_ja,
        event.action,
        event.subject
    );
    if let Some(reason) = &event.reason {
        line.push_str(&format!("  理由: {reason}"));
    }
    if event.is_erased {
        line.push_str("  （個人情報は消去済み）");
    }
    line
}

impl Export {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        // First: an export is an event, and nothing was exported where there is no place for it.
        let mut file = new_file(&self.out)?;
        let written = ledger
            .export_audit_log(&desk.call(), &self.known.filter())
            .map_err(Failure::from)
            .and_then(|(exported, mut events)| {
                copy(&mut events, &mut file, &self.out)?;
                Ok(exported)
            });
        let exported = written.inspect_err(|_| {
            // What is left of it is empty or cut off; the refusal says why.
            let _ = std::fs::remove_file(&self.out);
        })?;
        let words = format!(
            "{} に書き出しました: {}件\nSHA-256 {}",
            self.out.display(),
            grouped(exported.events),
            exported.sha256
        );
        Told::new(&exported, words)
    }
}

fn new_file(out: &Path) -> Result<File, Failure> {
    File::create_new(out).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!(
            "{} はもうあります。上書きはしないので、別の名前を指定してください",
            out.display()
        )),
        _ => failed(out, error),
    })
}

fn copy(events: &mut File, file: &mut File, out: &Path) -> Result<(), Failure> {
    io::copy(events, file)
        .and_then(|_| file.sync_all())
        .map_err(|error| failed(out, error))
}

fn failed(out: &Path, error: io::Error) -> Failure {
    let place = out.display().to_string();
    LedgerError::File { place, error }.into()
}

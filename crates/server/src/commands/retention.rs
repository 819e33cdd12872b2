//! `hitokuchi retention`.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use clap::{Args, Subcommand};
use domain::Clock;
use ledger::privacy::RetentionReport;
use serde::Serialize;

use crate::clock::SystemClock;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// An upload that nobody has worked on for so long is left over from a process that was killed.
const UPLOAD_LEFT_OVER_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// 保存期間を過ぎたものを見る、消す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi retention show\n    hitokuchi retention apply --yes\n期間は設定で変えます（hitokuchi config）。0 ならずっと残します。"
)]
pub enum Retention {
    /// 保存期間を過ぎていて、消すことになるものを見る（何も消さない）
    #[command(after_help = "例: hitokuchi retention show\n    hitokuchi retention apply --yes")]
    Show,
    Apply(Apply),
}

/// 保存期間を過ぎたものを消す（元に戻せません）。--yes がなければ、何を消すかを言うだけ
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi retention apply --yes")]
pub struct Apply {
    /// 本当に消す
    #[arg(long)]
    yes: bool,
}

/// What is over its time, on the disk too.
#[derive(Debug, Serialize)]
struct Found {
    #[serde(flatten)]
    report: RetentionReport,
    /// Whether it went.
    is_applied: bool,
    /// Files of uploads left over.
    uploads: u64,
}

impl Retention {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let (ledger, call) = (desk.open()?, desk.call());
        let uploads = upload_folder(desk);
        let is_applied = matches!(self, Self::Apply(Apply { yes: true }));
        let found = Found {
            report: if is_applied {
                ledger.apply_retention(&call)?
            } else {
                ledger.show_retention(&call)?
            },
            is_applied,
            uploads: left_over(&uploads, is_applied),
        };
        let is_asked_only = matches!(self, Self::Apply(Apply { yes: false }));
        let mut words = in_words(&found);
        if is_asked_only {
            words.push_str("\nまだ何も消していません。消すには: hitokuchi retention apply --yes");
        }
        Told::new(&found, words)
    }
}

fn upload_folder(desk: &Desk) -> std::path::PathBuf {
    let folder = desk.config.upload_folder.clone();
    folder.unwrap_or_else(std::env::temp_dir)
}

/// How many uploads are left over in a folder; takes them away where that is wanted. What cannot be
/// read or removed is not counted.
fn left_over(folder: &Path, is_wanted: bool) -> u64 {
    let now = SystemTime::from(SystemClock.now());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let old = entries.filter(|entry| {
        let is_upload = entry
            .file_name()
            .to_string_lossy()
            .starts_with("hitokuchi-upload-");
        let changed = entry.metadata().and_then(|file| file.modified());
        let age = changed.map(|at| now.duration_since(at).unwrap_or_default());
        is_upload && age.is_ok_and(|age| age > UPLOAD_LEFT_OVER_AFTER)
    });
    old.filter(|entry| !is_wanted || fs::remove_file(entry.path()).is_ok())
        .count() as u64
}

fn in_words(found: &Found) -> String {
    let goes = if found.is_applied {
        "消しました"
    } else {
        "消すことになるもの"
    };
    let mut lines = Vec::new();
    for rule in &found.report.rules {
        let Some(before) = rule.before else {
            lines.push(rule.label.clone());
            continue;
        };
        let mut line = format!("{}: {before} より前の {}件 {goes}", rule.label, rule.due);
        if rule.waiting > 0 {
            line.push_str(&format!(
                "（ほかに {}人は、要確認の申込か入力中の入力束があるので待ちます）",
                rule.waiting
            ));
        }
        lines.push(line);
    }
    lines.push(format!(
        "残っていた送信ファイル（1日を過ぎたもの）: {}件 {goes}",
        found.uploads
    ));
    lines.join("\n")
}

//! `hitokuchi import`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use domain::{Channel, HoldReason};
use ledger::intake::{ApplicationsImported, ImportApplications};
use ledger::{FileSource, Ledger, LedgerError, ReferenceImported, ReferenceTable, Source};

use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::progress::Progress;
use crate::words::grouped_count;

const AFTER_HELP: &str = "\
表は cooperatives（単協）funds（基金）organizations（団体）campaigns（団体寄付の募集）cycles（企画回）
offerings（注文番号）members（組合員）member-changes（異動）pledges（これまでのサポーター）applications（申込）。
初めてのときはこの順に取り込みます（データベースがなければ、作るのは cooperatives だけです）。ファイルは見出し行のある CSV（UTF-8 か Shift_JIS）。
誤りの行がひとつでもあれば何も取り込まず、すべての誤りを ファイル:行: 列: 理由 で示します。
同じファイルを2度取り込んでも何も変わりません。申込は --dry-run で先に試せます。
例: hitokuchi import applications 11月3回.csv --channel web --received-on 2025-11-14";

/// CSV のファイルを取り込む
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct Import {
    /// 取り込む表（下の一覧）
    #[arg(value_parser = table)]
    table: Table,
    /// CSV のファイル
    file: PathBuf,
    /// 受付経路の列がないとき: paper, web, depot, phone（なければ paper）
    #[arg(long, value_parser = crate::words::channel)]
    channel: Option<Channel>,
    /// 受付日の列がないとき: 2025-11-14 の形（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    received_on: Option<NaiveDate>,
    /// 試しに読むだけで、何も変えない（applications だけ）
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy)]
enum Table {
    Reference(ReferenceTable),
    Applications,
}

fn table(name: &str) -> Result<Table, String> {
    if name == "applications" {
        return Ok(Table::Applications);
    }
    name.parse()
        .map(Table::Reference)
        .map_err(|_: LedgerError| {
            let names = ReferenceTable::ALL.map(ReferenceTable::as_str).join("、");
            format!("取り込む表は {names}、applications のどれかです")
        })
}

impl Import {
    /// Takes the file in.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        if self.dry_run && !matches!(self.table, Table::Applications) {
            return Err(Failure::of_usage(
                "--dry-run は import applications だけで使えます。ほかの表は、誤りの行がひとつでもあれば何も取り込みません",
            ));
        }
        let source = FileSource::new(&self.file);
        let ledger = self.open(desk, &source)?;
        let told = match self.table {
            Table::Reference(table) => ledger
                .import_reference(&desk.call(), table, &source)
                .map(|imported| Told::new(&imported, reference_words(&imported))),
            Table::Applications => {
                let defaults = ImportApplications {
                    channel: self.channel,
                    received_on: self.received_on,
                };
                let progress = Progress::start();
                let show = |at| progress.show(at);
                let imported = if self.dry_run {
                    ledger
                        .preview_import(&desk.call(), &source, defaults, &show)
                        .map(|preview| preview.imported)
                } else {
                    ledger.import_applications(&desk.call(), &source, defaults, &show)
                };
                progress.end();
                imported.map(|imported| match self.dry_run {
                    true => Told::new(&trial(&imported), trial_words(&imported)),
                    false => Told::new(&imported, applications_words(&imported)),
                })
            }
        };
        told.map_err(|error| {
            let is_of_headings = matches!(&error, LedgerError::Invalid { problems, .. }
                if problems.len() > 1 && problems.iter().all(|one| one.line == Some(1)));
            let failure = Failure::of_file(error, &self.file);
            if is_of_headings {
                failure.with_hint("見出しがこの表と合いません。取り込む表とファイルを取り違えていないか確かめてください")
            } else {
                failure
            }
        })?
    }
}

impl Import {
    /// A ledger begins with its co-ops, once there is a file of them; anything else goes into one
    /// that is there.
    fn open(&self, desk: &Desk, source: &FileSource) -> Result<Ledger, Failure> {
        match self.table {
            Table::Reference(ReferenceTable::Cooperatives) => {
                source.open().map_err(|error| {
                    Failure::from(LedgerError::File {
                        place: source.name().to_owned(),
                        error,
                    })
                })?;
                desk.open_or_make()
            }
            _ => desk.open(),
        }
    }
}

fn reference_words(imported: &ReferenceImported) -> String {
    let mut words = format!(
        "{}: {}行を取り込みました（新規 {}、変更 {}、変わらず {}）",
        imported.file, imported.lines, imported.added, imported.changed, imported.unchanged
    );
    for note in &imported.notes {
        words.push_str("\n  ");
        words.push_str(note);
    }
    words
}

/// What an import would do: the answer of the import itself, and that it was only a trial.
#[derive(Serialize)]
struct Trial<'a> {
    #[serde(flatten)]
    imported: &'a ApplicationsImported,
    dry_run: bool,
}

fn trial(imported: &ApplicationsImported) -> Trial<'_> {
    Trial {
        imported,
        dry_run: true,
    }
}

fn applications_words(imported: &ApplicationsImported) -> String {
    let mut words = counts_words(imported, "要確認です");
    if imported.already_imported {
        words.push_str("\n前に取り込んだファイルです。何も変わっていません");
    }
    if let (Some(id), true) = (imported.import_id, imported.held > 0) {
        words.push_str(&format!("\nつぎは: hitokuchi review list --import {id}"));
    }
    words
}

fn trial_words(imported: &ApplicationsImported) -> String {
    let mut words = counts_words(imported, "要確認になります");
    words.push_str("\n試しに読んだだけで、何も変えていません");
    words.push_str(if imported.already_imported {
        "。前に取り込んだファイルで（上の数はそのときのもの）、もう一度取り込んでも何も変わりません"
    } else {
        "。取り込むときは --dry-run を付けずに実行してください"
    });
    words
}

/// Lines taken and held, and for what.
fn counts_words(imported: &ApplicationsImported, held: &str) -> String {
    let count = |number: u64| grouped_count(number);
    let mut words = format!(
        "{}: {}行のうち {}行を受け、{}行が{held}",
        imported.file,
        count(imported.lines),
        count(imported.accepted),
        count(imported.held)
    );
    for (reason, held) in &imported.held_by_reason {
        let label = reason
            .parse::<HoldReason>()
            .map_or_else(|_| reason.clone(), |reason| reason.label_ja().to_owned());
        words.push_str(&format!("\n  {label}（{reason}）{}行", count(*held)));
    }
    words
}

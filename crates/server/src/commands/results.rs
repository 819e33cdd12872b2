//! `hitokuchi results`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::{ChargeKey, CoopCode, HeldResultState, ResultHoldReason};
use ledger::settlement::{
    DismissResult, HeldResultDecided, HeldResultFilter, HeldResultView, ImportResults,
    ResultsImported, TakeResult,
};
use ledger::{FileSource, PAGE_MAX, PageRequest};
use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped, grouped_count};

/// 集金結果: 単協からの答えを取り込み、保留のものを決める
#[derive(Debug, Subcommand)]
#[command(
    after_help = "毎月の順: import で取り込む → list で保留を見る → take か dismiss で決める\n例: hitokuchi results import 結果.csv"
)]
pub enum Results {
    Import(Import),
    List(List),
    Take(Take),
    Dismiss(Dismiss),
}

/// 集金結果のファイルを取り込む
#[derive(Debug, Args)]
#[command(
    after_help = "列: 請求キー・結果コード・集金日・金額（金額はなくてもよい。あれば請求額と照合します）。\n請求キーの代わりに 単協コード・組合員番号・集金年月・注文番号 でも読めます。\n結果コード: 0 集金済み / 1 資金不足 / 2 取引なし / 3 預金者の都合 / 4 依頼書なし / 8 委託者の都合 / 9 その他\n何回に分けて届いても、同じファイルを2度取り込んでもかまいません。\n例: hitokuchi results import 結果.csv --coop 01\nつぎは: hitokuchi results list、hitokuchi batch status"
)]
pub struct Import {
    /// CSV のファイル
    file: PathBuf,
    /// 送ってきた単協（ほかの単協の請求キーがあれば保留にします）
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
}

/// 保留の結果を並べる
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi results list --reason contradicts\n決めるには: hitokuchi results take 番号 --reason 理由、hitokuchi results dismiss 番号 --reason 理由"
)]
pub struct List {
    /// この単協のものだけ
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
    /// 理由がこれのものだけ
    #[arg(long, value_name = "REASON", value_parser = words::result_hold_reason)]
    reason: Option<ResultHoldReason>,
    /// この結果ファイルのものだけ
    #[arg(long, value_name = "ID")]
    file: Option<i64>,
    /// この状態のもの: open, taken, dismissed（なければ open）
    #[arg(long, value_name = "STATE", value_parser = words::held_result_state)]
    state: Option<HeldResultState>,
}

/// 保留の結果を、請求明細の結果として採用する（前の結果があれば取り消して置き換えます）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi results take 3 --reason \"単協に電話で確認\"\n    hitokuchi results take 4 --charge-key 00120250801000000012 --reason \"2件目の寄付\""
)]
pub struct Take {
    /// 保留の番号
    id: i64,
    /// どの請求明細の結果か（行から決まらないとき）
    #[arg(long, value_name = "KEY", value_parser = words::charge_key)]
    charge_key: Option<ChargeKey>,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// 保留の結果を、採用せずに閉じる
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi results dismiss 3 --reason \"単協の送り間違い\"")]
pub struct Dismiss {
    /// 保留の番号
    id: i64,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// What `results list` prints as JSON.
#[derive(Serialize)]
struct Listed {
    results: Vec<HeldResultView>,
}

impl Results {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Import(import) => import.run(desk),
            Self::List(list) => list.run(desk),
            Self::Take(take) => {
                let request = TakeResult {
                    charge_key: take.charge_key,
                    reason: take.reason,
                };
                let decided = desk
                    .open()?
                    .take_held_result(&desk.call(), take.id, &request)?;
                Told::new(&decided, take_words(&decided))
            }
            Self::Dismiss(dismiss) => {
                let request = DismissResult {
                    reason: dismiss.reason,
                };
                let decided =
                    desk.open()?
                        .dismiss_held_result(&desk.call(), dismiss.id, &request)?;
                Told::new(&decided, format!("保留の結果 {} を閉じました", dismiss.id))
            }
        }
    }
}

impl Import {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let source = FileSource::new(&self.file);
        let request = ImportResults { coop: self.coop };
        let imported = desk
            .open()?
            .import_results(&desk.call(), &source, &request, &|_| ())
            .map_err(|error| Failure::of_file(error, &self.file))?;
        Told::new(&imported, import_words(&imported))
    }
}

impl List {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let filter = HeldResultFilter {
            coop: self.coop,
            result_file_id: self.file,
            reason: self.reason,
            state: self.state,
        };
        let mut results = Vec::new();
        let mut cursor = None;
        loop {
            let page = PageRequest {
                cursor,
                limit: Some(PAGE_MAX),
            };
            let page = ledger.list_held_results(&desk.call(), &filter, &page)?;
            results.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let words = list_words(&results);
        Told::new(&Listed { results }, words)
    }
}

fn import_words(imported: &ResultsImported) -> String {
    if imported.already_imported {
        return format!(
            "{}: 前に取り込んだファイルです（{}行）。何も変わっていません",
            imported.file,
            grouped_count(imported.lines)
        );
    }
    let mut words = format!(
        "{}: {}行のうち 集金 {}件 {}円、不能 {}件 {}円、保留 {}件、変わらず {}件",
        imported.file,
        grouped_count(imported.lines),
        grouped_count(imported.collected),
        grouped(imported.collected_amount.get()),
        grouped_count(imported.failed),
        grouped(imported.failed_amount.get()),
        grouped_count(imported.held),
        grouped_count(imported.unchanged),
    );
    if imported.carried > 0 {
        let carried = grouped_count(imported.carried);
        words.push_str(&format!(
            "\n  不能のうち {carried}件は、次に開いている月で請求し直します"
        ));
    }
    if imported.ended_pledges > 0 {
        let ended = grouped_count(imported.ended_pledges);
        words.push_str(&format!(
            "\n  不能が続いたサポーター登録 {ended}件が終わりました"
        ));
    }
    for (reason, held) in &imported.held_by_reason {
        let label = reason
            .parse::<ResultHoldReason>()
            .map_or_else(|_| reason.clone(), |reason| reason.label_ja().to_owned());
        words.push_str(&format!(
            "\n  {label}（{reason}）{}件",
            grouped_count(*held)
        ));
    }
    if imported.held > 0 {
        let id = imported.result_file_id;
        words.push_str(&format!("\nつぎは: hitokuchi results list --file {id}"));
    }
    words
}

fn list_words(results: &[HeldResultView]) -> String {
    if results.is_empty() {
        return "保留の結果はありません".to_owned();
    }
    let lines: Vec<String> = results.iter().map(held_words).collect();
    lines.join("\n")
}

fn held_words(held: &HeldResultView) -> String {
    let name = match (&held.charge_key, &held.member_number) {
        (Some(key), _) => format!("請求キー {key}"),
        (None, Some(number)) => format!(
            "{} 組合員 {number} {} {}",
            held.coop.as_deref().unwrap_or_default(),
            held.month
                .map(|month| month.to_string())
                .unwrap_or_default(),
            held.order_number.as_deref().unwrap_or("番号なし")
        ),
        (None, None) => String::new(),
    };
    let keys: Vec<String> = held
        .charges
        .iter()
        .map(|one| one.charge_key.to_string())
        .collect();
    let candidates = match keys.as_slice() {
        [_, _, ..] => format!("\n     候補: {}", keys.join("、")),
        _ => String::new(),
    };
    format!(
        "{} {}（{}） {name} 結果 {}{}（{} の{}行目）{candidates}",
        held.id,
        held.reason.label_ja(),
        held.reason,
        held.result_code.label_ja(),
        held.collected_on
            .map(|on| format!(" {on}"))
            .unwrap_or_default(),
        held.file,
        held.line,
    )
}

fn take_words(decided: &HeldResultDecided) -> String {
    let key = decided
        .taken_for
        .map(|key| key.to_string())
        .unwrap_or_default();
    let replaced = if decided.replaced {
        "（前の結果は取り消しました）"
    } else {
        ""
    };
    format!(
        "保留の結果 {} を、請求キー {key} の結果「{}」として採用しました{replaced}",
        decided.held.id,
        decided.held.result_code.label_ja()
    )
}

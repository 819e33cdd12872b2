//! `hitokuchi application`.

use clap::{Args, Subcommand};
use ledger::review::{ApplicationView, VoidApplication};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 申込をひとつ見る、取り消す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi application show 12（番号は hitokuchi search applications で探せます）"
)]
pub enum Application {
    Show(Show),
    Void(Void),
}

/// 申込の中身と、決めたことの記録を見る
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi application show 12")]
pub struct Show {
    /// 申込の番号
    id: i64,
}

/// 申込を取り消す（集金月を締めるまで）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi application void 12 --reason \"組合員から取り消しの連絡\"")]
pub struct Void {
    /// 申込の番号
    id: i64,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Application {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Show(show) => {
                let view = desk.open()?.get_application(&desk.call(), show.id)?;
                Told::new(&view, show_words(&view))
            }
            Self::Void(void) => {
                let ledger = desk.open()?;
                let request = VoidApplication {
                    reason: void.reason,
                };
                let voided = ledger.void_application(&desk.call(), void.id, &request)?;
                Told::new(&voided, format!("申込 {} を取り消しました", void.id))
            }
        }
    }
}

/// An application in a few lines.
pub fn show_words(view: &ApplicationView) -> String {
    let order_number = view.order_number.as_deref().unwrap_or("番号なし");
    let units = view
        .units
        .map_or_else(|| "口数不明".to_owned(), |units| format!("{units}口"));
    let month = view
        .collection_month
        .map_or_else(|| "不明".to_owned(), |month| month.to_string());
    let mut told = format!(
        "申込 {}: {}-{} 注文番号 {order_number} {units}\n受付 {}（{}） 集金月 {month}\n状態 {}\n出どころ {} {} の {}行目（{}、{}）",
        view.id,
        view.coop,
        view.member_number,
        view.received_on,
        words::channel_label(&view.channel),
        view.state.label_ja(),
        words::import_label(&view.import_kind),
        view.import_name.as_deref().unwrap_or(""),
        view.line,
        view.recorded_by,
        words::moment(view.recorded_at),
    );
    if let Some(reason) = view.reason {
        told.push_str(&format!("\n要確認の理由 {}", reason.label_ja()));
    }
    if let Some(note) = &view.note {
        told.push_str(&format!("\n備考 {note}"));
    }
    for decision in &view.decisions {
        told.push_str(&format!(
            "\n{} {} {}「{}」",
            words::moment(decision.decided_at),
            decision.actor,
            words::way_label(&decision.way),
            decision.reason
        ));
        if let Some(by) = &decision.undone_by {
            told.push_str(&format!("（{by} が取り消し）"));
        }
    }
    told
}

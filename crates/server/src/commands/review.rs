//! `hitokuchi review`.

use clap::{ArgGroup, Args, Subcommand};
use domain::{CollectionMonth, HoldReason, Way, Yen};
use ledger::review::{
    CorrectHold, Hold, HoldCorrection, HoldFilter, HoldResolved, HoldWeighed, HoldsResolved,
    Resolution, ResolveMany, UndoDecision,
};
use serde::Serialize;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 要確認の申込を見て、決める
#[derive(Debug, Subcommand)]
#[command(after_help = "つぎは: hitokuchi review list、hitokuchi review resolve --help")]
pub enum Review {
    List(List),
    Weigh(Weigh),
    Resolve(Resolve),
    Correct(Correct),
    Undo(Undo),
}

/// 要確認の申込を並べる
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi review list --month 2025-12 --reason already_supporter\n\
                        決めるには: hitokuchi review resolve 番号 --as 決め方 --reason 理由"
)]
pub struct List {
    /// この集金月のものだけ
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: Option<CollectionMonth>,
    /// この単協のものだけ
    #[arg(long, value_name = "CODE")]
    coop: Option<String>,
    /// 主な理由がこれのものだけ
    #[arg(long, value_parser = words::hold_reason)]
    reason: Option<HoldReason>,
    /// この取り込みのものだけ
    #[arg(long, value_name = "ID")]
    import: Option<i64>,
}

const RESOLVE_HELP: &str = "\
決め方（主な理由によって使えるものが決まります）
  add 口数を足す / replace 置き換える / mistake 間違いとして終える / spot 今回だけの寄付にする
  accept このまま受ける / next-month 翌月に回して見直す
例: hitokuchi review resolve 12 --as add --reason \"電話で確認\"
    hitokuchi review resolve 15 --as accept --cycle 2025年11月3回 --reason \"前の号の番号\"
    hitokuchi review resolve --import 3 --only duplicate_application --as mistake --reason \"二重入力\"";

/// 要確認の申込をどうするか決める（ひとつ、またはまとめて）
#[derive(Debug, Args)]
#[command(
    after_help = RESOLVE_HELP,
    group = ArgGroup::new("which").required(true).args(["id", "import"])
)]
pub struct Resolve {
    /// 申込の番号
    id: Option<i64>,
    /// まとめて: この取り込みのもの
    #[arg(long, value_name = "ID", requires = "only")]
    import: Option<i64>,
    /// まとめて: 主な理由がこれのもの
    #[arg(long, value_name = "REASON", requires = "import", value_parser = words::hold_reason)]
    only: Option<HoldReason>,
    /// 決め方
    #[arg(long = "as", value_name = "WAY", value_parser = words::way)]
    way: Way,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// 注文番号の企画回（例: 2025年11月3回）
    #[arg(long, value_name = "LABEL", conflicts_with = "import")]
    cycle: Option<String>,
    /// 正しい注文番号
    #[arg(long, value_name = "N", conflicts_with = "import")]
    order_number: Option<String>,
    /// 正しい口数
    #[arg(long, value_name = "N", conflicts_with = "import")]
    units: Option<i64>,
    /// 正しい金額（円）
    #[arg(long, value_name = "YEN", conflicts_with = "import")]
    amount: Option<i64>,
    /// 正しい組合員番号
    #[arg(long, value_name = "NUMBER", conflicts_with = "import")]
    member: Option<String>,
}

/// 決める前に、それぞれの決め方で請求がいくらになるかを見る（何も変わりません）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi review weigh 12")]
pub struct Weigh {
    /// 申込の番号
    id: i64,
}

/// 要確認の申込を訂正して見直す（問題がなくなれば受け付けます。訂正がなければ見直すだけ）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi review correct 12 --order-number 108413 --reason \"読み違い\""
)]
pub struct Correct {
    /// 申込の番号
    id: i64,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// 正しい注文番号
    #[arg(long, value_name = "N")]
    order_number: Option<String>,
    /// 正しい口数
    #[arg(long, value_name = "N")]
    units: Option<i64>,
    /// 正しい金額（円）
    #[arg(long, value_name = "YEN")]
    amount: Option<i64>,
    /// 正しい組合員番号
    #[arg(long, value_name = "NUMBER")]
    member: Option<String>,
}

/// 決めたことを取り消して、要確認に戻す（集金月を締めるまで）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi review undo 12 --reason \"聞き違い\"")]
pub struct Undo {
    /// 申込の番号
    id: i64,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Serialize)]
struct Holds {
    holds: Vec<Hold>,
}

impl Review {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::List(list) => list.run(desk),
            Self::Weigh(weigh) => {
                let weighed =
                    desk.open()?
                        .weigh_hold(&desk.call(), weigh.id, &HoldCorrection::default())?;
                Told::new(&weighed, weighed_words(&weighed))
            }
            Self::Resolve(resolve) => resolve.run(desk),
            Self::Correct(correct) => correct.run(desk),
            Self::Undo(undo) => {
                let ledger = desk.open()?;
                let request = UndoDecision {
                    reason: undo.reason,
                };
                let undone = ledger.undo_decision(&desk.call(), undo.id, &request)?;
                let words = format!(
                    "申込 {} の決定を取り消しました。いまの状態: {}",
                    undo.id,
                    undone.state.label_ja()
                );
                Told::new(&undone, words)
            }
        }
    }
}

impl List {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let filter = HoldFilter {
            month: self.month,
            coop: self.coop,
            reason: self.reason,
            import_id: self.import,
        };
        let mut holds = Vec::new();
        desk.open()?.all_holds(&desk.call(), &filter, |hold| {
            holds.push(hold);
            Ok(())
        })?;
        let words = list_words(&holds);
        Told::new(&Holds { holds }, words)
    }
}

impl Resolve {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        if let (Some(import_id), Some(only)) = (self.import, self.only) {
            let request = ResolveMany {
                import_id,
                only,
                way: self.way,
                reason: self.reason,
            };
            let resolved = ledger.resolve_holds(&desk.call(), &request)?;
            return Told::new(&resolved, many_words(&resolved));
        }
        let request = Resolution {
            way: self.way,
            reason: self.reason,
            cycle: self.cycle,
            order_number: self.order_number,
            units: self.units,
            amount: self.amount,
            member_number: self.member,
        };
        let id = self.id.unwrap_or_default();
        let resolved = ledger.resolve_hold(&desk.call(), id, &request)?;
        Told::new(&resolved, one_words(&resolved))
    }
}

impl Correct {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let request = CorrectHold {
            reason: self.reason,
            order_number: self.order_number,
            units: self.units,
            amount: self.amount,
            member_number: self.member,
        };
        let corrected = desk.open()?.correct_hold(&desk.call(), self.id, &request)?;
        Told::new(&corrected, one_words(&corrected))
    }
}

fn weighed_words(weighed: &HoldWeighed) -> String {
    let mut words = format!("申込 {}", weighed.id);
    for reason in weighed.fresh_reasons.iter() {
        words += &format!("\n  {reason} {}", reason.label_ja());
    }
    for one in &weighed.ways {
        let (way, label) = (one.way, one.way.label_ja());
        let way = match &one.cycle {
            Some(cycle) => format!("{way} --cycle {cycle}"),
            None => way.to_string(),
        };
        words += &match (&one.refused, one.month) {
            (Some(refused), _) => format!("\n{way} {label}: 選べません。{refused}"),
            (None, None) => format!("\n{way} {label}: 請求は変わりません"),
            (None, Some(month)) => format!(
                "\n{way} {label}: {}の請求が {}円 から {}円 に",
                month.label_ja(),
                Yen::new(one.amount_now).grouped(),
                Yen::new(one.amount_then).grouped()
            ),
        };
    }
    words
}

fn list_words(holds: &[Hold]) -> String {
    if holds.is_empty() {
        return "要確認の申込はありません".to_owned();
    }
    let mut words = format!(
        "要確認 {}件（番号 単協-組合員 注文番号 口数 集金月 理由 → 決め方）",
        holds.len()
    );
    for hold in holds {
        let ways: Vec<&str> = hold.ways.iter().map(|way| way.as_str()).collect();
        words.push_str(&format!(
            "\n{:>6} {}-{} {} {} {} {} → {}",
            hold.id,
            hold.coop,
            hold.member_number,
            hold.order_number.as_deref().unwrap_or("番号なし"),
            hold.units
                .map_or_else(|| "口数不明".to_owned(), |units| format!("{units}口")),
            hold.collection_month
                .map_or_else(|| "集金月不明".to_owned(), |month| month.to_string()),
            hold.reason.label_ja(),
            ways.join(" / "),
        ));
        if let Some(note) = &hold.note {
            words.push_str(&format!("「{note}」"));
        }
    }
    words
}

fn one_words(resolved: &HoldResolved) -> String {
    let id = resolved.id;
    // A pledge goes on from its month, a gift is collected in it.
    let month = match (resolved.from_month, resolved.donation_id) {
        (Some(month), Some(_)) => format!("（{month} に一度だけ）"),
        (Some(month), None) => format!("（{month} から）"),
        (None, _) => String::new(),
    };
    let moved_on = match resolved.collection_month {
        Some(month) if resolved.way == Way::NextMonth.as_str() => {
            format!("を集金月 {month} に回しました。")
        }
        _ => "は".to_owned(),
    };
    match resolved.state {
        domain::ApplicationState::Posted => format!("申込 {id} を受けました{month}"),
        domain::ApplicationState::Held => {
            let reasons: Vec<_> = resolved.reasons.iter().map(HoldReason::label_ja).collect();
            format!(
                "申込 {id} {moved_on}見直しの結果、まだ要確認です: {}",
                reasons.join("、")
            )
        }
        domain::ApplicationState::Mistake => format!("申込 {id} を間違いとして終えました"),
        domain::ApplicationState::Voided => format!("申込 {id} は取り消し済みです"),
    }
}

fn many_words(resolved: &HoldsResolved) -> String {
    let mut words = format!("{}件を決めました", resolved.resolved);
    for skipped in &resolved.skipped {
        words.push_str(&format!(
            "\n  {} はそのまま: {}",
            skipped.id, skipped.message
        ));
    }
    words
}

//! `hitokuchi pledge`.

use clap::{Args, Subcommand};
use domain::CollectionMonth;
use ledger::pledges::{
    ChangePledge, EndPledge, PausePledge, PledgeHistory, PledgeName, PledgeView,
};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// サポーター登録を変える、休む、終える、見る
#[derive(Debug, Subcommand)]
#[command(after_help = "例: hitokuchi pledge show --coop 01 --member 0010106 --fund inclufund")]
pub enum Pledge {
    Change(Change),
    Pause(Pause),
    End(End),
    Show(Show),
}

/// Whose pledge, for what.
#[derive(Debug, Args)]
struct Name {
    /// 単協コード
    #[arg(long, value_name = "CODE")]
    coop: String,
    /// 組合員番号
    #[arg(long, value_name = "NUMBER")]
    member: String,
    /// 基金コード
    #[arg(long, value_name = "CODE")]
    fund: String,
}

/// From when, and why.
#[derive(Debug, Args)]
struct FromMonth {
    /// この月から
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    from: CollectionMonth,
    /// 理由（記録に残ります）
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// 毎月の口数を変える
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi pledge change --coop 01 --member 0010106 --fund inclufund \\\n    --from 2026-01 --units 3 --reason \"本人から電話\""
)]
pub struct Change {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    from: FromMonth,
    /// 新しい口数
    #[arg(long, value_name = "N")]
    units: i64,
}

/// しばらく休む
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi pledge pause --coop 01 --member 0010106 --fund inclufund \\\n    --from 2026-01 --until 2026-04 --reason \"入院\"（4月から再開）"
)]
pub struct Pause {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    from: FromMonth,
    /// 再開する月
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    until: CollectionMonth,
}

/// 終える
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi pledge end --coop 01 --member 0010106 --fund inclufund \\\n    --from 2026-01 --reason \"本人から終了の連絡\"（1月からは集金しない）"
)]
pub struct End {
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    from: FromMonth,
}

/// いまの予定と、これまでの変更を見る
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi pledge show --coop 01 --member 0010106 --fund inclufund")]
pub struct Show {
    #[command(flatten)]
    name: Name,
}

impl Pledge {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let call = desk.call();
        let view = match self {
            Self::Change(change) => {
                let Change { name, from, units } = change;
                let request = ChangePledge {
                    coop: name.coop,
                    member_number: name.member,
                    fund: name.fund,
                    from: from.from,
                    units,
                    reason: from.reason,
                };
                desk.open()?.change_pledge(&call, &request)?
            }
            Self::Pause(pause) => {
                let Pause { name, from, until } = pause;
                let request = PausePledge {
                    coop: name.coop,
                    member_number: name.member,
                    fund: name.fund,
                    from: from.from,
                    until,
                    reason: from.reason,
                };
                desk.open()?.pause_pledge(&call, &request)?
            }
            Self::End(end) => {
                let End { name, from } = end;
                let request = EndPledge {
                    coop: name.coop,
                    member_number: name.member,
                    fund: name.fund,
                    from: from.from,
                    reason: from.reason,
                };
                desk.open()?.end_pledge(&call, &request)?
            }
            Self::Show(Show { name }) => {
                let name = PledgeName::new(&name.coop, &name.member, &name.fund);
                let history = desk.open()?.get_pledge(&desk.call(), &name)?;
                return Told::new(&history, history_words(&history));
            }
        };
        Told::new(&view, plan_words(&view))
    }
}

fn plan_words(view: &PledgeView) -> String {
    let mut words = format!(
        "サポーター登録 {}（{}-{} {}）",
        view.pledge_id, view.name.coop, view.name.member_number, view.name.fund
    );
    for term in &view.plan {
        words.push_str(&format!(
            "\n  {} から {}口（{}円）",
            term.from_month,
            term.units,
            grouped(term.amount)
        ));
    }
    words
}

fn history_words(history: &PledgeHistory) -> String {
    let mut words = plan_words(&history.pledge);
    words.push_str("\nこれまでの変更");
    for revision in &history.revisions {
        words.push_str(&format!(
            "\n  {}: {} {} {} {}",
            revision.revision,
            revision.recorded_at.map(words::moment).unwrap_or_default(),
            revision.cause_ja(),
            revision.actor.as_deref().unwrap_or(""),
            revision.reason.as_deref().unwrap_or(""),
        ));
    }
    words
}

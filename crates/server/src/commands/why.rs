//! `hitokuchi why`.

use clap::Args;
use domain::{CollectionMonth, CoopCode, MemberNumber};
use ledger::trace::AmountExplained;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// 「なぜこの金額？」に、申込から請求までのすべてで答える
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi why --coop 01 --member 0010106 --month 2025-08")]
pub struct Why {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: CoopCode,
    /// 組合員番号
    #[arg(long, value_name = "NUMBER", value_parser = words::member_number)]
    member: MemberNumber,
    /// 集金月
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: CollectionMonth,
}

impl Why {
    /// Explains it.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let explained =
            ledger.explain_amount(&desk.call(), &self.coop, &self.member, self.month)?;
        Told::new(&explained, in_words(&explained))
    }
}

fn in_words(explained: &AmountExplained) -> String {
    let mut words = format!(
        "{}-{} {}: 請求 {}円",
        explained.coop,
        explained.member_number,
        explained.month,
        grouped(explained.amount.get())
    );
    if let Some(left_on) = explained.left_on {
        words.push_str(&format!("（{left_on} 脱退）"));
    }
    for charge in &explained.charges {
        words.push_str(&format!("\n  {}", charge.summary));
    }
    if !explained.planned.is_empty() {
        words.push_str(&format!(
            "\nつぎに締めると {}円",
            grouped(explained.planned_amount.get())
        ));
        for planned in &explained.planned {
            words.push_str(&format!("\n  {}", planned.summary));
        }
    }
    for hold in &explained.holds {
        words.push_str(&format!(
            "\n要確認 {}: {} {}",
            hold.id,
            hold.order_number.as_deref().unwrap_or("番号なし"),
            hold.reason.label_ja()
        ));
    }
    for application in &explained.applications {
        words.push('\n');
        words.push_str(&super::application::show_words(application));
    }
    words
}

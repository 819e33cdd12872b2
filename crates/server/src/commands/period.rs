//! `hitokuchi period`.

use clap::{Args, Subcommand};
use domain::CollectionMonth;
use ledger::accounting::{CloseFiscalYear, ClosePeriod, PeriodClosed};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words;

/// 会計期間: 締める、見る（請求の月を締めるのは batch close）
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi period close --month 2025-08\n    hitokuchi period close --year 2025"
)]
pub enum Period {
    Close(Close),
    /// 締めた会計期間の一覧（新しい順）
    #[command(after_help = "例: hitokuchi period list")]
    List,
}

/// 月か年度を締める（締めた期間には、もう記帳できない）
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi period close --month 2025-08\n    hitokuchi period close --year 2025（2025年4月〜2026年3月。収益と費用を正味財産へ振り替えます）"
)]
pub struct Close {
    /// 締める月
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month, conflicts_with = "year")]
    month: Option<CollectionMonth>,
    /// 締める年度（始まる年）
    #[arg(long, value_name = "YYYY", required_unless_present = "month")]
    year: Option<i32>,
    /// メモ
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

impl Period {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Close(close) => close.run(desk),
            Self::List => {
                let periods = desk.open()?.list_periods(&desk.call())?;
                let words: String = periods
                    .iter()
                    .map(|period| {
                        let note = period.note.as_deref().unwrap_or_default();
                        format!("{}  {}  {note}\n", period.month, period.closed_by)
                    })
                    .collect();
                Told::new(&serde_json::json!({ "periods": periods }), words)
            }
        }
    }
}

impl Close {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let note = self.note;
        let closed = match (self.month, self.year) {
            (Some(month), _) => ledger.close_period(&desk.call(), &ClosePeriod { month, note })?,
            (None, year) => {
                let request = CloseFiscalYear {
                    fiscal_year: year.unwrap_or_default(),
                    note,
                };
                ledger.close_fiscal_year(&desk.call(), &request)?
            }
        };
        Told::new(&closed, closed_words(&closed))
    }
}

fn closed_words(closed: &PeriodClosed) -> String {
    let months: Vec<String> = closed.months.iter().map(ToString::to_string).collect();
    let mut words = format!("会計期間 {} を締めました", months.join("、"));
    if let (Some(year), Some(surplus)) = (closed.fiscal_year, closed.surplus) {
        words.push_str(&format!(
            "\n{year}年度の収支差額 {}円を前期繰越正味財産へ振り替えました",
            surplus.grouped()
        ));
    }
    words
}

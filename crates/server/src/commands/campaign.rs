//! `hitokuchi campaign`.

use clap::{Args, Subcommand};
use ledger::accounting::{CampaignProgress, progress_csv};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::grouped;

/// 団体寄付の募集: どこまで集まったかを見る
#[derive(Debug, Subcommand)]
#[command(after_help = "例: hitokuchi campaign progress")]
pub enum Campaign {
    Progress(Progress),
}

/// 申込・請求・集金・送金の進みを、件数・口数・金額・目標に対する割合で見る
#[derive(Debug, Args)]
#[command(
    after_help = "例: hitokuchi campaign progress kosumosu-2025\n    hitokuchi campaign progress --csv > 募集.csv"
)]
pub struct Progress {
    /// 募集コード（なければ全部）
    #[arg(value_name = "CODE")]
    campaign: Option<String>,
    /// CSV（UTF-8、BOM 付き）で標準出力に出す
    #[arg(long)]
    csv: bool,
}

impl Campaign {
    /// Carries it out.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let Self::Progress(asked) = self;
        let ledger = desk.open()?;
        let found = ledger.campaign_progress(&desk.call(), asked.campaign.as_deref())?;
        let words = if asked.csv {
            ledger.record_download(&desk.call(), "campaign-progress")?;
            progress_csv(&found)
        } else {
            found.iter().map(words).collect()
        };
        Told::new(&serde_json::json!({ "campaigns": found }), words)
    }
}

fn words(progress: &CampaignProgress) -> String {
    let mut words = format!(
        "{} {}（{}）  目標 {}円\n",
        progress.campaign,
        progress.title,
        progress.organization_name,
        progress.target.grouped()
    );
    for (name, stage) in [
        ("申込", &progress.applied),
        ("請求", &progress.billed),
        ("集金", &progress.collected),
    ] {
        words.push_str(&format!(
            "  {name} {}件 {}口 {}円 {}%\n",
            grouped(stage.gifts),
            grouped(stage.units),
            stage.amount.grouped(),
            stage.percent
        ));
    }
    words.push_str(&format!(
        "  送金 {}円 {}%（これから送る {}円、返してもらう {}円）\n",
        progress.paid_out.amount.grouped(),
        progress.paid_out.percent,
        progress.payable.grouped(),
        progress.owed_back.grouped()
    ));
    words
}

//! `hitokuchi order-number`.

use chrono::NaiveDate;
use clap::Args;
use domain::Channel;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;

/// 注文番号の意味を調べる（番号は企画回の中だけで意味を持ちます）
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi order-number 108413 --on 2025-11-12")]
pub struct LookUp {
    /// 6桁の注文番号
    number: String,
    /// 受付日（なければ今日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    on: Option<NaiveDate>,
    /// 受付経路: paper, web, depot, phone
    #[arg(long, default_value = "paper", value_parser = crate::words::channel)]
    channel: Channel,
}

impl LookUp {
    /// Looks it up. A miss is an answer, too.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let ledger = desk.open()?;
        let answer =
            ledger.look_up_order_number(&desk.call(), &self.number, self.on, self.channel)?;
        Told::new(&answer, answer.message.clone())
    }
}

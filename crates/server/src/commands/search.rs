//! `hitokuchi search`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use domain::{ApplicationState, CollectionMonth, CoopCode, OrderNumber, Yen};
use ledger::trace::{ApplicationFilter, ChargeFilter};
use ledger::{Cursor, PageRequest};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::output::Told;
use crate::words::{self, grouped};

/// 申込や請求明細を、覚えていることから探す
#[derive(Debug, Subcommand)]
#[command(
    after_help = "例: hitokuchi search applications --member 0010106\n    hitokuchi search charges --coop 01 --month 2025-08"
)]
pub enum Search {
    Applications(Applications),
    Charges(Charges),
}

/// What both can be searched by.
#[derive(Debug, Args)]
struct Known {
    /// 単協コード
    #[arg(long, value_name = "CODE", value_parser = words::coop)]
    coop: Option<CoopCode>,
    /// 組合員番号
    #[arg(long, value_name = "NUMBER")]
    member: Option<String>,
    /// 注文番号
    #[arg(long, value_name = "N", value_parser = words::order_number)]
    order_number: Option<OrderNumber>,
    /// 集金月
    #[arg(long, value_name = "YYYY-MM", value_parser = words::month)]
    month: Option<CollectionMonth>,
    /// 請求データの番号
    #[arg(long, value_name = "ID")]
    batch: Option<i64>,
    /// この金額（円）以上
    #[arg(long, value_name = "YEN")]
    amount_min: Option<i64>,
    /// この金額（円）以下
    #[arg(long, value_name = "YEN")]
    amount_max: Option<i64>,
    /// この日から（申込は受付日、請求明細は締めた日）
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    since: Option<NaiveDate>,
    /// この日まで
    #[arg(long, value_name = "DATE", value_parser = domain::parse_date)]
    until: Option<NaiveDate>,
    /// 一度に出す件数（1〜500、なければ 100）
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// つづき: 前の結果の next_cursor
    #[arg(long, value_name = "CURSOR")]
    cursor: Option<String>,
}

/// 申込を探す
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi search applications --member 0010106 --since 2025-11-01")]
pub struct Applications {
    #[command(flatten)]
    known: Known,
    /// 状態: posted, held, mistake, voided
    #[arg(long, value_parser = words::state)]
    state: Option<ApplicationState>,
    /// この取り込みのもの
    #[arg(long, value_name = "ID")]
    import: Option<i64>,
}

/// 請求明細を探す
#[derive(Debug, Args)]
#[command(after_help = "例: hitokuchi search charges --coop 01 --month 2025-08 --amount-min 900")]
pub struct Charges {
    #[command(flatten)]
    known: Known,
}

impl Search {
    /// Searches.
    pub fn run(self, desk: &Desk) -> Result<Told, Failure> {
        match self {
            Self::Applications(applications) => applications.run(desk),
            Self::Charges(charges) => charges.run(desk),
        }
    }
}

impl Known {
    fn page(&self) -> PageRequest {
        PageRequest {
            cursor: self.cursor.clone().map(Cursor::from),
            limit: self.limit,
        }
    }
}

impl Applications {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let page = self.known.page();
        let filter = ApplicationFilter {
            coop: self.known.coop,
            member_number: self.known.member,
            order_number: self.known.order_number,
            month: self.known.month,
            batch_id: self.known.batch,
            amount_min: self.known.amount_min.map(Yen::new),
            amount_max: self.known.amount_max.map(Yen::new),
            received_from: self.known.since,
            received_to: self.known.until,
            state: self.state,
            import_id: self.import,
        };
        let found = desk
            .open()?
            .search_applications(&desk.call(), &filter, &page)?;
        let mut words = String::new();
        for one in &found.items {
            words.push_str(&format!(
                "{:>6} {}-{} {} {} {}受付 {}\n",
                one.id,
                one.coop,
                one.member_number,
                one.order_number.as_deref().unwrap_or("番号なし"),
                one.amount.map_or_else(
                    || "金額不明".to_owned(),
                    |yen| format!("{}円", yen.grouped())
                ),
                one.received_on,
                one.state.label_ja(),
            ));
        }
        Told::new(&found, ended(words, found.next_cursor.as_ref()))
    }
}

impl Charges {
    fn run(self, desk: &Desk) -> Result<Told, Failure> {
        let page = self.known.page();
        let filter = ChargeFilter {
            coop: self.known.coop,
            member_number: self.known.member,
            order_number: self.known.order_number,
            month: self.known.month,
            batch_id: self.known.batch,
            amount_min: self.known.amount_min.map(Yen::new),
            amount_max: self.known.amount_max.map(Yen::new),
            result_code: None,
            closed_from: self.known.since,
            closed_to: self.known.until,
        };
        let found = desk.open()?.search_charges(&desk.call(), &filter, &page)?;
        let mut words = String::new();
        for one in &found.items {
            words.push_str(&format!(
                "{} {}-{} {} {} {}円{}\n",
                one.charge_key,
                one.coop,
                one.member_number,
                one.month,
                one.order_number,
                grouped(one.amount.get()),
                if one.is_voided { "（取消）" } else { "" },
            ));
        }
        Told::new(&found, ended(words, found.next_cursor.as_ref()))
    }
}

fn ended(words: String, next: Option<&Cursor>) -> String {
    match next {
        _ if words.is_empty() => "見つかりません".to_owned(),
        Some(cursor) => format!("{words}つづきがあります: --cursor {cursor}"),
        None => words,
    }
}

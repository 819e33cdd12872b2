//! The pictures of a campaign.

use chrono::NaiveDate;
use ledger::accounting::{CampaignDay, CampaignToldApart};
use ledger::domain::Yen;
use rust_decimal::Decimal;

use crate::chart::daily::{DailyChart, Frame, Series};
use crate::chart::stages::{Stage, StagesChart};
use crate::page::Page;
use crate::words;

/// Units of width of the pictures.
const WIDTH: i64 = 640;
/// Units of height of the days.
const DAYS_HEIGHT: i64 = 260;

/// The stages of a campaign against its target. `stages` are its four, in their order: yen, and per cent
/// of the target.
pub(crate) fn stages_chart(
    page: &Page,
    id: &'static str,
    target: Yen,
    stages: [(Yen, Decimal); 4],
) -> StagesChart {
    // messages: campaigns-stage-*
    let named = ["applied", "billed", "collected", "paid"]
        .into_iter()
        .zip(stages);
    let stages = named.map(|(style, (amount, percent))| Stage {
        name: page.t(&format!("campaigns-stage-{style}")),
        shown: format!("{} ({percent}%)", words::yen(amount)),
        amount: amount.get(),
        style,
    });
    let named = page.t1("campaigns-target-line", "target", words::yen(target));
    StagesChart::new(
        id,
        page.t("campaigns-stages-picture"),
        stages.collect(),
        (target.get(), named),
        WIDTH,
    )
}

/// What came together day by day, up to today and not further.
pub(super) fn daily_chart(page: &Page, told: &CampaignToldApart, today: NaiveDate) -> DailyChart {
    let first = told.days.first().map(|day| day.day);
    let last = told.days.last().map(|day| day.day);
    let from = first.map_or(told.opens_on, |first| first.min(told.opens_on));
    let to = today.min(told.closes_on).max(from);
    let frame = Frame {
        from,
        to: last.map_or(to, |last| last.max(to)),
        reaches: 0,
        width: WIDTH,
        height: DAYS_HEIGHT,
    };
    let series = |style: &'static str, amount: fn(&CampaignDay) -> Yen| Series {
        name: page.t(&format!("campaigns-stage-{style}")),
        style,
        added: told
            .days
            .iter()
            .map(|day| (day.day, amount(day).get()))
            .filter(|(_, yen)| *yen != 0)
            .collect(),
    };
    let all = [
        series("applied", |day| day.applied.amount),
        series("billed", |day| day.billed.amount),
        series("collected", |day| day.collected.amount),
        series("paid", |day| day.paid_out),
    ];
    // What has not begun yet is no line.
    let begun: Vec<Series> = all
        .into_iter()
        .filter(|one| !one.added.is_empty())
        .collect();
    DailyChart::new(
        "days",
        page.t("campaigns-days-picture"),
        frame,
        &begun,
        |yen| words::yen(Yen::new(yen)),
        |day| day.format("%-m/%-d").to_string(),
    )
}

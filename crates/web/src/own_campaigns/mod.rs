//! わたしたちの募集: what an organisation is shown of its own campaigns, totals only, in steps (R16).

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use front::Problem;
use ledger::Operation;
use ledger::accounting::OwnCampaign;

use crate::campaigns::stages_chart;
use crate::chart::stages::StagesChart;
use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/own-campaigns",
        sample: "/own-campaigns",
        operation: Operation::ListOwnCampaigns,
        menu: Some((Group::Money, "own-campaigns-menu")),
        picture: Some("own-campaigns"),
    },
    Screen {
        path: "/own-campaigns/{code}",
        sample: "/own-campaigns/kosumosu-2025",
        operation: Operation::ListOwnCampaigns,
        menu: None,
        picture: Some("own-campaign"),
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index).service(sheet);
}

#[derive(Template)]
#[template(path = "own_campaigns/index.html")]
struct Index<'a> {
    page: &'a Page,
    campaigns: Vec<OwnCampaign>,
}

#[derive(Template)]
#[template(path = "own_campaigns/sheet.html")]
struct Sheet<'a> {
    page: &'a Page,
    campaign: OwnCampaign,
    stages: StagesChart,
    today: NaiveDate,
}

#[get("/own-campaigns")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let campaigns = page
        .run(move |ledger| ledger.list_own_campaigns(&call))
        .await?;
    page.show(&Index {
        page: &page,
        campaigns,
    })
}

/// A sheet of one campaign, to be printed. Another organisation's is not there.
#[get("/own-campaigns/{code}")]
async fn sheet(page: Page, code: Path<String>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (campaigns, today) = page
        .run(move |ledger| Ok((ledger.list_own_campaigns(&call)?, ledger.today())))
        .await?;
    let found = campaigns.into_iter().find(|one| one.campaign == *code);
    let campaign = found.ok_or_else(not_there)?;
    let stages = stages_chart(
        &page,
        "stages",
        campaign.target,
        [
            (campaign.applied.amount, campaign.applied.percent),
            (campaign.billed.amount, campaign.billed.percent),
            (campaign.collected.amount, campaign.collected.percent),
            (campaign.paid_out.amount, campaign.paid_out.percent),
        ],
    );
    page.show(&Sheet {
        page: &page,
        campaign,
        stages,
        today,
    })
}

fn not_there() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "campaign_not_found",
        "この募集はありません。「わたしたちの募集」から選んでください",
    )
}

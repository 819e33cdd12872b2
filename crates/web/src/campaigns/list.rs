//! All campaigns, with how far they are.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::accounting::CampaignProgress;
use ledger::reference::CampaignView;
use ledger::{Cursor, Operation, PageRequest};
use serde::Deserialize;

use crate::page::{Page, csv_file};

/// Campaigns on a page.
const ROWS: u32 = 100;

#[derive(Deserialize)]
struct Asked {
    cursor: Option<String>,
}

struct Line {
    campaign: CampaignView,
    /// None for who sees what campaigns say, and no money.
    progress: Option<CampaignProgress>,
}

#[derive(Template)]
#[template(path = "campaigns/index.html")]
struct Index<'a> {
    page: &'a Page,
    lines: Vec<Line>,
    next: Option<String>,
    is_first: bool,
    rows: u32,
}

impl Index<'_> {
    fn shows_progress(&self) -> bool {
        self.page.may(Operation::ListCampaignProgress)
    }

    fn may_add(&self) -> bool {
        self.page.may(Operation::AddCampaign)
    }
}

#[get("/campaigns")]
pub(super) async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let sees_money = page.may(Operation::ListCampaignProgress);
    let cursor = asked.into_inner().cursor;
    let is_first = cursor.is_none();
    let request = PageRequest {
        cursor: cursor.map(Cursor::from),
        limit: Some(ROWS),
    };
    let (campaigns, progress) = page
        .run(move |ledger| {
            let campaigns = ledger.list_campaigns(&call, &request)?;
            let progress = match sees_money {
                true => ledger.campaign_progress(&call, None)?,
                false => Vec::new(),
            };
            Ok((campaigns, progress))
        })
        .await?;
    let lines = campaigns.items.into_iter().map(|campaign| Line {
        progress: progress
            .iter()
            .find(|one| one.campaign == campaign.campaign.as_str())
            .cloned(),
        campaign,
    });
    page.show(&Index {
        page: &page,
        lines: lines.collect(),
        next: campaigns
            .next_cursor
            .map(|cursor| format!("/campaigns?cursor={cursor}")),
        is_first,
        rows: ROWS,
    })
}

/// How far every campaign is.
#[get("/campaigns.csv")]
pub(super) async fn download(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let file = page
        .run(move |ledger| ledger.download_campaign_progress(&call))
        .await?;
    Ok(csv_file("campaign-progress", file))
}

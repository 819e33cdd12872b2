//! A campaign: how far it is, told apart, what was passed on, its public page.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::accounting::{CampaignDay, CampaignToldApart, GiftSum, PayoutView};
use ledger::domain::Channel;
use ledger::reference::CampaignSettings;
use ledger::{Operation, PageRequest};

use super::drawn::{daily_chart, stages_chart};
use super::public_page::embed_code;
use crate::chart::daily::DailyChart;
use crate::chart::stages::StagesChart;
use crate::page::Page;

/// Payouts shown.
const PAYOUTS: u32 = 100;

#[derive(Template)]
#[template(path = "campaigns/detail.html")]
struct Detail<'a> {
    page: &'a Page,
    settings: CampaignSettings,
    told: Option<Told>,
    payouts: Vec<PayoutView>,
    /// Where the public page is.
    address: String,
    embed: String,
}

/// What somebody sees who sees money.
struct Told {
    apart: CampaignToldApart,
    stages: StagesChart,
    days: DailyChart,
}

/// A row of a table that tells apart.
struct Share<'a> {
    name: String,
    applied: &'a GiftSum,
    billed: &'a GiftSum,
    collected: &'a GiftSum,
}

impl Detail<'_> {
    fn may(&self, operation: Operation) -> bool {
        self.page.may(operation)
    }

    fn may_correct(&self) -> bool {
        self.may(Operation::CorrectCampaign)
    }

    fn may_pay(&self) -> bool {
        self.may(Operation::RecordPayout)
    }

    fn may_see_payouts(&self) -> bool {
        self.may(Operation::ListPayouts)
    }

    fn may_switch(&self) -> bool {
        self.may(Operation::SwitchPublicPage)
    }

    fn may_preview(&self) -> bool {
        self.may(Operation::PreviewPublicPage)
    }

    // messages: campaigns-accounting-*
    fn accounting(&self) -> String {
        let accounting = self.settings.campaign.accounting;
        self.page.t(&format!("campaigns-accounting-{accounting}"))
    }
}

impl Told {
    // messages: campaigns-channel-*
    fn channels<'a>(&'a self, page: &Page) -> Vec<Share<'a>> {
        let shares = self.apart.channels.iter().map(|share| Share {
            name: channel(page, share.of),
            applied: &share.applied,
            billed: &share.billed,
            collected: &share.collected,
        });
        shares.collect()
    }

    fn cooperatives(&self) -> Vec<Share<'_>> {
        let shares = self.apart.cooperatives.iter().map(|share| Share {
            name: format!("{} {}", share.of.0, share.of.1),
            applied: &share.applied,
            billed: &share.billed,
            collected: &share.collected,
        });
        shares.collect()
    }

    fn newest_days(&self) -> Vec<&CampaignDay> {
        self.apart.days.iter().rev().collect()
    }
}

fn channel(page: &Page, of: Channel) -> String {
    let word = of.as_str().replace('_', "-");
    page.t(&format!("campaigns-channel-{word}"))
}

#[get("/campaigns/{code}")]
pub(super) async fn show(page: Page, code: Path<String>) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let code = code.into_inner();
    let (sees_money, sees_payouts) = (
        page.may(Operation::ShowCampaignProgress),
        page.may(Operation::ListPayouts),
    );
    let (settings, apart, payouts, today) = page
        .run(move |ledger| {
            let settings = ledger.get_campaign(&call, &code)?;
            let apart = match sees_money {
                true => Some(ledger.show_campaign_progress(&call, &code)?),
                false => None,
            };
            let request = PageRequest {
                cursor: None,
                limit: Some(PAYOUTS),
            };
            let payouts = match sees_payouts {
                true => ledger.list_payouts(&call, Some(&code), &request)?.items,
                false => Vec::new(),
            };
            Ok((settings, apart, payouts, ledger.today()))
        })
        .await?;
    let told = apart.map(|apart| Told {
        stages: stages_chart(
            &page,
            "stages",
            apart.progress.target,
            [
                (
                    apart.progress.applied.amount,
                    apart.progress.applied.percent,
                ),
                (apart.progress.billed.amount, apart.progress.billed.percent),
                (
                    apart.progress.collected.amount,
                    apart.progress.collected.percent,
                ),
                (
                    apart.progress.paid_out.amount,
                    apart.progress.paid_out.percent,
                ),
            ],
        ),
        days: daily_chart(&page, &apart, today),
        apart,
    });
    let (address, embed) = embed_code(&page, &settings);
    page.show(&Detail {
        page: &page,
        settings,
        told,
        payouts,
        address,
        embed,
    })
}

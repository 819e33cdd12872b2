//! The public page of a campaign: on or off, and how it would look.

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use front::Problem;
use ledger::reference::{CampaignSettings, SwitchPublicPage};

use crate::page::{Form, Page};
use crate::public;

/// The public address of a campaign, and what to put into a page elsewhere to show its badge there.
pub(super) fn embed_code(page: &Page, settings: &CampaignSettings) -> (String, String) {
    let root = &page.front().ledger.settings().public_url;
    let code = &settings.campaign.campaign;
    let address = format!("{}/c/{code}", root.trim_end_matches('/'));
    let title = escaped(&settings.campaign.title);
    let embed = format!(
        "<a href=\"{address}\"><img src=\"{address}/badge.svg\" width=\"320\" height=\"88\" alt=\"{title}\"></a>"
    );
    (address, embed)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[post("/campaigns/{code}/public-page")]
pub(super) async fn switch(form: Form, code: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let code = code.into_inner();
    let request = SwitchPublicPage {
        campaign: code.clone(),
        is_public: fields.has("is_public", "1"),
    };
    let is_public = request.is_public;
    page.run(move |ledger| ledger.switch_public_page(&call, &request))
        .await?;
    let message = match is_public {
        true => "campaigns-done-public",
        false => "campaigns-done-not-public",
    };
    Ok(page.done(&format!("/campaigns/{code}"), message, None))
}

/// How the public page would look, before it is switched on.
#[get("/campaigns/{code}/preview")]
pub(super) async fn preview(page: Page, code: Path<String>) -> Result<HttpResponse, Problem> {
    let (call, code) = (page.call(), code.into_inner());
    let shown = page
        .run(move |ledger| ledger.preview_public_page(&call, &code))
        .await?;
    let drawn = public::page_of(page.language, &shown).ok_or_else(Problem::internal)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(crate::page::html(&mut response, page.language, drawn))
}

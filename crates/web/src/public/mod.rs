//! The public page of a campaign: for anybody, on a telephone first; a badge to embed elsewhere; the
//! same figures as JSON. No cookie is read or set.

mod answer;
mod drawn;
mod kept;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, route};
use front::Problem;
use ledger::Operation;
use ledger::accounting::PublicCampaign;

use crate::Web;
use crate::messages::Language;
use crate::screens::Screen;
use answer::Form;

pub use kept::Kept;

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/c/{code}",
    sample: "/c/kosumosu-2025",
    operation: Operation::ShowPublicCampaign,
    menu: None,
    picture: Some("campaign-public"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(json).service(page).service(badge);
}

#[route("/c/{code}", method = "GET", method = "HEAD")]
async fn page(request: HttpRequest, web: Data<Web>) -> Result<HttpResponse, Problem> {
    let form = Form::Page(language(&request));
    web.public.answer(&web.front, &request, form).await
}

#[route("/c/{code}/badge.svg", method = "GET", method = "HEAD")]
async fn badge(request: HttpRequest, web: Data<Web>) -> Result<HttpResponse, Problem> {
    let form = Form::Badge(language(&request));
    web.public.answer(&web.front, &request, form).await
}

#[route("/c/{code}.json", method = "GET", method = "HEAD")]
async fn json(request: HttpRequest, web: Data<Web>) -> Result<HttpResponse, Problem> {
    web.public.answer(&web.front, &request, Form::Json).await
}

/// The page of a campaign as it would be, with what it shows; none where it cannot be drawn.
pub fn page_of(language: Language, shown: &PublicCampaign) -> Option<String> {
    drawn::draw(Form::Page(language), shown).ok()
}

/// The language that the address names, `?lang=en`; Japanese where it names none. Nothing else has a say,
/// so that an address shows everybody the same.
fn language(request: &HttpRequest) -> Language {
    let named = request
        .query_string()
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="));
    named.and_then(Language::named).unwrap_or_default()
}

//! 募集.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/campaigns",
    sample: "/campaigns",
    operation: Operation::ListCampaignProgress,
    menu: Some((Group::Money, "campaigns-menu")),
    picture: Some("campaigns"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "campaigns/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/campaigns")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

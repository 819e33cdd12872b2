//! サポーター・寄付.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/members",
    sample: "/members",
    operation: Operation::FindMember,
    menu: Some((Group::Daily, "members-menu")),
    picture: Some("members"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "members/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/members")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

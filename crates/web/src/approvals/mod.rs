//! 承認待ち.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/approvals",
    sample: "/approvals",
    operation: Operation::ListPendingActions,
    menu: Some((Group::Money, "approvals-menu")),
    picture: Some("approvals"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "approvals/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/approvals")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

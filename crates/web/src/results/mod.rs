//! 集金結果.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/results",
    sample: "/results",
    operation: Operation::ListHeldResults,
    menu: Some((Group::Money, "results-menu")),
    picture: Some("results"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "results/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/results")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

//! 取込.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/imports",
    sample: "/imports",
    operation: Operation::PreviewImport,
    menu: Some((Group::Daily, "imports-menu")),
    picture: Some("imports"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "imports/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/imports")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

//! 会計.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/books",
    sample: "/books",
    operation: Operation::ShowTrialBalance,
    menu: Some((Group::Money, "books-menu")),
    picture: Some("books"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "books/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/books")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

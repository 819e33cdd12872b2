//! 監査ログ.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use front::Problem;
use ledger::Operation;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/audit-log",
    sample: "/audit-log",
    operation: Operation::SearchAuditEvents,
    menu: Some((Group::Settings, "audit-log-menu")),
    picture: Some("audit-log"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "audit_log/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/audit-log")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

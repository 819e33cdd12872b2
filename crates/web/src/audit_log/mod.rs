//! 監査ログ: who did what to which thing, and when.

mod search;
mod told;

use actix_web::web::ServiceConfig;
use ledger::Operation;

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
    search::routes(routes);
}

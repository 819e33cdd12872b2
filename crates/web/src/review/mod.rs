//! 要確認: the list, one held application after the other, many at once, and what was decided lately.

mod asked;
mod case;
mod decide;
mod decided;
mod list;
mod together;
pub(crate) mod told;

use actix_web::web::ServiceConfig;
use ledger::Operation;

pub(crate) use asked::{coops, funds};

use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/review",
        sample: "/review",
        operation: Operation::ListHolds,
        menu: Some((Group::Daily, "review-menu")),
        picture: Some("review"),
    },
    Screen {
        path: "/review/next",
        sample: "/review/next",
        operation: Operation::LookIntoHold,
        menu: None,
        picture: Some("hold"),
    },
    Screen {
        path: "/review/decided",
        sample: "/review/decided",
        operation: Operation::ListDecisions,
        menu: None,
        picture: Some("decisions"),
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list::index)
        .service(list::download)
        .service(list::first)
        .service(decided::index)
        .service(together::index)
        .service(together::resolve)
        .service(case::index)
        .service(decide::decide)
        .service(decide::correct)
        .service(decide::undo);
}

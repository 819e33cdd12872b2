//! 集金結果: what became of the charges, what waits for a person in it, and how a result is put right.

mod batch;
mod charge;
mod correct;
mod files;
mod held;
mod index;

use actix_web::web::ServiceConfig;
use ledger::Operation;

use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/results",
        sample: "/results",
        operation: Operation::ListHeldResults,
        menu: Some((Group::Money, "results-menu")),
        picture: Some("results"),
    },
    Screen {
        path: "/results/batches/{id}",
        sample: "/results/batches/1",
        operation: Operation::ListHeldResults,
        menu: None,
        picture: Some("batch-results"),
    },
    Screen {
        path: "/results/held",
        sample: "/results/held",
        operation: Operation::ListHeldResults,
        menu: None,
        picture: Some("held-results"),
    },
    Screen {
        path: "/results/charge",
        sample: "/results/charge",
        operation: Operation::ListHeldResults,
        menu: None,
        picture: Some("charge-results"),
    },
    Screen {
        path: "/results/charge/{key}/reverse",
        sample: "/results/charge/00120250801000000012/reverse",
        operation: Operation::ReverseSettlement,
        menu: None,
        picture: Some("reverse-result"),
    },
    Screen {
        path: "/results/charge/{key}/refund",
        sample: "/results/charge/00120250801000000012/refund",
        operation: Operation::RefundCharge,
        menu: None,
        picture: None,
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    index::routes(routes);
    batch::routes(routes);
    files::routes(routes);
    held::routes(routes);
    charge::routes(routes);
    correct::routes(routes);
}

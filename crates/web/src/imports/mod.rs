//! 取込: files of every kind come in. What a file would do is seen first, then it is taken.

mod arriving;
mod bad_lines;
mod index;
pub mod job;
mod kinds;
pub mod received;

pub use arriving::arrive;

use actix_web::web::ServiceConfig;
use ledger::Operation;

use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/imports",
    sample: "/imports",
    operation: Operation::GetImport,
    menu: Some((Group::Daily, "imports-menu")),
    picture: Some("imports"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    index::routes(routes);
    job::routes(routes);
    bad_lines::routes(routes);
}

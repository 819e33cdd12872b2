//! The operations, one file per resource.

mod service;

use actix_web::web;
use utoipa::OpenApi;

use crate::problem::{BadPlace, Problem};

/// Routes and documents each handler, from one list.
macro_rules! operations {
    ($($module:ident::$handler:ident),+ $(,)?) => {
        /// What the handlers say of themselves.
        #[derive(OpenApi)]
        #[openapi(
            paths($($module::$handler),+),
            components(schemas(Problem, BadPlace)),
            info(
                title = "Hitokuchi",
                description = "The donation and monthly-pledge ledger of a consumer co-op's solidarity fund. Yen and counts are integers, codes and numbers are strings with their leading zeros, months are `2025-08`, dates `2025-08-27`. Refusals are `application/problem+json` with a stable `code`."
            ),
        )]
        struct Documented;

        /// Routes every operation.
        pub fn configure(routes: &mut web::ServiceConfig) {
            $(routes.service($module::$handler);)+
        }
    };
}

operations![
    service::check_alive,
    service::check_ready,
    service::show_metrics,
];

/// What the handlers say of themselves.
pub fn documented() -> utoipa::openapi::OpenApi {
    Documented::openapi()
}

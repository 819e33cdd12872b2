//! The operations, one file per resource.
#![allow(unused_qualifications, reason = "utoipa's macros write them")]

mod applications;
mod batches;
mod holds;
mod imports;
mod many_applications;
mod members;
mod paths;
mod pledges;
mod reference;
mod service;
mod sheets;
mod trace;
mod verification;

use actix_web::web;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::problem::{BadPlace, Problem, ProblemJson};

/// What a handler gives: the use case's own answer as JSON, or why not.
type Answer<T> = Result<web::Json<T>, Problem>;

/// A short list, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// All of it.
    pub items: Vec<T>,
}

/// Routes and documents each handler, from one list.
macro_rules! operations {
    ($($module:ident::$handler:ident),+ $(,)?) => {
        /// What the handlers say of themselves.
        #[derive(OpenApi)]
        #[openapi(
            paths($($module::$handler),+),
            components(schemas(ProblemJson, BadPlace)),
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
    reference::list_cooperatives,
    reference::list_funds,
    reference::list_organizations,
    reference::list_campaigns,
    reference::list_cycles,
    reference::list_offerings,
    reference::look_up_order_number,
    members::list_members,
    members::find_member,
    trace::explain_amount,
    pledges::list_pledges,
    pledges::get_pledge,
    pledges::change_pledge,
    pledges::pause_pledge,
    pledges::end_pledge,
    trace::search_applications,
    applications::record_application,
    many_applications::record_applications,
    applications::get_application,
    applications::void_application,
    applications::undo_decision,
    sheets::list_sheets,
    sheets::open_sheet,
    sheets::get_sheet,
    sheets::set_control_totals,
    sheets::put_sheet_line,
    sheets::remove_sheet_line,
    sheets::key_second_time,
    sheets::remove_second_line,
    sheets::compare_keyings,
    sheets::post_sheet,
    sheets::discard_sheet,
    holds::list_holds,
    holds::resolve_holds,
    holds::resolve_hold,
    holds::correct_hold,
    holds::weigh_hold,
    batches::list_batches,
    batches::preview_batch,
    batches::list_bridge_lines,
    batches::close_batch,
    batches::void_batch,
    batches::export_batch,
    batches::get_batch,
    trace::list_charges,
    batches::download_batch_file,
    trace::search_charges,
    imports::start_import,
    imports::get_import,
    verification::verify_records,
    service::check_alive,
    service::check_ready,
    service::show_metrics,
];

/// What the handlers say of themselves.
pub fn documented() -> utoipa::openapi::OpenApi {
    Documented::openapi()
}

//! The operations, one file per resource.
#![allow(unused_qualifications, reason = "utoipa's macros write them")]

mod account;
mod applications;
mod audit_log;
mod batches;
mod held_results;
mod holds;
mod imports;
mod journal;
mod many_applications;
mod members;
mod own_campaigns;
mod paths;
mod payouts;
mod pending_actions;
mod people;
mod periods;
mod pledges;
mod privacy;
mod reference;
mod remittances;
mod reports;
mod service;
mod session;
mod settlements;
mod sheets;
mod tokens;
mod trace;
mod verification;

use actix_web::web;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use front::{BadPlace, Problem, ProblemJson};

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
    ($($module:ident::$handler:ident),+ ; watch: $($watch:ident),+ $(,)?) => {
        /// What the handlers say of themselves.
        #[derive(OpenApi)]
        #[openapi(
            paths($($module::$handler),+, $(service::$watch),+),
            components(schemas(ProblemJson, BadPlace)),
            info(
                title = "Hitokuchi",
                description = "The donation and monthly-pledge ledger of a consumer co-op's solidarity fund. Yen and counts are integers, codes and numbers are strings with their leading zeros, months are `2025-08`, dates `2025-08-27`. Refusals are `application/problem+json` with a stable `code`."
            ),
        )]
        struct Documented;

        /// Routes every operation of the office.
        pub fn configure(routes: &mut web::ServiceConfig) {
            $(routes.service($module::$handler);)+
        }

        /// Routes what watches over the service.
        pub fn configure_watch(routes: &mut web::ServiceConfig) {
            $(routes.service(service::$watch);)+
        }
    };
}

operations![
    session::sign_in,
    session::show_session,
    session::sign_out,
    session::confirm_second_factor,
    session::list_sessions,
    session::end_session,
    account::accept_link,
    account::change_password,
    account::start_totp,
    account::confirm_totp,
    account::renew_recovery_codes,
    tokens::list_tokens,
    tokens::create_token,
    tokens::revoke_token,
    people::list_people,
    people::invite_person,
    people::get_person,
    people::change_roles,
    people::disable_person,
    people::enable_person,
    people::reset_person,
    tokens::list_tokens_of_person,
    tokens::revoke_token_of_person,
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
    privacy::print_member_data,
    privacy::weigh_erasure,
    privacy::erase_member,
    privacy::show_retention,
    privacy::apply_retention,
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
    batches::approve_batch,
    batches::export_batch,
    batches::get_batch,
    trace::list_charges,
    batches::download_batch_file,
    batches::get_control_sheet,
    trace::search_charges,
    held_results::list_held_results,
    held_results::take_held_result,
    held_results::dismiss_held_result,
    settlements::reverse_settlement,
    settlements::refund_charge,
    imports::start_import,
    imports::get_import,
    remittances::list_remittances,
    remittances::record_remittance,
    remittances::get_remittance,
    payouts::list_payouts,
    payouts::record_payout,
    payouts::get_payout,
    journal::list_accounts,
    journal::list_journal_entries,
    journal::post_journal_entry,
    journal::export_journal,
    journal::get_journal_entry,
    journal::reverse_journal_entry,
    pending_actions::list_pending_actions,
    pending_actions::get_pending_action,
    pending_actions::approve_pending_action,
    pending_actions::reject_pending_action,
    pending_actions::withdraw_pending_action,
    periods::list_periods,
    periods::close_period,
    periods::close_fiscal_year,
    reports::show_trial_balance,
    reports::show_general_ledger,
    reports::show_fund_balances,
    reports::show_receivables,
    reports::show_payables,
    payouts::list_campaign_progress,
    own_campaigns::list_own_campaigns,
    reports::download_report,
    verification::verify_records,
    audit_log::search_audit_events,
    audit_log::export_audit_log,
    verification::verify_against_heads;
    watch: check_alive, check_ready, show_metrics,
];

/// Where those of `watch` are.
pub const WATCH_PATHS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// What the handlers say of themselves.
pub fn documented() -> utoipa::openapi::OpenApi {
    Documented::openapi()
}

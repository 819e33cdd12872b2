//! The audit log (監査記録).

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use chrono::NaiveDate;
use domain::{CoopCode, MemberNumber};
use ledger::audit_log::{AuditEventView, AuditFilter};
use ledger::reference::MemberKey;
use ledger::{LedgerError, Page};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Answer;
use crate::api::Api;
use crate::extract::{Caller, PageParameters, Paged, Parameters, day};
use front::Problem;
use front::chunks;

/// Which events are asked for; all that is given has to fit.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditParameters {
    /// Done by this person, tokens included: a login name, or an actor as recorded.
    #[param(example = "aoki")]
    person: Option<String>,
    /// This use case.
    #[param(example = "close_batch")]
    action: Option<String>,
    /// Done to this thing.
    #[param(example = "batch:1")]
    subject: Option<String>,
    /// In the chain of the co-op with this code; with `member_number`, the member's co-op.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// Done to anything of the member of this number in `coop`, or in looking at it.
    #[param(value_type = Option<String>, example = "0010106")]
    member_number: Option<MemberNumber>,
    /// On this day in Japan or later.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    recorded_from: Option<NaiveDate>,
    /// On this day in Japan or earlier.
    #[param(value_type = Option<String>, format = Date)]
    #[serde(default, deserialize_with = "day::optional")]
    recorded_to: Option<NaiveDate>,
}

impl AuditParameters {
    fn filter(self) -> Result<AuditFilter, LedgerError> {
        // A member's co-op names the member: what was done elsewhere counts too.
        let (coop, member) = match (self.coop, self.member_number) {
            (Some(coop), Some(member_number)) => (
                None,
                Some(MemberKey {
                    coop,
                    member_number,
                }),
            ),
            (None, Some(_)) => {
                return Err(LedgerError::field(
                    "coop_unreadable",
                    "coop",
                    "組合員番号で探すときは、単協のコードも指定してください",
                ));
            }
            (coop, None) => (coop, None),
        };
        Ok(AuditFilter {
            coop,
            person: self.person,
            action: self.action,
            subject: self.subject,
            member,
            from: self.recorded_from,
            to: self.recorded_to,
        })
    }
}

/// The events of the audit log that fit, the newest first: who did what to which thing, and when. To
/// search by member is an event itself.
#[utoipa::path(
    tag = "audit-log",
    operation_id = "search_audit_events",
    params(AuditParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<AuditEventView>),
        (status = 404, description = "`cooperative_not_found`, `member_not_found`: there is no such co-op or member"),
        (status = 422, description = "`days_out_of_order`: the first day lies after the last; `coop_unreadable`: a member number without its co-op; `cursor_unreadable`, `limit_out_of_range`"),
    )
)]
#[get("/api/v1/audit-events")]
pub async fn search_audit_events(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<AuditParameters>,
) -> Answer<Page<AuditEventView>> {
    let Paged(asked, page) = asked;
    let filter = asked.filter()?;
    api.answer(move |ledger| ledger.search_audit_events(&caller.0, &filter, &page))
        .await
}

/// The events that fit, the oldest first, as CSV (UTF-8 with BOM). The export is an event itself.
#[utoipa::path(
    tag = "audit-log",
    operation_id = "export_audit_log",
    params(AuditParameters),
    responses(
        (status = 200, description = "The events", body = String, content_type = "text/csv"),
        (status = 404, description = "`cooperative_not_found`, `member_not_found`: there is no such co-op or member"),
        (status = 422, description = "`days_out_of_order`: the first day lies after the last; `coop_unreadable`: a member number without its co-op"),
    )
)]
#[get("/api/v1/audit-events/csv")]
pub async fn export_audit_log(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<AuditParameters>,
) -> Result<HttpResponse, Problem> {
    let filter = asked.0.filter()?;
    let (exported, file) = api
        .run(move |ledger| ledger.export_audit_log(&caller.0, &filter))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit-log.csv\"",
        ))
        .insert_header((header::ETAG, format!("\"{}\"", exported.sha256)))
        .streaming(chunks(file)))
}

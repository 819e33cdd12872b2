//! Many applications in one request, each under a key of its own.

use actix_web::http::StatusCode;
use actix_web::{post, web};
use ledger::intake::{ApplicationRecorded, NewApplication};
use ledger::{IdempotencyKey, Ledger, Operation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{Body, Caller};
use front::{Problem, ProblemJson};

/// Applications in one request at most.
const APPLICATIONS_MAX: usize = 500;

/// One of many applications.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyedApplication {
    /// A key of the caller's own for this application (R6).
    #[schema(example = "2025-11-14/sheet-7/line-3")]
    idempotency_key: String,
    /// The application.
    application: NewApplication,
}

/// Many applications.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManyApplications {
    /// At most 500, taken in this order.
    #[schema(max_items = 500)]
    applications: Vec<KeyedApplication>,
}

/// What became of one of them: either is given.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneOfMany {
    /// The key it came under.
    idempotency_key: String,
    /// It is posted or held.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<ApplicationRecorded>,
    /// It was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ProblemJson>)]
    problem: Option<Problem>,
}

/// Takes many applications, one after the other, each under its own key: what is refused of one
/// does not hold up the others, and a key that comes twice counts once (R6).
#[utoipa::path(
    tag = "applications",
    operation_id = "record_applications",
    request_body = ManyApplications,
    responses((status = 200, description = "What became of each, in the order sent", body = Items<OneOfMany>))
)]
#[post("/api/v1/applications/many")]
pub async fn record_applications(
    api: web::Data<Api>,
    caller: Caller,
    body: Body<ManyApplications>,
) -> Answer<Items<OneOfMany>> {
    let applications = body.0.applications;
    if applications.len() > APPLICATIONS_MAX {
        return Err(Problem::pointer(
            StatusCode::UNPROCESSABLE_ENTITY,
            "field_unreadable",
            "/applications".to_owned(),
            format!("一度に送れるのは {APPLICATIONS_MAX} 件までです。分けて送ってください"),
        ));
    }
    api.answer(move |ledger| {
        ledger.require(&caller.0, Operation::RecordApplications)?;
        let items = applications
            .into_iter()
            .map(|one| record(ledger, &caller, one))
            .collect();
        Ok(Items { items })
    })
    .await
}

fn record(ledger: &Ledger, caller: &Caller, one: KeyedApplication) -> OneOfMany {
    let recorded = IdempotencyKey::new(&one.idempotency_key).and_then(|key| {
        let call = caller.0.clone().under(key);
        ledger.record_application(&call, one.application)
    });
    let (recorded, problem) = match recorded {
        Ok(recorded) => (Some(recorded), None),
        Err(error) => (None, Some(Problem::from(error))),
    };
    OneOfMany {
        idempotency_key: one.idempotency_key,
        recorded,
        problem,
    }
}

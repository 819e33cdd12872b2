//! Whether the service lives and works, and how it does.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use front::Problem;

/// The state of the service.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceState {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: String,
}

fn ok() -> web::Json<ServiceState> {
    web::Json(ServiceState {
        status: "ok".to_owned(),
    })
}

/// Whether the process answers at all.
#[utoipa::path(
    tag = "service",
    operation_id = "check_alive",
    responses((status = 200, description = "It answers", body = ServiceState))
)]
#[get("/healthz")]
pub async fn check_alive() -> web::Json<ServiceState> {
    ok()
}

/// Whether requests can be served: the database answers, and its schema is this program's.
#[utoipa::path(
    tag = "service",
    operation_id = "check_ready",
    responses((status = 200, description = "It serves", body = ServiceState))
)]
#[get("/readyz")]
pub async fn check_ready(api: web::Data<Api>) -> Result<web::Json<ServiceState>, Problem> {
    if api.run(ledger::Ledger::is_ready).await.unwrap_or(false) {
        return Ok(ok());
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        "データベースを使えません。しばらくしてからもう一度送ってください",
    ))
}

/// Counts and durations for Prometheus.
#[utoipa::path(
    tag = "service",
    operation_id = "show_metrics",
    responses((status = 200, description = "Prometheus's text format", body = String, content_type = "text/plain"))
)]
#[get("/metrics")]
pub async fn show_metrics(api: web::Data<Api>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(api.front.metrics_text())
}

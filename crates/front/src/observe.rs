//! Around every request: its id, a line in the log without personal data, the counts.

use std::rc::Rc;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use tracing::Instrument;
use uuid::Uuid;

use crate::door::Doors;
use crate::front::Front;
use crate::network::Connection;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_CHARS_MAX: usize = 64;

/// Gives the request an id (its own `X-Request-Id`, or a new one), logs one line and counts it.
/// The line has the pattern of the path, not the path, and no address: member numbers and who asks
/// stay out of the log. What else is logged on the way bears the same id.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let method = request.method().clone();
    let front = request.app_data::<web::Data<Front>>().cloned();
    let request_id = request_id(&request);
    let connection = request.request().conn_data::<Rc<Connection>>();
    let working = connection.map(Connection::work);
    let span = tracing::info_span!("request", request_id);
    let answer = next.call(request).instrument(span).await;
    let mut response = answer?.map_into_boxed_body();
    drop(working);
    let took = began.elapsed();
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let doors = response.request().app_data::<Doors>();
    if let (Some(front), Some(doors)) = (front, doors) {
        let pattern = response.request().match_pattern();
        let door = doors.of(response.request().path());
        let operation = door.operation(&method, pattern.as_deref());
        let status = response.status();
        front.metrics.count(operation, status, took);
        tracing::info!(
            request_id,
            operation,
            method = method.as_str(),
            route = pattern.as_deref().unwrap_or("-"),
            status = status.as_u16(),
            took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "request"
        );
    }
    Ok(response)
}

/// The caller's own id where it is short and plain, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (1..=REQUEST_ID_CHARS_MAX).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_graphic())
        })
        .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

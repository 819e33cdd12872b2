//! The gate before the routes: who asks, whether that is too much, and what the answer carries.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::{Peer, answer_headers};
use crate::door::Doors;
use crate::front::Front;
use crate::problem::Problem;

/// Notes the [`Peer`], refuses a head that is too large (414, 431) and a request that comes too soon
/// (429), and gives every answer its headers. Whatever comes out of here is an answer.
pub async fn admit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(front) = request.app_data::<web::Data<Front>>().cloned() else {
        return Ok(request.error_response(Problem::internal()));
    };
    let peer = Peer::of(request.request(), &front.settings.proxies);
    request.extensions_mut().insert(peer);
    let mut response = match refusal(&front, &request, peer) {
        Some(problem) => request.error_response(problem),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    response = as_read_at_its_door(response);
    answer_headers(response.headers_mut(), peer.is_encrypted);
    Ok(response)
}

/// A refusal in the form that those read who came by the door.
fn as_read_at_its_door(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let refused = response.response().error();
    let problem = refused.and_then(|error| error.as_error::<Problem>());
    let request = response.request();
    let door = request.app_data::<Doors>();
    let shown = problem.and_then(|problem| door?.of(request.path()).refusal(request, problem));
    match shown {
        Some(shown) => response.into_response(shown),
        None => response,
    }
}

fn refusal(front: &Front, request: &ServiceRequest, peer: Peer) -> Option<Problem> {
    let limits = &front.settings.limits;
    let headers = request.headers();
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if headers.len() > limits.headers_max || bytes > limits.header_bytes_max {
        return Some(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            format!(
                "ヘッダーが多すぎるか大きすぎます。{} 個、合わせて {} バイトまでにしてください",
                limits.headers_max, limits.header_bytes_max
            ),
        ));
    }
    let url = request.uri().path_and_query();
    if url.is_some_and(|url| url.as_str().len() > limits.url_bytes_max) {
        return Some(Problem::new(
            StatusCode::URI_TOO_LONG,
            "url_too_long",
            format!(
                "URL が長すぎます。{} バイトまでにしてください",
                limits.url_bytes_max
            ),
        ));
    }
    let credential = [header::AUTHORIZATION, header::COOKIE]
        .iter()
        .find_map(|name| headers.get(name));
    let credential = credential.map(header::HeaderValue::as_bytes);
    let waits = front.rates.take(peer.address, credential, Instant::now());
    waits.err().map(Problem::slow_down)
}

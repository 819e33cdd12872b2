//! What a script of a page sends.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use front::{Problem, receive_body, session_cookie};
use ledger::{Call, IdempotencyKey};
use serde::de::DeserializeOwned;

use super::Page;
use super::form::require_own_page;

/// JSON sent by `fetch` from a page, with the session's token in `X-CSRF-Token` and, where it changes
/// something, its key in `Idempotency-Key`. Refusals are problem+json where it accepts
/// `application/json`.
pub struct Sent<T> {
    /// Who sent it.
    pub page: Page,
    /// Who asks, under the key, if there is one.
    pub call: Call,
    /// What it says.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest for Sent<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let page = Page::signed_in(&request).await?;
            require_own_page(&request, session_cookie::csrf_token(&request))?;
            let key = request.headers().get("Idempotency-Key");
            let key = key.and_then(|key| key.to_str().ok());
            let key = key.map(IdempotencyKey::new);
            let call = match key.transpose()? {
                Some(key) => page.call().under(key),
                None => page.call(),
            };
            let limits = &page.front().settings.limits;
            let bytes = receive_body(&request, payload, limits.json_bytes_max, limits).await?;
            let body = serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "json_unreadable",
                    format!("送られた内容を読めません（{error}）"),
                )
            })?;
            Ok(Self { page, call, body })
        })
    }
}

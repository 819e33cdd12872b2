//! The cookie of a session, and the proof that a request comes from a page of this service.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use ledger::credentials::{Secret, SecretKind};

use crate::Problem;

/// The cookie's name where the service is reached without TLS.
pub const PLAIN_NAME: &str = "hitokuchi_session";
/// Its name behind TLS: a browser takes it from this very host only, and only over TLS.
pub const SECURE_NAME: &str = "__Host-hitokuchi_session";
/// The header by which a page shows that it is one of this service.
const CSRF_HEADER: &str = "X-CSRF-Token";

/// The secret in the cookie that a request brings; the one sent over TLS comes first.
pub fn read(request: &HttpRequest) -> Option<Secret> {
    [SECURE_NAME, PLAIN_NAME]
        .iter()
        .find_map(|name| Secret::parse(SecretKind::Session, value_of(request, name)?))
}

/// The value of a cookie (RFC 6265); none where it is empty.
pub fn value_of<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// The value of `Set-Cookie` that hands a session to a browser. It goes when the browser closes; the
/// session itself ends by its own time.
pub fn set(secret: &Secret, is_encrypted: bool) -> String {
    cookie(secret.expose(), is_encrypted)
}

/// The value of `Set-Cookie` that takes it back.
pub fn clear(is_encrypted: bool) -> String {
    cookie("", is_encrypted) + "; Max-Age=0"
}

/// No script reads it; no other site's forms bring it along.
fn cookie(value: &str, is_encrypted: bool) -> String {
    if is_encrypted {
        format!("{SECURE_NAME}={value}; Path=/; HttpOnly; SameSite=Lax; Secure")
    } else {
        format!("{PLAIN_NAME}={value}; Path=/; HttpOnly; SameSite=Lax")
    }
}

/// Refuses what does not come from a page of this service: a browser sends the cookie with what another
/// site made it send, too. A page of ours knows the session's token, and no header of the browser's says
/// otherwise.
///
/// # Errors
/// `csrf_token_needed`.
pub fn require_own_page(
    request: &HttpRequest,
    secret: &Secret,
    token: Option<&str>,
) -> Result<(), Problem> {
    if token.is_some_and(|token| secret.is_csrf_token(token)) {
        return refuse_other_site(request);
    }
    Err(not_own_page())
}

/// Refuses what a page of another site sent, as far as the browser says so: for those who have no session,
/// and so no token, yet.
///
/// # Errors
/// `csrf_token_needed`.
pub fn refuse_other_site(request: &HttpRequest) -> Result<(), Problem> {
    if header_of(request, "Sec-Fetch-Site").is_none_or(|site| site == "same-origin") {
        return Ok(());
    }
    Err(not_own_page())
}

/// The token that a request shows in its header.
pub fn csrf_token(request: &HttpRequest) -> Option<&str> {
    header_of(request, CSRF_HEADER)
}

fn not_own_page() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "csrf_token_needed",
        "この依頼は、この画面から送られたものと確かめられません。画面を読み直してから、もう一度送ってください",
    )
}

fn header_of<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

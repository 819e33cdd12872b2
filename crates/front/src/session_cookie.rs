//! The cookie of a session, and the proof that a request comes from a page of this service.

use actix_web::HttpRequest;
use actix_web::http::header;
use ledger::credentials::{Secret, SecretKind};

/// The cookie's name where the service is reached without TLS.
pub const PLAIN_NAME: &str = "hitokuchi_session";
/// Its name behind TLS: a browser takes it from this very host only, and only over TLS.
pub const SECURE_NAME: &str = "__Host-hitokuchi_session";
/// The header by which a page shows that it is one of this service.
pub const CSRF_HEADER: &str = "X-CSRF-Token";

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

/// Whether a request comes from a page of this service: it knows the session's token, and no header
/// of the browser's says otherwise.
pub fn is_from_own_page(request: &HttpRequest, secret: &Secret) -> bool {
    let sent = header_of(request, CSRF_HEADER);
    sent.is_some_and(|token| secret.is_csrf_token(token)) && may_be_own_page(request)
}

/// Whether no header of the browser's says that a page of another site sent the request.
pub fn may_be_own_page(request: &HttpRequest) -> bool {
    header_of(request, "Sec-Fetch-Site").is_none_or(|site| site == "same-origin")
}

fn header_of<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

//! In which language somebody looks: Japanese until they choose.

use actix_web::http::header;
use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use front::session_cookie;
use serde::Deserialize;

use crate::messages::Language;

const COOKIE: &str = "hitokuchi_language";

/// The language chosen; Japanese where none was.
pub fn language_of(request: &HttpRequest) -> Language {
    let chosen = session_cookie::value_of(request, COOKIE);
    chosen.and_then(Language::named).unwrap_or_default()
}

/// Routes the switch.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(choose);
}

#[derive(Deserialize)]
struct Choice {
    to: String,
    back: String,
}

/// Keeps the choice for a year and leads back to a page of this service.
#[get("/language")]
async fn choose(choice: Query<Choice>) -> HttpResponse {
    let language = Language::named(&choice.to).unwrap_or_default();
    let cookie = format!(
        "{COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax",
        language.as_str()
    );
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, own_address(&choice.back)))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

/// An address of this service; the first page where it is another's.
pub fn own_address(address: &str) -> &str {
    let is_own = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n'])
        && address.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { address } else { "/" }
}

//! The OpenAPI document and the page to try it: three small files of our own, in the binary.

use actix_web::{HttpResponse, get, web};

use crate::api::Api;

const PAGE: &str = include_str!("docs/page.html");
const SCRIPT: &str = include_str!("docs/page.js");
const STYLE: &str = include_str!("docs/page.css");
/// The page loads nothing from elsewhere and sends requests to this service only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Routes the document and the page.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(openapi_json)
        .service(page)
        .service(script)
        .service(style);
}

#[get("/api/openapi.json")]
async fn openapi_json(api: web::Data<Api>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(api.document.to_string())
}

#[get("/api/docs")]
async fn page() -> HttpResponse {
    served("text/html; charset=utf-8", PAGE)
}

#[get("/api/docs/page.js")]
async fn script() -> HttpResponse {
    served("text/javascript; charset=utf-8", SCRIPT)
}

#[get("/api/docs/page.css")]
async fn style() -> HttpResponse {
    served("text/css; charset=utf-8", STYLE)
}

/// A file of a page of our own, in the binary.
pub fn served(content_type: &'static str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(("Content-Security-Policy", POLICY))
        .body(content)
}

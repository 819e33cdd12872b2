//! The page to sign in, and to take an invitation: three small files of our own, in the binary.

use actix_web::{HttpResponse, get, web};

use crate::docs::served;

const PAGE: &str = include_str!("entrance/page.html");
const SCRIPT: &str = include_str!("entrance/page.js");
const STYLE: &str = include_str!("entrance/page.css");

/// Routes the page. The link of an invitation leads to the same page, with its secret behind `#`.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(sign_in)
        .service(invitation)
        .service(script)
        .service(style);
}

#[get("/sign-in")]
async fn sign_in() -> HttpResponse {
    served("text/html; charset=utf-8", PAGE)
}

#[get("/invitation")]
async fn invitation() -> HttpResponse {
    served("text/html; charset=utf-8", PAGE)
}

#[get("/sign-in/page.js")]
async fn script() -> HttpResponse {
    served("text/javascript; charset=utf-8", SCRIPT)
}

#[get("/sign-in/page.css")]
async fn style() -> HttpResponse {
    served("text/css; charset=utf-8", STYLE)
}

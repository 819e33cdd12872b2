//! アカウント.

use actix_web::http::header;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::{Problem, peer, session_cookie};
use ledger::Operation;

use crate::page::{Form, Page};
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/account",
    sample: "/account",
    operation: Operation::ShowSession,
    menu: Some((Group::Own, "account-menu")),
    picture: Some("account"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index).service(sign_out);
}

#[derive(Template)]
#[template(path = "account/index.html")]
struct Index<'a> {
    page: &'a Page,
}

#[get("/account")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&Index { page: &page })
}

#[post("/sign-out")]
async fn sign_out(form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let Form { page, call, .. } = form;
    page.run(move |ledger| ledger.sign_out(&call)).await?;
    let cookie = session_cookie::clear(peer(&request).is_encrypted);
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/sign-in"))
        .insert_header((header::SET_COOKIE, cookie))
        .finish())
}

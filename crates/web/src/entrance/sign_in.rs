//! A name and a password.

use actix_web::http::header;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::people::{SessionStage, SignIn};
use serde::Deserialize;

use super::{second_factor, with_next, with_session};
use crate::page::{Fields, Guest, GuestForm, Page, own_address};

/// Where one wanted to go, and as whom.
#[derive(Deserialize)]
pub(super) struct Asked {
    next: Option<String>,
    name: Option<String>,
}

#[derive(Template)]
#[template(path = "entrance/sign_in.html")]
struct SignInPage<'a> {
    page: &'a Page,
    fields: &'a Fields,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "entrance/forgotten.html")]
struct Forgotten<'a> {
    page: &'a Page,
}

/// What somebody has to do next to be in: their name and password, a code, a second factor; or on to
/// where they wanted to go.
#[get("/sign-in")]
pub(super) async fn show(guest: Guest, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let page = guest.0;
    let next = own_address(asked.next.as_deref().unwrap_or("/"));
    let stage = page.session.as_ref().map(|session| session.stage);
    match stage {
        None => {
            let name = asked.name.as_deref().unwrap_or_default();
            let fields = Fields::of([("name", name)]);
            page.show(&SignInPage {
                page: &page,
                fields: &fields,
                next,
            })
        }
        Some(SessionStage::SecondFactor) => second_factor::ask(&page, &Fields::default(), next),
        Some(SessionStage::Enrolment) => second_factor::explain(&page, &Fields::default(), next),
        Some(SessionStage::Full) => Ok(page.go(next)),
    }
}

/// Signs in, and goes where the session stands.
#[post("/sign-in")]
pub(super) async fn sign_in(
    form: GuestForm,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let GuestForm { page, fields, .. } = form;
    let next = own_address(fields.get("next")).to_owned();
    let agent = request.headers().get(header::USER_AGENT);
    let asked = SignIn {
        name: fields.get("name").trim().to_owned(),
        password: fields.get("password").to_owned(),
        agent: agent
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
    };
    let call = page.call();
    match page.run(move |ledger| ledger.sign_in(&call, &asked)).await {
        Ok(opened) => {
            let to = match opened.session.stage {
                SessionStage::Full => next,
                _ => with_next("/sign-in", &next),
            };
            Ok(with_session(&request, &opened.secret, page.go(&to)))
        }
        Err(problem) => {
            // The password is not sent back.
            let fields = Fields::of([("name", fields.get("name"))]).refused(problem);
            let shown = SignInPage {
                page: &page,
                fields: &fields,
                next: &next,
            };
            page.show_form(&fields, &shown)
        }
    }
}

/// What to do when the password, or the telephone with the second factor, is gone.
#[get("/sign-in/forgotten")]
pub(super) async fn forgotten(guest: Guest) -> Result<HttpResponse, Problem> {
    guest.0.show(&Forgotten { page: &guest.0 })
}

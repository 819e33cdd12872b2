//! アカウント: one's own password, second factor, sessions and tokens (R17).

mod password;
mod second_factor;
mod tokens;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::{Problem, peer, session_cookie};
use ledger::people::{MySession, SessionView, TokenView};
use ledger::{Operation, PageRequest};

use crate::page::{Form, GuestForm, Page};
use crate::screens::{Group, Screen};

/// Tokens that are shown; nobody has so many.
const TOKENS_SHOWN_MAX: u32 = 100;

/// The screens of this area.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/account",
        sample: "/account",
        operation: Operation::ShowSession,
        menu: Some((Group::Own, "account-menu")),
        picture: Some("account"),
    },
    Screen {
        path: "/account/password",
        sample: "/account/password",
        operation: Operation::ChangePassword,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/account/second-factor",
        sample: "/account/second-factor",
        operation: Operation::StartTotp,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/account/recovery-codes",
        sample: "/account/recovery-codes",
        operation: Operation::RenewRecoveryCodes,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/account/tokens/new",
        sample: "/account/tokens/new",
        operation: Operation::CreateToken,
        menu: None,
        picture: None,
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(index)
        .service(sign_out)
        .service(end_session)
        .service(password::show)
        .service(password::change)
        .service(second_factor::show)
        .service(second_factor::offer)
        .service(second_factor::confirm)
        .service(second_factor::show_recovery_codes)
        .service(second_factor::renew_recovery_codes)
        .service(tokens::show_new)
        .service(tokens::create)
        .service(tokens::ask_to_revoke)
        .service(tokens::revoke);
}

#[derive(Template)]
#[template(path = "account/index.html")]
struct Index<'a> {
    page: &'a Page,
    mine: &'a SessionView,
    sessions: Vec<MySession>,
    tokens: Vec<TokenView>,
}

/// All that is one's own.
#[get("/account")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let (sessions, tokens) = page
        .run(move |ledger| {
            let all = PageRequest {
                cursor: None,
                limit: Some(TOKENS_SHOWN_MAX),
            };
            Ok((
                ledger.list_sessions(&call)?,
                ledger.list_tokens(&call, &all)?,
            ))
        })
        .await?;
    let mine = page.session.as_ref().ok_or_else(Problem::internal)?;
    page.show(&Index {
        page: &page,
        mine,
        sessions,
        tokens: tokens.items,
    })
}

/// Ends another of one's sessions.
#[post("/account/sessions/{id}/end")]
async fn end_session(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, .. } = form;
    page.run(move |ledger| ledger.end_session(&call, *id))
        .await?;
    Ok(page.done("/account", "account-done-session-ended", None))
}

/// Ends the session, whole or half, and takes the cookie back. One that is over already is over.
#[post("/sign-out")]
async fn sign_out(form: GuestForm, request: HttpRequest) -> Result<HttpResponse, Problem> {
    form.require_own_page(&request)?;
    let call = form.page.call();
    let ended = form.page.run(move |ledger| ledger.sign_out(&call)).await;
    if let Err(problem) = ended
        && problem.status != StatusCode::UNAUTHORIZED
    {
        return Err(problem);
    }
    let cookie = session_cookie::clear(peer(&request).is_encrypted);
    let mut answer = form.page.done("/sign-in", "account-done-signed-out", None);
    if let Ok(value) = header::HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(answer)
}

//! Signing in, and one's own sessions (R17).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use ledger::credentials::Secret;
use ledger::people::{
    ConfirmSecondFactor, MySession, SessionEnded, SessionOpened, SessionView, SignIn,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Answer, Items};
use crate::api::Api;
use crate::extract::{Body, Caller, Visitor};
use front::Problem;
use front::peer;
use front::session_cookie;

/// One's own session, and what its pages send with every change.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionShown {
    /// The session.
    #[serde(flatten)]
    session: SessionView,
    /// Goes into `X-CSRF-Token` of every request by cookie that changes something.
    csrf_token: String,
}

impl SessionShown {
    /// A session that has just begun.
    pub(super) fn of(opened: &SessionOpened) -> Self {
        Self {
            session: opened.session.clone(),
            csrf_token: opened.secret.csrf_token(),
        }
    }
}

/// Answers with a session that has begun, its secret in its cookie.
pub(super) fn begun(request: &HttpRequest, opened: &SessionOpened) -> HttpResponse {
    with_cookie(request, &opened.secret, &SessionShown::of(opened))
}

/// Answers with what is shown, and the secret of a new session in its cookie.
pub(super) fn with_cookie(
    request: &HttpRequest,
    secret: &Secret,
    shown: &impl Serialize,
) -> HttpResponse {
    let cookie = session_cookie::set(secret, peer(request).is_encrypted);
    HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, cookie))
        .json(shown)
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameAndPassword {
    /// What the person signs in with.
    #[schema(example = "aoki")]
    name: String,
    /// The password.
    #[schema(example = "kumo-mikan-densha-7")]
    password: String,
}

/// Begins a session. Its secret is in the cookie and nowhere else. `stage` tells whether a code
/// (`second_factor`) or setting up a second factor (`enrolment`) comes next. A session that came along
/// in a cookie ends.
#[utoipa::path(
    tag = "account",
    operation_id = "sign_in",
    request_body = NameAndPassword,
    responses(
        (status = 200, description = "The session", body = SessionShown),
        (status = 401, description = "`sign_in_refused`: the name or the password is wrong; it does not tell which, nor does its time"),
        (status = 403, description = "`csrf_token_needed`: the request comes from a page of another site"),
        (status = 429, description = "`slow_down`: after wrong tries, for the account or the address; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/session")]
pub async fn sign_in(
    api: web::Data<Api>,
    visitor: Visitor,
    request: HttpRequest,
    body: Body<NameAndPassword>,
) -> Result<HttpResponse, Problem> {
    let agent = request.headers().get(header::USER_AGENT);
    let asked = SignIn {
        name: body.0.name,
        password: body.0.password,
        agent: agent
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
    };
    let opened = api
        .run(move |ledger| ledger.sign_in(&visitor.0, &asked))
        .await?;
    Ok(begun(&request, &opened))
}

/// The session that asks.
#[utoipa::path(
    tag = "account",
    operation_id = "show_session",
    responses(
        (status = 200, description = "The session", body = SessionShown),
        (status = 409, description = "`no_session`: who asks has none"),
    )
)]
#[get("/api/v1/session")]
pub async fn show_session(
    api: web::Data<Api>,
    caller: Caller,
    request: HttpRequest,
) -> Answer<SessionShown> {
    let secret = session_cookie::read(&request);
    let session = api
        .run(move |ledger| ledger.show_session(&caller.0))
        .await?;
    Ok(web::Json(SessionShown {
        session,
        csrf_token: secret.map_or_else(String::new, |secret| secret.csrf_token()),
    }))
}

/// Ends the session that asks.
#[utoipa::path(
    tag = "account",
    operation_id = "sign_out",
    responses(
        (status = 200, description = "It has ended", body = SessionEnded),
        (status = 409, description = "`no_session`: who asks has none"),
    )
)]
#[delete("/api/v1/session")]
pub async fn sign_out(
    api: web::Data<Api>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let ended = api.run(move |ledger| ledger.sign_out(&caller.0)).await?;
    let cookie = session_cookie::clear(peer(&request).is_encrypted);
    Ok(HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, cookie))
        .json(ended))
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorCode {
    /// Six digits that the app shows, or a recovery code.
    #[schema(example = "123456")]
    code: String,
}

/// Shows the second factor: the session becomes a whole one, in a new cookie. Every code is taken once.
#[utoipa::path(
    tag = "account",
    operation_id = "confirm_second_factor",
    request_body = SecondFactorCode,
    responses(
        (status = 200, description = "The session", body = SessionShown),
        (status = 401, description = "`second_factor_refused`: the code is wrong, was used, or is of another time; `sign_in_needed`, `session_ended`"),
        (status = 409, description = "`second_factor_not_awaited`: the session waits for no code; `no_session`"),
        (status = 429, description = "`slow_down`: after wrong tries; `too_many_requests`. Try again after `Retry-After` seconds"),
    )
)]
#[post("/api/v1/session/second-factor")]
pub async fn confirm_second_factor(
    api: web::Data<Api>,
    caller: Caller,
    request: HttpRequest,
    body: Body<SecondFactorCode>,
) -> Result<HttpResponse, Problem> {
    let asked = ConfirmSecondFactor { code: body.0.code };
    let opened = api
        .run(move |ledger| ledger.confirm_second_factor(&caller.0, &asked))
        .await?;
    Ok(begun(&request, &opened))
}

/// One's own sessions that are open, the newest first; at most 100.
#[utoipa::path(
    tag = "account",
    operation_id = "list_sessions",
    responses(
        (status = 200, description = "All of them", body = Items<MySession>),
        (status = 409, description = "`no_session`: who asks has none"),
    )
)]
#[get("/api/v1/sessions")]
pub async fn list_sessions(api: web::Data<Api>, caller: Caller) -> Answer<Items<MySession>> {
    api.answer(move |ledger| {
        let items = ledger.list_sessions(&caller.0)?;
        Ok(Items { items })
    })
    .await
}

/// Ends one of one's own sessions.
#[utoipa::path(
    tag = "account",
    operation_id = "end_session",
    params(("id" = i64, Path, description = "The session's `session_id`")),
    responses(
        (status = 200, description = "It has ended", body = SessionEnded),
        (status = 404, description = "`session_not_found`: there is none of that number, it is another person's, or it has ended"),
        (status = 409, description = "`no_session`: who asks has none"),
    )
)]
#[delete("/api/v1/sessions/{id}")]
pub async fn end_session(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
) -> Answer<SessionEnded> {
    api.answer(move |ledger| ledger.end_session(&caller.0, *id))
        .await
}

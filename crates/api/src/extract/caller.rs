//! Who asks, and under which key.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpRequest, web};
use ledger::credentials::SecretDigest;
use ledger::{Call, Caller as Who, IdempotencyKey};
use utoipa::IntoParams;

use crate::api::Api;
use front::{Problem, from_where, session_cookie};

const KEY_HEADER: &str = "Idempotency-Key";
/// The form of a token in its header (RFC 6750).
const BEARER: &str = "Bearer ";

/// Who asks. That something was shown is seen to here; who that is, and what they may do, is looked
/// up in the use case's own transaction (R17).
#[derive(Debug, Clone)]
pub struct Caller(pub Call);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(known(request).map(Self))
    }
}

/// Who asks to be let in: nobody yet, or somebody in a session that is about to end. What is asked for
/// is proven by what is in the body, so that an outdated cookie is no obstacle.
#[derive(Debug, Clone)]
pub struct Visitor(pub Call);

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(visitor(request).map(Self))
    }
}

fn visitor(request: &HttpRequest) -> Result<Call, Problem> {
    session_cookie::refuse_other_site(request).map_err(told_to_programs)?;
    let caller =
        session_cookie::read(request).map_or(Who::Nobody, |secret| Who::Session(secret.digest()));
    Ok(from_where(request, Call::by(caller)))
}

fn known(request: &HttpRequest) -> Result<Call, Problem> {
    let call = from_where(request, Call::by(who(request)?));
    if matches!(call.caller, Who::Nobody) {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign_in_needed",
            "サインインしてください（スクリプトは Authorization: Bearer でトークンを送ってください）",
        ));
    }
    Ok(call)
}

fn who(request: &HttpRequest) -> Result<Who, Problem> {
    let operator = request
        .app_data::<web::Data<Api>>()
        .and_then(|api| api.front.settings.everybody_is_operator.clone());
    if let Some(operator) = operator {
        return Ok(Who::Operator(operator));
    }
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(bearer);
        let token = token.ok_or_else(|| {
            Problem::parameter(
                StatusCode::BAD_REQUEST,
                "authorization_unreadable",
                "Authorization",
                "「Bearer トークン」の形で指定してください",
            )
        })?;
        return Ok(Who::Token(SecretDigest::of(token)));
    }
    let Some(secret) = session_cookie::read(request) else {
        return Ok(Who::Nobody);
    };
    if changes_something(request.method()) {
        let token = session_cookie::csrf_token(request);
        session_cookie::require_own_page(request, &secret, token).map_err(told_to_programs)?;
    }
    Ok(Who::Session(secret.digest()))
}

/// The token of a header such as `Bearer hkt_…`.
fn bearer(value: &str) -> Option<&str> {
    let scheme = value.get(..BEARER.len())?;
    let token = value.get(BEARER.len()..)?.trim();
    (scheme.eq_ignore_ascii_case(BEARER) && !token.is_empty()).then_some(token)
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The refusal of what another site sent, with how a program shows the token.
fn told_to_programs(mut problem: Problem) -> Problem {
    problem
        .detail
        .push_str("（X-CSRF-Token に GET /api/v1/session の csrf_token を付けます）");
    problem
}

/// The header of a request that has to carry a key.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RequiredKey {
    /// A key of the caller's own, 1 to 200 printable ASCII characters, for this request: the same
    /// request again under the same key changes nothing and gives the same answer (R6).
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 200,
        example = "4d1f7a52-0c1f-4f5e-9a77-1c4d3a2b8e90"
    )]
    _key: String,
}

/// The header of a request that may carry a key.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OptionalKey {
    /// A key of the caller's own, 1 to 200 printable ASCII characters, for this request: the same
    /// request again under the same key changes nothing and gives the same answer (R6).
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 200)]
    _key: Option<String>,
}

/// A request that may carry an `Idempotency-Key` (R6).
#[derive(Debug)]
pub struct Asked(pub Call);

impl FromRequest for Asked {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(call(request).map(Self))
    }
}

/// A request that moves money, and so has to carry an `Idempotency-Key` (R6).
#[derive(Debug)]
pub struct AskedOnce(pub Call);

impl FromRequest for AskedOnce {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(call(request).and_then(|call| {
            if call.key.is_some() {
                Ok(Self(call))
            } else {
                Err(Problem::parameter(
                    StatusCode::BAD_REQUEST,
                    "idempotency_key_missing",
                    KEY_HEADER,
                    "この操作には Idempotency-Key が必要です。依頼ごとに新しいキー（UUID など）を付け、送り直すときは同じキーを使ってください",
                ))
            }
        }))
    }
}

fn call(request: &HttpRequest) -> Result<Call, Problem> {
    let call = known(request)?;
    let mut keys = request.headers().get_all(KEY_HEADER);
    let Some(key) = keys.next() else {
        return Ok(call);
    };
    let readable = key
        .to_str()
        .ok()
        .filter(|_| keys.next().is_none())
        .and_then(|key| IdempotencyKey::new(key).ok());
    match readable {
        Some(key) => Ok(call.under(key)),
        None => Err(Problem::parameter(
            StatusCode::BAD_REQUEST,
            "idempotency_key",
            KEY_HEADER,
            "1つだけ、200文字までの英数字・記号で指定してください",
        )),
    }
}

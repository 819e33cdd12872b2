//! Who asks, and under which key.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use ledger::{Actor, Call, IdempotencyKey};
use utoipa::IntoParams;

use crate::problem::Problem;

const KEY_HEADER: &str = "Idempotency-Key";
/// Names who sits at the desk, as long as there is no sign-in.
pub const OPERATOR_HEADER: &str = "X-Operator";
const OPERATOR_CHARS_MAX: usize = 40;

/// Who asks. There is no sign-in yet: whoever reaches the service is `api:local`, or
/// `api:NAME` where `X-Operator` says who sits at the desk. This is the one place that will know
/// better.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request).map(Self))
    }
}

fn caller(request: &HttpRequest) -> Result<Actor, Problem> {
    let Some(name) = request.headers().get(OPERATOR_HEADER) else {
        return Ok(Actor::api("local"));
    };
    let plain = name.to_str().ok().filter(|name| {
        (1..=OPERATOR_CHARS_MAX).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    });
    plain.map(Actor::api).ok_or_else(|| {
        Problem::parameter(
            StatusCode::BAD_REQUEST,
            "operator_unreadable",
            OPERATOR_HEADER,
            "40文字までの英数字と . _ - で指定してください",
        )
    })
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

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(call(request, payload).map(Self))
    }
}

/// A request that moves money, and so has to carry an `Idempotency-Key` (R6).
#[derive(Debug)]
pub struct AskedOnce(pub Call);

impl FromRequest for AskedOnce {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(call(request, payload).and_then(|call| {
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

fn call(request: &HttpRequest, payload: &mut Payload) -> Result<Call, Problem> {
    let Caller(actor) = Caller::from_request(request, payload).into_inner()?;
    let mut keys = request.headers().get_all(KEY_HEADER);
    let Some(key) = keys.next() else {
        return Ok(Call::by(actor));
    };
    let readable = key
        .to_str()
        .ok()
        .filter(|_| keys.next().is_none())
        .and_then(|key| IdempotencyKey::new(key).ok());
    match readable {
        Some(key) => Ok(Call::by(actor).under(key)),
        None => Err(Problem::parameter(
            StatusCode::BAD_REQUEST,
            "idempotency_key",
            KEY_HEADER,
            "1つだけ、200文字までの英数字・記号で指定してください",
        )),
    }
}

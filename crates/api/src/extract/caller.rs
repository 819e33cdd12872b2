//! Who asks, and under which key.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use ledger::{Actor, Call, IdempotencyKey};

use crate::problem::Problem;

const KEY_HEADER: &str = "Idempotency-Key";

/// Who asks. There is no sign-in yet: whoever reaches the service is `api:local`. This is the one
/// place that will know better.
#[derive(Debug, Clone)]
pub struct Caller(pub Actor);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Actor::api("local"))))
    }
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

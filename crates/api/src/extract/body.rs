//! The JSON body of a request.

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::json_words::in_japanese;
use crate::api::Api;
use front::{Problem, receive_body};

/// A JSON body. Refuses another content type (415), more bytes than the setting allows (413), what
/// is no JSON (400), and unknown, missing, doubled or unreadable fields (422), each named by its
/// JSON pointer.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            require_json(&request)?;
            let api = request
                .app_data::<web::Data<Api>>()
                .ok_or_else(Problem::internal)?;
            let limits = &api.front.settings.limits;
            let bytes = receive_body(&request, payload, limits.json_bytes_max, limits).await?;
            read(&bytes).map(Body)
        })
    }
}

fn require_json(request: &HttpRequest) -> Result<(), Problem> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "本文は Content-Type: application/json の JSON で送ってください",
    ))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde would take the fields of an object from an array, too.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| matches!(byte, b'[' | b'"' | b'0'..=b'9' | b'n' | b't' | b'f')) {
        return Err(Problem::pointer(
            StatusCode::UNPROCESSABLE_ENTITY,
            "field_unreadable",
            String::new(),
            "本文は JSON のオブジェクト（{…}）で送ってください".to_owned(),
        ));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            Problem::pointer(
                StatusCode::UNPROCESSABLE_ENTITY,
                "field_unreadable",
                pointer,
                in_japanese(&inner.to_string()),
            )
        } else {
            not_json(&inner)
        }
    })?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        StatusCode::BAD_REQUEST,
        "json_unreadable",
        format!("本文は JSON として読めません（{line}行{column}文字目）"),
    )
}

/// RFC 6901: `/items/0/units`.
fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

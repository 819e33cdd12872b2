//! A short body, kept in memory.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};

use super::Pace;
use crate::limits::Limits;
use crate::problem::Problem;

/// Takes a body of at most `bytes_max` bytes. Refuses more (413), and bytes that come too slowly (408).
pub async fn receive_body(
    request: &HttpRequest,
    mut payload: Payload,
    bytes_max: usize,
    limits: &Limits,
) -> Result<Vec<u8>, Problem> {
    require_announced(request, bytes_max as u64)?;
    let mut bytes = Vec::new();
    let mut pace = Pace::new(limits);
    while let Some(chunk) = pace.next(&mut payload).await? {
        if bytes.len() + chunk.len() > bytes_max {
            return Err(too_large(bytes_max as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Refuses a body that announces more bytes than it may have.
pub(super) fn require_announced(request: &HttpRequest, bytes_max: u64) -> Result<(), Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if length > bytes_max => Err(too_large(bytes_max)),
        _ => Ok(()),
    }
}

/// The body is larger than the setting allows.
pub fn too_large(bytes_max: u64) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        format!("本文が大きすぎます。{bytes_max} バイトまでにしてください"),
    )
}

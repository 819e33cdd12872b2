//! A file sent as the body of a request, written to the disk as it comes.

use std::path::Path;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

use super::pace::Pace;
use super::too_large;
use crate::limits::Limits;
use crate::problem::Problem;

/// A file that came in.
pub struct Upload {
    /// Where it waits; it goes when this is dropped.
    pub path: TempPath,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Takes a file of at most `upload_bytes_max` bytes into `folder`. Refuses another content type than
/// `text/csv` and `application/octet-stream` (415), more bytes (413), and bytes that come too slowly (408).
pub async fn receive_upload(
    request: &HttpRequest,
    mut payload: web::Payload,
    folder: &Path,
    limits: &Limits,
) -> Result<Upload, Problem> {
    require_file(request)?;
    let bytes_max = limits.upload_bytes_max;
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > bytes_max) {
        return Err(too_large(bytes_max));
    }
    let file = make_file(folder).map_err(|error| disk(&error))?;
    let (file, path) = file.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut pace = Pace::new(limits);
    while let Some(chunk) = pace.next(&mut payload).await? {
        bytes += chunk.len() as u64;
        if bytes > bytes_max {
            return Err(too_large(bytes_max));
        }
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(|error| disk(&error))?;
    }
    file.flush().await.map_err(|error| disk(&error))?;
    Ok(Upload {
        path,
        sha256: hex::encode(hash.finalize()),
    })
}

fn require_file(request: &HttpRequest) -> Result<(), Problem> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let is_file = ["text/csv", "application/octet-stream"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known));
    if is_file {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "ファイルは Content-Type: text/csv で、本文としてそのまま送ってください（curl --data-binary @申込.csv）",
    ))
}

fn make_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder)?;
    tempfile::Builder::new()
        .prefix("hitokuchi-upload-")
        .tempfile_in(folder)
}

fn disk(error: &std::io::Error) -> Problem {
    tracing::error!("an upload could not be kept: {error}");
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "disk",
        "ファイルを受け取る場所に書き込めません。管理者に空き容量と権限を確かめてもらってください",
    )
}

//! A file sent as the body of a request, written to the disk as it comes.

use std::path::Path;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

use super::body::require_announced;
use super::{Pace, too_large};
use crate::limits::Limits;
use crate::problem::Problem;

/// A file that came in.
pub struct Upload {
    /// Where it waits; it goes when this is dropped.
    pub path: TempPath,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A file that is coming in.
pub struct Uploading {
    file: tokio::fs::File,
    path: TempPath,
    hash: Sha256,
    bytes: u64,
    bytes_max: u64,
}

impl Uploading {
    /// Begins a file of at most `upload_bytes_max` bytes in `folder`.
    pub fn begin(folder: &Path, limits: &Limits) -> Result<Self, Problem> {
        let (file, path) = make_file(folder)
            .map_err(|error| disk(&error))?
            .into_parts();
        Ok(Self {
            file: tokio::fs::File::from_std(file),
            path,
            hash: Sha256::new(),
            bytes: 0,
            bytes_max: limits.upload_bytes_max,
        })
    }

    /// Takes the next bytes. Refuses more than there may be (413).
    pub async fn take(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        self.bytes += chunk.len() as u64;
        if self.bytes > self.bytes_max {
            return Err(too_large(self.bytes_max));
        }
        self.hash.update(chunk);
        let written = self.file.write_all(chunk).await;
        written.map_err(|error| disk(&error))
    }

    /// The whole file.
    pub async fn end(mut self) -> Result<Upload, Problem> {
        self.file.flush().await.map_err(|error| disk(&error))?;
        Ok(Upload {
            path: self.path,
            sha256: hex::encode(self.hash.finalize()),
        })
    }
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
    require_announced(request, limits.upload_bytes_max)?;
    let mut uploading = Uploading::begin(folder, limits)?;
    let mut pace = Pace::new(limits);
    while let Some(chunk) = pace.next(&mut payload).await? {
        uploading.take(&chunk).await?;
    }
    uploading.end().await
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

pub(super) fn disk(error: &std::io::Error) -> Problem {
    tracing::error!("an upload could not be kept: {error}");
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "disk",
        "ファイルを受け取る場所に書き込めません。管理者に空き容量と権限を確かめてもらってください",
    )
}

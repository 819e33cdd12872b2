//! A file as the body of an answer.

use actix_web::web;
use tokio::io::AsyncReadExt;

/// Bytes of a file that are sent at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// The bytes of a file from its beginning, a chunk at a time.
pub fn chunks(
    file: std::fs::File,
) -> impl futures_util::Stream<Item = std::io::Result<web::Bytes>> {
    let file = tokio::fs::File::from_std(file);
    futures_util::stream::try_unfold(file, |mut file| async move {
        let mut bytes = vec![0; CHUNK_BYTES];
        let length = file.read(&mut bytes).await?;
        bytes.truncate(length);
        Ok((length > 0).then(|| (web::Bytes::from(bytes), file)))
    })
}

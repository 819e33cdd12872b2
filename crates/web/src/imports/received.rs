//! A form with a file (multipart/form-data), written to the disk as it comes.

use std::cell::RefCell;
use std::rc::Rc;

use actix_multipart::{Field, Multipart};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Payload};
use front::{Pace, Problem, Upload, Uploading};
use futures_util::{Stream, StreamExt, stream};
use ledger::{Call, Caller, Operation};

use crate::page::{Fields, Page, admitted};

/// Bytes of all fields beside the file.
const FIELD_BYTES_MAX: usize = 16 * 1024;
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 200;

/// A form that came with a file.
pub struct Received {
    /// Who sent it, and how to answer.
    pub page: Page,
    /// Who asks, under the form's key.
    pub call: Call,
    /// The sender, let in once and for all, for work that goes on after the answer.
    pub caller: Caller,
    /// What the form says.
    pub fields: Fields,
    /// The file, or why it was not taken.
    pub file: Result<FileReceived, Problem>,
}

/// A file that came in.
pub struct FileReceived {
    /// The name it has at the sender's.
    pub name: String,
    /// Where it lies, and its SHA-256.
    pub upload: Upload,
}

/// Takes a form with a file from somebody who has signed in and may import something at all: nobody
/// else fills the disk. The form's token and key come before its file and are looked at first.
///
/// # Errors
/// Refuses a form of another site's page (403), one without a key, and one that cannot be read.
pub async fn receive(request: &HttpRequest, payload: Payload) -> Result<Received, Problem> {
    let page = Page::signed_in(request).await?;
    let call = page.call();
    let caller = page
        .run(move |ledger| ledger.admitted(&call, Operation::StartImport))
        .await?;
    let limits = page.front().settings.limits.clone();
    let refused = Rc::new(RefCell::new(None));
    let body = paced(payload, Pace::new(&limits), Rc::clone(&refused));
    let mut parts = Multipart::new(request.headers(), body.fuse().boxed_local());
    let mut receiving = Receiving::default();
    while let Some(part) = parts.next().await {
        let taken = match part {
            Ok(part) => receiving.take(request, &page, part).await,
            Err(_) => Err(unreadable()),
        };
        if let Err(problem) = taken {
            return Err(refused.take().unwrap_or(problem));
        }
    }
    let call = admitted(request, page.call(), &receiving.pairs)?;
    let said = receiving.pairs.into_iter();
    let said = said.filter(|(name, _)| !name.starts_with('_'));
    Ok(Received {
        call,
        caller,
        fields: Fields::of(said),
        file: receiving.file.unwrap_or_else(|| Err(no_file())),
        page,
    })
}

/// The body at the pace of the limits; a refusal is put aside for who reads it.
fn paced(
    payload: Payload,
    pace: Pace,
    refused: Rc<RefCell<Option<Problem>>>,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    stream::unfold((payload, pace), move |(mut payload, mut pace)| {
        let refused = Rc::clone(&refused);
        async move {
            match pace.next(&mut payload).await {
                Ok(None) => None,
                Ok(Some(bytes)) => Some((Ok(bytes), (payload, pace))),
                Err(problem) => {
                    *refused.borrow_mut() = Some(problem);
                    Some((Err(PayloadError::Incomplete(None)), (payload, pace)))
                }
            }
        }
    })
}

/// What has come so far.
#[derive(Default)]
struct Receiving {
    pairs: Vec<(String, String)>,
    bytes: usize,
    file: Option<Result<FileReceived, Problem>>,
}

impl Receiving {
    async fn take(
        &mut self,
        request: &HttpRequest,
        page: &Page,
        mut part: Field,
    ) -> Result<(), Problem> {
        let disposition = part.content_disposition();
        let name = disposition.and_then(|it| it.get_name()).unwrap_or_default();
        let name = name.to_owned();
        let file = disposition.and_then(|it| it.get_filename());
        let Some(file) = file.map(str::to_owned) else {
            let value = self.text(&mut part).await?;
            self.pairs.push((name, value));
            return Ok(());
        };
        if self.file.is_some() {
            return Err(unreadable());
        }
        admitted(request, page.call(), &self.pairs)?;
        let settings = &page.front().settings;
        let mut uploading = Uploading::begin(&settings.upload_folder, &settings.limits)?;
        let mut is_empty = true;
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| unreadable())?;
            is_empty &= chunk.is_empty();
            uploading.take(&chunk).await?;
        }
        self.file = Some(if file.is_empty() || is_empty {
            Err(no_file())
        } else {
            let upload = uploading.end().await?;
            let name = shown_name(&file);
            Ok(FileReceived { name, upload })
        });
        Ok(())
    }

    async fn text(&mut self, part: &mut Field) -> Result<String, Problem> {
        let mut value = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| unreadable())?;
            self.bytes += chunk.len();
            if self.bytes > FIELD_BYTES_MAX {
                return Err(unreadable());
            }
            value.extend_from_slice(&chunk);
        }
        String::from_utf8(value).map_err(|_| unreadable())
    }
}

/// A file's name without folders and without what cannot be shown.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown = last.chars().filter(|c| !c.is_control());
    shown.take(NAME_CHARS_MAX).collect()
}

fn no_file() -> Problem {
    Problem::pointer(
        StatusCode::UNPROCESSABLE_ENTITY,
        "field_unreadable",
        "/file".to_owned(),
        "中身のあるファイルを選んでください".to_owned(),
    )
}

fn unreadable() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "body_unreadable",
        "送られたフォームを最後まで読めません。画面を読み直してから、もう一度送ってください",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_by_its_last_name() {
        assert_eq!(shown_name("C:\\Users\\aoki\\申込.csv"), "申込.csv");
        assert_eq!(shown_name("../../etc/申込\r\n.csv"), "申込.csv");
        assert_eq!(shown_name(&"申".repeat(300)).chars().count(), 200);
    }
}

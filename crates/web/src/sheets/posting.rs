//! Posting a sheet: what would become of its lines, and then what did.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::intake::sheets::{HeldOnPosting, PostSheet, PostingPreview, SheetLineView};

use super::Head;
use super::look::reason_words;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/posting.html")]
struct Posting<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
    preview: Result<PostingPreview, String>,
}

impl Posting<'_> {
    fn line(&self, held: &HeldOnPosting) -> Option<&SheetLineView> {
        let lines = &self.head.sheet.lines;
        lines.iter().find(|line| line.line_no == held.line_no)
    }

    fn reasons(&self, held: &HeldOnPosting) -> Vec<String> {
        let reasons = held.reasons.iter();
        reasons
            .map(|reason| reason_words(self.page, reason))
            .collect()
    }

    /// Yen of the lines.
    fn amount(&self) -> String {
        let keyed = self.head.sheet.keyed.as_ref();
        self.page.yen(keyed.and_then(|keyed| keyed.amount))
    }

    fn may_override(&self) -> bool {
        self.page
            .roles()
            .is_some_and(|roles| roles.has(domain::Role::Finance))
    }
}

#[get("/sheets/{id}/posting")]
pub(super) async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    shown(&page, *id, &Fields::default()).await
}

#[post("/sheets/{id}/posting")]
pub(super) async fn send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let request = PostSheet {
        override_reason: fields.optional("override_reason"),
    };
    let posted = async {
        let posted = page
            .run(move |ledger| ledger.post_sheet(&call, sheet_id, request))
            .await?;
        let (message, count) = match posted.held {
            0 => ("sheets-done-posted", posted.lines),
            held => ("sheets-done-posted-some-held", held),
        };
        let to = format!("/sheets/{sheet_id}");
        Ok(page.done(&to, message, i64::try_from(count).ok()))
    };
    fields
        .answer(posted, async |fields| shown(&page, sheet_id, &fields).await)
        .await
}

async fn shown(page: &Page, sheet_id: i64, fields: &Fields) -> Result<HttpResponse, Problem> {
    let head = Head::of(page, sheet_id).await?;
    let call = page.call();
    let preview = page
        .run(move |ledger| ledger.preview_posting(&call, sheet_id))
        .await;
    let preview = match preview {
        Ok(preview) => Ok(preview),
        Err(problem) if problem.status.as_u16() == 409 => Err(problem.detail),
        Err(problem) => return Err(problem),
    };
    let template = Posting {
        page,
        fields,
        head,
        preview,
    };
    page.show_form(fields, &template)
}

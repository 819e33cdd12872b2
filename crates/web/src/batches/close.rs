//! Closing a month: what it will do, said in yen and counts, and then done once.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::billing::{BatchPreview, CloseBatch, LastMonth};

use super::{OfMonth, coop_name};
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "batches/close.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    of: OfMonth,
    coop: String,
    preview: BatchPreview,
}

impl Shown<'_> {
    /// How much more than last month, signed yen.
    fn more(&self) -> i64 {
        let (now, last) = (self.preview.amount.get(), self.preview.last_month.get());
        now.saturating_sub(last)
    }

    /// What stands in the way; a closed month may have nothing new.
    fn is_done(&self) -> bool {
        self.preview.is_closed && self.preview.charges == 0
    }
}

#[get("/batches/{coop}/{month}/close")]
pub(super) async fn ask(page: Page, of: Path<OfMonth>) -> Result<HttpResponse, Problem> {
    show(&page, &Fields::default(), of.into_inner()).await
}

async fn show(page: &Page, fields: &Fields, of: OfMonth) -> Result<HttpResponse, Problem> {
    let (call, asked) = (page.call(), of.clone());
    let preview = page
        .run(move |ledger| {
            ledger.require(&call, ledger::Operation::CloseBatch)?;
            ledger.preview_batch(&call, &asked.coop, asked.month)
        })
        .await?;
    let coop = coop_name(page, &of.coop).await?;
    page.show_form(
        fields,
        &Shown {
            page,
            fields,
            of,
            coop,
            preview,
        },
    )
}

#[post("/batches/{coop}/{month}/close")]
pub(super) async fn close(form: Form, of: Path<OfMonth>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let of = of.into_inner();
    // What was shown is closed by now: pressed again, or somebody was first. A delta that came since
    // is closed only by who has seen it.
    if let Some(shown) = fields.number_if_given("sequence").unwrap_or_default() {
        let (call, asked) = (page.call(), of.clone());
        let now = page
            .run(move |ledger| ledger.preview_batch(&call, &asked.coop, asked.month))
            .await?;
        if shown < i64::from(now.sequence) {
            let batch = format!("{}/{shown}", of.path());
            return Ok(page.done(&batch, "batches-done-before", None));
        }
    }
    let request = CloseBatch {
        coop: of.coop.clone(),
        month: of.month,
        reason: fields.optional("reason"),
    };
    let closed = page
        .run(move |ledger| ledger.close_batch(&call, request))
        .await;
    match closed {
        Ok(closed) => Ok(match closed.sequence {
            Some(sequence) => page.done(
                &format!("{}/{sequence}", of.path()),
                "batches-done-closed",
                Some(closed.charges),
            ),
            None => page.done(&of.path(), "batches-done-closed-empty", None),
        }),
        // Somebody was first, or the same person went back and pressed again: what is there is shown.
        Err(problem) if problem.code == "already_closed" => {
            Ok(page.done(&of.path(), "batches-done-before", None))
        }
        Err(problem) => show(&page, &fields.refused(problem), of).await,
    }
}

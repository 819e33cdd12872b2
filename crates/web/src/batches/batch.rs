//! A batch: what it comes to, who closed and approved it, its files beside what the screen says.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::ApprovalGround;
use front::Problem;
use ledger::Operation;
use ledger::billing::{BatchDetail, ExportView};
use serde::Deserialize;

use super::{OfBatch, coop_name, is_own};
use crate::page::{Fields, Page};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    sha256: Option<String>,
}

#[derive(Template)]
#[template(path = "batches/batch.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    of: OfBatch,
    coop: String,
    detail: BatchDetail,
    /// The SHA-256 of a file at hand, to be compared.
    sha256: String,
    profiles: Vec<(String, String)>,
}

impl Shown<'_> {
    fn is_voided(&self) -> bool {
        self.detail.batch.state == "voided"
    }

    fn may_approve(&self) -> bool {
        let batch = &self.detail.batch;
        let is_open = !self.is_voided() && batch.approval.is_none() && batch.exports.is_empty();
        is_open && self.page.may(Operation::ApproveBatch)
    }

    /// Whether the approval is another person's: who closed it looks.
    fn needs_another(&self) -> bool {
        let is_alone = self.page.front().ledger.settings().one_person_office;
        is_own(self.page, &self.detail.batch.closed_by) && !is_alone
    }

    fn may_export(&self) -> bool {
        let is_ready =
            self.detail.batch.approval.is_some() || !self.detail.batch.exports.is_empty();
        is_ready && !self.is_voided() && self.page.may(Operation::ExportBatch)
    }

    fn may_void(&self) -> bool {
        let is_open = !self.is_voided() && self.detail.batch.exports.is_empty();
        is_open && self.page.may(Operation::VoidBatch)
    }

    /// Whether a file says the same as the screen: rows and yen.
    fn agrees(&self, export: &ExportView) -> bool {
        let batch = &self.detail.batch;
        export.rows == batch.charges && export.amount == batch.amount
    }

    /// Whether the SHA-256 at hand is that of one of the files.
    fn is_known(&self) -> bool {
        let mut exports = self.detail.batch.exports.iter();
        exports.any(|export| export.sha256 == self.sha256)
    }

    fn ground(&self, ground: &ApprovalGround) -> String {
        // messages: batches-ground-*
        let word = ground.as_str().replace('_', "-");
        self.page.t(&format!("batches-ground-{word}"))
    }
}

#[get("/batches/{coop}/{month}/{sequence:\\d+}")]
pub(super) async fn look(
    page: Page,
    of: Path<OfBatch>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of([("profile", "standard")]);
    show(&page, &fields, of.into_inner(), asked.into_inner()).await
}

pub(super) async fn show(
    page: &Page,
    fields: &Fields,
    of: OfBatch,
    asked: Asked,
) -> Result<HttpResponse, Problem> {
    let found = of.find(page).await?;
    let call = page.call();
    let detail = page
        .run(move |ledger| ledger.get_batch(&call, found.batch_id))
        .await?;
    let coop = coop_name(page, &of.coop).await?;
    let sha256: String = asked.sha256.unwrap_or_default();
    page.show_form(
        fields,
        &Shown {
            page,
            fields,
            of,
            coop,
            detail,
            sha256: sha256.split_whitespace().collect::<String>().to_lowercase(),
            profiles: vec![
                ("standard".to_owned(), page.t("batches-profile-standard")),
                (
                    "standard-utf8".to_owned(),
                    page.t("batches-profile-standard-utf8"),
                ),
            ],
        },
    )
}

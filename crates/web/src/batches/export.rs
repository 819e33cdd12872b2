//! Handing a batch over: the file is made once, and the same bytes are given whenever it is taken.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::{Problem, chunks};
use ledger::Operation;
use ledger::billing::ExportBatch;
use ledger::proof::ControlSheet;
use serde::Deserialize;

use super::batch::{Asked, show};
use super::{OfBatch, coop_name};
use crate::page::{Form, Page};

#[derive(Debug, Deserialize)]
pub(super) struct OfFile {
    profile: String,
}

#[post("/batches/{coop}/{month}/{sequence:\\d+}/export")]
pub(super) async fn export(form: Form, of: Path<OfBatch>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let of = of.into_inner();
    let request = request(&of, fields.optional("profile"));
    let exported = async {
        let done = page
            .run(move |ledger| ledger.open_batch_file(&call, request).map(|(done, _)| done))
            .await?;
        Ok(page.done(&of.path(), "batches-done-exported", Some(done.rows)))
    };
    fields
        .answer(exported, async |fields| {
            show(&page, &fields, of.clone(), Asked::default()).await
        })
        .await
}

fn request(of: &OfBatch, profile: Option<String>) -> ExportBatch {
    ExportBatch {
        coop: of.coop.clone(),
        month: of.month,
        sequence: Some(of.sequence),
        profile,
    }
}

#[get("/batches/{coop}/{month}/{sequence:\\d+}/file")]
pub(super) async fn download(
    page: Page,
    of: Path<OfBatch>,
    file: Query<OfFile>,
) -> Result<HttpResponse, Problem> {
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, Operation::DownloadBatchFile))
        .await?;
    let batch = of.find(&page).await?;
    let is_there = batch.exports.iter().any(|one| one.profile == file.profile);
    if !is_there {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "batch_not_exported",
            "この形式ではまだ出力していません。請求データの画面で、先に出力してください",
        ));
    }
    let request = request(&of, Some(file.profile.clone()));
    let call = page.call();
    let (exported, file) = page
        .run(move |ledger| ledger.download_batch_file(&call, request))
        .await?;
    let name = format!("{}-{}-{}.csv", of.coop, of.month, of.sequence);
    Ok(HttpResponse::Ok()
        .content_type("text/csv")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::ETAG, format!("\"{}\"", exported.sha256)))
        .streaming(chunks(file)))
}

#[derive(Template)]
#[template(path = "batches/control_sheet.html")]
struct Shown<'a> {
    page: &'a Page,
    of: OfBatch,
    coop: String,
    sheet: ControlSheet,
}

#[get("/batches/{coop}/{month}/{sequence:\\d+}/control-sheet")]
pub(super) async fn control_sheet(
    page: Page,
    of: Path<OfBatch>,
    file: Query<OfFile>,
) -> Result<HttpResponse, Problem> {
    let of = of.into_inner();
    let call = page.call();
    page.run(move |ledger| ledger.require(&call, Operation::GetControlSheet))
        .await?;
    let batch_id = of.find(&page).await?.batch_id;
    let call = page.call();
    let profile = file.into_inner().profile;
    let sheet = page
        .run(move |ledger| ledger.control_sheet(&call, batch_id, Some(&profile)))
        .await?;
    let coop = coop_name(&page, &of.coop).await?;
    page.show(&Shown {
        page: &page,
        of,
        coop,
        sheet,
    })
}

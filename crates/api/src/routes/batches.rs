//! Batches: preview, close, void and hand over a co-op's month (R9–R12).

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, get, post, web};
use domain::{BridgeStep, CollectionMonth, CoopCode};
use ledger::billing::{
    BatchApprovalView, BatchClosed, BatchDetail, BatchExported, BatchFilter, BatchPreview,
    BatchView, BatchVoided, BridgeLineView, CloseBatch, ExportBatch, VoidBatch,
};
use ledger::proof::ControlSheet;
use ledger::{Operation, Page};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::Answer;
use super::paths::{BatchId, NoBatchOfMonth, NoSuchBatch, NoSuchCooperative};
use crate::api::Api;
use crate::extract::{
    Asked, AskedOnce, Body, Caller, PageParameters, Paged, Parameters, RequiredKey,
};
use front::Problem;
use front::chunks;

/// The profile where none is named.
const PROFILE_DEFAULT: &str = "standard";

/// `month_before_first`: no batch can be made of a month before the first one closed
#[derive(IntoResponses)]
#[response(status = 409)]
struct BeforeFirstMonth;

/// Which batches are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BatchParameters {
    /// Only those of the co-op with this code.
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
    /// Only those of this month.
    #[param(value_type = Option<String>, example = "2025-08")]
    month: Option<CollectionMonth>,
}

/// The batches (請求データ), the newest first, voided ones too.
#[utoipa::path(
    tag = "batches",
    operation_id = "list_batches",
    params(BatchParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<BatchView>),
        NoSuchCooperative,
    )
)]
#[get("/api/v1/batches")]
pub async fn list_batches(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<BatchParameters>,
) -> Answer<Page<BatchView>> {
    let Paged(asked, page) = asked;
    let filter = BatchFilter {
        coop: asked.coop,
        month: asked.month,
    };
    api.answer(move |ledger| ledger.list_batches(&caller.0, &filter, &page))
        .await
}

/// Whose month is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewParameters {
    /// Code of the co-op.
    #[param(value_type = String, example = "01")]
    coop: CoopCode,
    /// The month.
    #[param(value_type = String, example = "2025-08")]
    month: CollectionMonth,
}

/// What the next close of a co-op's month would charge, with the bridge from last month to it, and
/// what stands in the way (R12).
#[utoipa::path(
    tag = "batches",
    operation_id = "preview_batch",
    params(PreviewParameters),
    responses(
        (status = 200, description = "The preview", body = BatchPreview),
        NoSuchCooperative,
        BeforeFirstMonth,
    )
)]
#[get("/api/v1/batches/preview")]
pub async fn preview_batch(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PreviewParameters>,
) -> Answer<BatchPreview> {
    let PreviewParameters { coop, month } = asked.0;
    api.answer(move |ledger| ledger.preview_batch(&caller.0, &coop, month))
        .await
}

/// Which step of whose bridge is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BridgeParameters {
    /// Code of the co-op.
    #[param(value_type = String, example = "01")]
    coop: CoopCode,
    /// The month.
    #[param(value_type = String, example = "2025-08")]
    month: CollectionMonth,
    /// The step of the bridge.
    #[param(value_type = String, example = "new")]
    step: BridgeStep,
}

/// The lines that a step of the preview's bridge is made of.
#[utoipa::path(
    tag = "batches",
    operation_id = "list_bridge_lines",
    params(BridgeParameters, PageParameters),
    responses(
        (status = 200, description = "A page of them", body = Page<BridgeLineView>),
        NoSuchCooperative,
        BeforeFirstMonth,
    )
)]
#[get("/api/v1/batches/preview/lines")]
pub async fn list_bridge_lines(
    api: web::Data<Api>,
    caller: Caller,
    asked: Paged<BridgeParameters>,
) -> Answer<Page<BridgeLineView>> {
    let Paged(asked, page) = asked;
    api.answer(move |ledger| {
        ledger.list_bridge_lines(&caller.0, &asked.coop, asked.month, asked.step, &page)
    })
    .await
}

/// Closes a co-op's month: freezes its charges as a batch (R10, R11). A month with nothing to
/// charge closes without one; what came late to a closed month makes its next sequence.
#[utoipa::path(
    tag = "batches",
    operation_id = "close_batch",
    params(RequiredKey),
    request_body = CloseBatch,
    responses(
        (status = 200, description = "The month is closed", body = BatchClosed),
        NoSuchCooperative,
        (status = 409, description = "`holds_in_the_way`: `context` names them; `month_out_of_order`, `month_before_first`, `gifts_before_first`: a month would be skipped; `month_ahead`: a reason is needed to close so early; `already_closed`: nothing is new; `batch_too_large`, `amount_overflow`"),
    )
)]
#[post("/api/v1/batches")]
pub async fn close_batch(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<CloseBatch>,
) -> Answer<BatchClosed> {
    api.answer(move |ledger| ledger.close_batch(&asked.0, body.0))
        .await
}

/// Voids the newest batch of a month, while it is not exported; voiding the first reopens the
/// month (R10, R11).
#[utoipa::path(
    tag = "batches",
    operation_id = "void_batch",
    params(RequiredKey),
    request_body = VoidBatch,
    responses(
        (status = 200, description = "It counts no more", body = BatchVoided),
        NoBatchOfMonth,
        (status = 409, description = "`batch_exported`; `batch_already_voided`; `batch_not_latest`, `later_month_closed`, `members_moved_since`: something later stands on it; `month_before_first`"),
    )
)]
#[post("/api/v1/batches/void")]
pub async fn void_batch(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<VoidBatch>,
) -> Answer<BatchVoided> {
    api.answer(move |ledger| ledger.void_batch(&asked.0, body.0))
        .await
}

/// Approves that a batch is handed over, once, by another person than who closed it. From then on it can
/// be exported.
#[utoipa::path(
    tag = "batches",
    operation_id = "approve_batch",
    params(BatchId, RequiredKey),
    responses(
        (status = 200, description = "It may be exported", body = BatchApprovalView),
        NoSuchBatch,
        (status = 409, description = "`needs_second_person`: who closed it does not approve it; `batch_already_approved`; `batch_voided`"),
    )
)]
#[post("/api/v1/batches/{id}/approve")]
pub async fn approve_batch(
    api: web::Data<Api>,
    asked: AskedOnce,
    path: web::Path<BatchId>,
) -> Answer<BatchApprovalView> {
    api.answer(move |ledger| ledger.approve_batch(&asked.0, path.id))
        .await
}

/// Exports a batch in a profile: takes the file's SHA-256 the first time, checks it every later
/// one. From then on the file can be downloaded, and the batch no longer be voided.
#[utoipa::path(
    tag = "batches",
    operation_id = "export_batch",
    params(RequiredKey),
    request_body = ExportBatch,
    responses(
        (status = 200, description = "What the file is", body = BatchExported),
        NoBatchOfMonth,
        (status = 409, description = "`batch_not_approved`: another person than who closed it approves it first, `context` names the batch; `month_open`: nothing is closed yet; `batch_voided`; `batch_empty`: the month had nothing to charge; `character_not_encodable`; `export_differs`: the file is not the one first exported"),
    )
)]
#[post("/api/v1/batches/export")]
pub async fn export_batch(
    api: web::Data<Api>,
    asked: AskedOnce,
    body: Body<ExportBatch>,
) -> Answer<BatchExported> {
    api.answer(move |ledger| {
        let (exported, _) = ledger.open_batch_file(&asked.0, body.0)?;
        Ok(exported)
    })
    .await
}

/// A batch with its totals per order number.
#[utoipa::path(
    tag = "batches",
    operation_id = "get_batch",
    params(BatchId),
    responses(
        (status = 200, description = "The batch", body = BatchDetail),
        NoSuchBatch,
    )
)]
#[get("/api/v1/batches/{id}")]
pub async fn get_batch(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<BatchId>,
) -> Answer<BatchDetail> {
    api.answer(move |ledger| ledger.get_batch(&caller.0, path.id))
        .await
}

/// Which form of the file is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileParameters {
    /// `standard` (CP932, the default) or `standard-utf8`.
    #[param(example = "standard")]
    profile: Option<String>,
}

/// The collection file of a batch, once it has been exported.
#[utoipa::path(
    tag = "batches",
    operation_id = "download_batch_file",
    params(BatchId, FileParameters),
    responses(
        (status = 200, description = "The file, byte for byte as it was exported", body = String, content_type = "text/csv"),
        NoSuchBatch,
        (status = 409, description = "`batch_not_exported`: it has not been exported in this profile"),
    )
)]
#[get("/api/v1/batches/{id}/file")]
pub async fn download_batch_file(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<BatchId>,
    parameters: Parameters<FileParameters>,
) -> Result<HttpResponse, Problem> {
    let profile = parameters
        .0
        .profile
        .unwrap_or_else(|| PROFILE_DEFAULT.to_owned());
    let wanted = profile.clone();
    let call = asked.0.clone();
    let batch = api
        .run(move |ledger| {
            ledger.require(&call, Operation::DownloadBatchFile)?;
            ledger.get_batch(&call, path.id)
        })
        .await?
        .batch;
    if !batch.exports.iter().any(|export| export.profile == wanted) {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "batch_not_exported",
            format!(
                "請求データ {} は {wanted} ではまだ出力していません。先に出力してください（POST /api/v1/batches/export）",
                batch.batch_id
            ),
        ));
    }
    let request = ExportBatch {
        coop: batch.coop,
        month: batch.month,
        sequence: Some(batch.sequence),
        profile: Some(profile),
    };
    let call = asked.0;
    let (exported, file) = api
        .run(move |ledger| ledger.download_batch_file(&call, request))
        .await?;
    let name = format!(
        "{}-{}-{}.csv",
        exported.coop, exported.month, exported.sequence
    );
    Ok(HttpResponse::Ok()
        .content_type("text/csv")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::ETAG, format!("\"{}\"", exported.sha256)))
        .streaming(chunks(file)))
}

/// The control sheet of an exported batch: rows, yen, SHA-256, and the last link of each chain now.
/// Kept apart from the database, it shows later that nothing was cut off (`verify_against_heads`).
#[utoipa::path(
    tag = "batches",
    operation_id = "get_control_sheet",
    params(("id" = i64, Path, description = "The batch's `batch_id`"), FileParameters),
    responses(
        (status = 200, description = "The control sheet", body = ControlSheet),
        (status = 404, description = "`batch_not_found`: there is no such batch"),
        (status = 409, description = "`batch_not_exported`: it has not been exported in this profile"),
    )
)]
#[get("/api/v1/batches/{id}/control-sheet")]
pub async fn get_control_sheet(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<i64>,
    parameters: Parameters<FileParameters>,
) -> Answer<ControlSheet> {
    let profile = parameters.0.profile;
    api.answer(move |ledger| ledger.control_sheet(&caller.0, *id, profile.as_deref()))
        .await
}

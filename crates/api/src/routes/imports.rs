//! Files that are sent, and how far their import is.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::NaiveDate;
use domain::{Channel, CoopCode};
use ledger::{Call, ImportJob, Operation, StartImport};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Answer;
use crate::api::Api;
use crate::extract::{Asked, Caller, OptionalKey, Parameters, day};
use front::{Import, ImportFile, Problem, receive_upload};

const FILE_NAME_CHARS_MAX: usize = 200;

/// A table that a file can fill.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportTable {
    /// 単協
    Cooperatives,
    /// 基金
    Funds,
    /// 団体
    Organizations,
    /// 団体寄付の募集
    Campaigns,
    /// 企画回
    Cycles,
    /// 募集（注文番号）
    Offerings,
    /// 組合員
    Members,
    /// 組合員の異動
    MemberChanges,
    /// これまでのサポーター登録
    Pledges,
    /// 申込
    Applications,
    /// 集金結果
    Results,
}

impl ImportTable {
    fn name(self) -> &'static str {
        match self {
            Self::Cooperatives => "cooperatives",
            Self::Funds => "funds",
            Self::Organizations => "organizations",
            Self::Campaigns => "campaigns",
            Self::Cycles => "cycles",
            Self::Offerings => "offerings",
            Self::Members => "members",
            Self::MemberChanges => "member-changes",
            Self::Pledges => "pledges",
            Self::Applications => "applications",
            Self::Results => "results",
        }
    }
}

/// What the file is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParameters {
    /// Which table it fills.
    #[param(inline)]
    table: ImportTable,
    /// The name people know the file by, at most 200 characters.
    #[param(example = "applications-2025-11.csv", max_length = 200)]
    file: Option<String>,
    /// The channel of applications that name none: `paper` (the default), `web`, `depot`, `phone`.
    #[param(value_type = Option<String>, example = "paper")]
    channel: Option<Channel>,
    /// The date of receipt of applications that name none; today where none is given.
    #[param(value_type = Option<String>, format = Date, example = "2025-11-14")]
    #[serde(default, deserialize_with = "day::optional")]
    received_on: Option<NaiveDate>,
    /// The co-op that results come from: lines about another's charges are held (R13).
    #[param(value_type = Option<String>, example = "01")]
    coop: Option<CoopCode>,
}

/// Sends a file to be imported. The answer comes when the file has arrived; the import goes on as
/// a job, whose progress `get_import` tells.
///
/// The body is the file itself, as text/csv in UTF-8 or CP932. All of it is taken or nothing. The
/// same file of applications or of results twice changes nothing (R6); under the same `Idempotency-Key` it is
/// the same job.
#[utoipa::path(
    tag = "imports",
    operation_id = "start_import",
    params(ImportParameters, OptionalKey),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    responses((status = 202, description = "It arrived and is being imported", body = ImportJob))
)]
#[post("/api/v1/imports")]
pub async fn start_import(
    api: web::Data<Api>,
    request: HttpRequest,
    asked: Asked,
    parameters: Parameters<ImportParameters>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let ImportParameters {
        table,
        file,
        channel,
        received_on,
        coop,
    } = parameters.0;
    let file = file.unwrap_or_else(|| format!("{}.csv", table.name()));
    check_file_name(&file)?;
    // Nobody sends a long file for nothing, and nobody who may not fills the disk.
    let call = asked.0.clone();
    let caller = api
        .run(move |ledger| ledger.admitted(&call, Operation::StartImport))
        .await?;
    let settings = &api.front.settings;
    let upload =
        receive_upload(&request, payload, &settings.upload_folder, &settings.limits).await?;
    let request = StartImport {
        table: table.name().to_owned(),
        file,
        sha256: upload.sha256,
        channel,
        received_on,
        coop,
    };
    let id = Uuid::new_v4().to_string();
    let instance = api.front.jobs.instance.clone();
    let (call, offered, wanted) = (asked.0.clone(), id.clone(), request.clone());
    let started = api
        .run(move |ledger| ledger.start_import(&call, &wanted, &offered, &instance))
        .await?;
    if started.id == id {
        let import = Import {
            id,
            caller,
            request,
            file: ImportFile::Passing(upload.path),
            is_trial: false,
        };
        api.front.jobs.work(&api.front.ledger, import);
    }
    let job = progress(&api, asked.0, started.id).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/api/v1/imports/{}", job.id)))
        .json(job))
}

/// How far an import is, and what became of it.
#[utoipa::path(
    tag = "imports",
    operation_id = "get_import",
    params(("id" = String, Path, description = "The import's `id`")),
    responses(
        (status = 200, description = "Where it stands", body = ImportJob),
        (status = 404, description = "`import_not_found`: there is no such import"),
    )
)]
#[get("/api/v1/imports/{id}")]
pub async fn get_import(
    api: web::Data<Api>,
    caller: Caller,
    id: web::Path<String>,
) -> Answer<ImportJob> {
    progress(&api, caller.0, id.into_inner())
        .await
        .map(web::Json)
}

/// Refuses a name that is too long to show or has characters that cannot be shown.
fn check_file_name(name: &str) -> Result<(), Problem> {
    if name.chars().count() <= FILE_NAME_CHARS_MAX && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Problem::parameter(
        StatusCode::BAD_REQUEST,
        "query_unreadable",
        "file",
        &format!("ファイル名は {FILE_NAME_CHARS_MAX} 文字までで指定してください"),
    ))
}

async fn progress(api: &Api, call: Call, id: String) -> Result<ImportJob, Problem> {
    let lines_read = api.front.jobs.lines_read(&id);
    let instance = api.front.jobs.instance.clone();
    let mut job = api
        .run(move |ledger| ledger.get_import(&call, &id, &instance))
        .await?;
    job.lines_read = lines_read;
    Ok(job)
}

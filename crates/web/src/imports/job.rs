//! One file on its way: what it would do, the taking of it, and what came of it.

use std::fmt::Display;
use std::path::PathBuf;

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::{Import, ImportFile, Problem, kept_path};
use ledger::intake::{ApplicationsImported, ApplicationsPreview};
use ledger::settlement::{ResultsImported, ResultsPreview};
use ledger::{ImportFollowed, ImportState, Operation, ReferenceImported};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempPath;
use uuid::Uuid;

use super::kinds;
use crate::page::{Fields, Form, Page};

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(job)
        .service(job_of_results)
        .service(take)
        .service(progress);
}

/// The address of a file on its way.
pub fn address(table: &str, id: &str) -> String {
    match table {
        "results" => format!("/results/imports/{id}"),
        _ => format!("/imports/{id}"),
    }
}

/// A file on its way, by its name.
pub async fn follow(page: &Page, id: String) -> Result<ImportFollowed, Problem> {
    let call = page.call();
    let lines_read = page.front().jobs.lines_read(&id);
    let instance = page.front().jobs.instance.clone();
    let mut followed = page
        .run(move |ledger| ledger.follow_import(&call, &id, &instance))
        .await?;
    followed.job.lines_read = lines_read;
    Ok(followed)
}

/// What there is to see of it.
enum Shown {
    Running,
    Refused,
    Failed,
    Applications(Box<ApplicationsPreview>),
    Results(Box<ResultsPreview>),
    Reference(Box<ReferenceImported>),
    ApplicationsTaken(Box<ApplicationsImported>),
    ResultsTaken(Box<ResultsImported>),
    ReferenceTaken(Box<ReferenceImported>),
}

impl Shown {
    fn of(followed: &ImportFollowed) -> Result<Self, Problem> {
        let result = || followed.job.result.clone().unwrap_or_default();
        Ok(match followed.job.state {
            ImportState::Running => Self::Running,
            ImportState::Refused => Self::Refused,
            ImportState::Failed => Self::Failed,
            ImportState::Done => match (followed.job.table.as_str(), followed.is_trial) {
                ("applications", true) => Self::Applications(read(result())?),
                ("applications", false) => Self::ApplicationsTaken(read(result())?),
                ("results", true) => Self::Results(read(result())?),
                ("results", false) => Self::ResultsTaken(read(result())?),
                (_, true) => Self::Reference(read(result())?),
                (_, false) => Self::ReferenceTaken(read(result())?),
            },
        })
    }

    /// Whether it was taken before, so that taking it changes nothing.
    fn was_taken_before(&self) -> bool {
        match self {
            Self::Applications(preview) => preview.imported.already_imported,
            Self::Results(preview) => preview.imported.already_imported,
            _ => false,
        }
    }

    /// Whether it is a trial that came to a good end.
    fn is_tried(&self) -> bool {
        matches!(
            self,
            Self::Applications(_) | Self::Results(_) | Self::Reference(_)
        )
    }
}

fn read<T: DeserializeOwned>(result: Value) -> Result<Box<T>, Problem> {
    serde_json::from_value(result).map_err(|error| {
        tracing::error!("what an import gave cannot be read: {error}");
        Problem::internal()
    })
}

#[derive(Template)]
#[template(path = "imports/job.html")]
struct Job<'a> {
    page: &'a Page,
    fields: &'a Fields,
    followed: &'a ImportFollowed,
    shown: Shown,
    may_take: bool,
    /// Whether the file still waits on the disk.
    is_kept: bool,
}

impl Job<'_> {
    fn table(&self) -> String {
        kinds::name(self.page, &self.followed.job.table)
    }

    fn file(&self) -> &str {
        self.followed.job.file.as_deref().unwrap_or_default()
    }

    /// Where the next file of this kind is chosen.
    fn again(&self) -> &'static str {
        match self.followed.job.table.as_str() {
            "results" => "/results",
            _ => "/imports",
        }
    }

    fn channel(&self, channel: impl Display) -> String {
        self.page.t(&format!("imports-channel-{channel}"))
    }

    fn hold_reason(&self, reason: impl Display) -> String {
        // messages: imports-hold-*
        self.page.t(&format!("imports-hold-{reason}"))
    }

    fn result_hold(&self, reason: impl Display) -> String {
        // messages: results-hold-*
        self.page.t(&format!("results-hold-{reason}"))
    }

    fn result_code(&self, code: impl Display) -> String {
        // messages: results-code-*
        self.page.t(&format!("results-code-{code}"))
    }

    fn gift(&self, kind: impl Display) -> String {
        // messages: imports-kind-*
        self.page.t(&format!("imports-kind-{kind}"))
    }
}

#[get("/imports/{id}")]
async fn job(page: Page, id: Path<String>) -> Result<HttpResponse, Problem> {
    show(&page, id.into_inner(), Fields::default()).await
}

/// The same for results, so that the menu shows where one is.
#[get("/results/imports/{id}")]
async fn job_of_results(page: Page, id: Path<String>) -> Result<HttpResponse, Problem> {
    show(&page, id.into_inner(), Fields::default()).await
}

async fn show(page: &Page, id: String, fields: Fields) -> Result<HttpResponse, Problem> {
    let followed = follow(page, id).await?;
    let shown = Shown::of(&followed)?;
    let view = Job {
        may_take: kinds::may_take(page, &followed.job.table),
        is_kept: shown.is_tried() && waiting(page, &followed).is_some(),
        page,
        fields: &fields,
        followed: &followed,
        shown,
    };
    page.show_form(&fields, &view)
}

/// Where the file of a trial waits, if it still does.
fn waiting(page: &Page, followed: &ImportFollowed) -> Option<PathBuf> {
    let folder = &page.front().settings.upload_folder;
    let path = kept_path(folder, &followed.job.id);
    path.is_file().then_some(path)
}

/// Takes the file of a trial. A second click, a reload or the back button finds it being taken.
#[post("/imports/{id}/take")]
async fn take(form: Form, id: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let trial_id = id.into_inner();
    let followed = follow(&page, trial_id.clone()).await?;
    let table = followed.job.table.clone();
    if let Some(taken) = &followed.taken_as {
        return Ok(page.go(&address(&table, taken)));
    }
    let waiting = waiting(&page, &followed).and_then(|path| TempPath::try_from_path(path).ok());
    let Some(path) = waiting else {
        let gone = Problem::new(
            StatusCode::CONFLICT,
            "import_interrupted",
            "ファイルを預かる期限（1日）が過ぎたか、すでに取り込まれました。もう一度ファイルを選んでください",
        );
        return show(&page, trial_id, fields.refused(gone)).await;
    };
    let asking = call.clone();
    let caller = page
        .run(move |ledger| ledger.admitted(&asking, Operation::StartImport))
        .await?;
    let front = page.front();
    let id = Uuid::new_v4().to_string();
    let (offered, instance) = (id.clone(), front.jobs.instance.clone());
    let taken = page
        .run(move |ledger| ledger.take_trial(&call, &trial_id, &offered, &instance))
        .await?;
    if taken.id == id {
        let import = Import {
            id,
            caller,
            request: taken.request,
            file: ImportFile::Passing(path),
            is_trial: false,
        };
        front.jobs.work(&front.ledger, import);
    }
    Ok(page.go(&address(&table, &taken.id)))
}

/// How far it is, for the page's script.
#[derive(Serialize)]
struct Progress {
    is_running: bool,
    lines_read: Option<u64>,
}

#[get("/imports/{id}/progress")]
async fn progress(page: Page, id: Path<String>) -> Result<HttpResponse, Problem> {
    let followed = follow(&page, id.into_inner()).await?;
    Ok(HttpResponse::Ok().json(Progress {
        is_running: followed.job.state == ImportState::Running,
        lines_read: followed.job.lines_read,
    }))
}

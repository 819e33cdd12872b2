//! A file arrives: it is kept, and what it would do is tried.

use actix_web::web;
use chrono::NaiveDate;
use domain::{Channel, CoopCode};
use front::{Import, ImportFile, Problem, Upload, keep};
use ledger::{FileSource, StartImport, tables_that_fit};
use tempfile::TempPath;
use uuid::Uuid;

use super::kinds;
use super::received::{FileReceived, Received};
use crate::page::{Fields, wrong};

/// The choice that lets the headings tell what a file is.
pub const BY_HEADINGS: &str = "auto";

/// What a form says beside its file.
struct Said {
    table: Option<String>,
    channel: Option<Channel>,
    received_on: Option<NaiveDate>,
    coop: Option<CoopCode>,
}

impl Said {
    fn read(fields: &Fields) -> Result<Self, Problem> {
        let table = fields.required("table")?;
        Ok(Self {
            table: (table != BY_HEADINGS).then_some(table),
            channel: fields.read_if_given("channel")?,
            received_on: fields.date_if_given("received_on")?,
            coop: fields.read_if_given("coop")?,
        })
    }
}

/// Keeps the file of a form and begins to try it. Gives the trial's name.
///
/// # Errors
/// Refuses a form without a file, a file whose headings do not tell what it is, and one of a kind that
/// the sender may not take.
pub async fn arrive(received: &mut Received) -> Result<(String, String), Problem> {
    let said = Said::read(&received.fields)?;
    let nothing = wrong("file", String::new());
    let file = std::mem::replace(&mut received.file, Err(nothing))?;
    let (file, table) = told_table(received, file, said.table.clone()).await?;
    if !kinds::may_take(&received.page, &table) {
        let name = kinds::name(&received.page, &table);
        let told = format!("{name}のファイルを取り込む権限がありません。担当の人に頼んでください");
        return Err(wrong("table", told));
    }
    let is_of_applications = table == "applications";
    let request = StartImport {
        sha256: file.upload.sha256.clone(),
        file: file.name,
        channel: said.channel.filter(|_| is_of_applications),
        received_on: said.received_on.filter(|_| is_of_applications),
        coop: said.coop.filter(|_| table == "results"),
        table: table.clone(),
    };
    let id = begin(received, request, file.upload).await?;
    Ok((id, table))
}

/// What the file is: as the form says, or as its headings tell.
async fn told_table(
    received: &Received,
    file: FileReceived,
    said: Option<String>,
) -> Result<(FileReceived, String), Problem> {
    if let Some(table) = said {
        return match kinds::operation(&table) {
            Some(_) => Ok((file, table)),
            None => Err(wrong("table", "種類を選んでください".to_owned())),
        };
    }
    let fitting = received.page.run({
        let source = FileSource::named(&file.upload.path, &file.name);
        move |_| tables_that_fit(&source)
    });
    match fitting.await?.as_slice() {
        [table] => Ok((file, (*table).to_owned())),
        [] => Err(wrong(
            "table",
            "1行目の見出しが、どの種類とも合いません。種類を選んで、もう一度ファイルを選んでください。足りない見出しをお知らせします".to_owned(),
        )),
        _ => Err(wrong(
            "table",
            "1行目の見出しだけでは種類が決まりません。種類を選んで、もう一度ファイルを選んでください".to_owned(),
        )),
    }
}

/// Keeps a file and begins to try it; sent twice, the form gives the trial that was begun the first
/// time.
async fn begin(
    received: &Received,
    request: StartImport,
    upload: Upload,
) -> Result<String, Problem> {
    let front = received.page.front();
    let id = Uuid::new_v4().to_string();
    let (folder, name) = (front.settings.upload_folder.clone(), id.clone());
    let kept = web::block(move || keep(upload, &folder, &name)).await;
    let path = kept.map_err(|_| Problem::internal())??;
    let instance = front.jobs.instance.clone();
    let (call, offered, wanted) = (received.call.clone(), id.clone(), request.clone());
    let started = received
        .page
        .run(move |ledger| ledger.start_trial(&call, &wanted, &offered, &instance))
        .await;
    let started = match started {
        Ok(started) if started.id == id => started,
        other => {
            // Nobody asks for this one: it would only wait for its day to end.
            let _gone = TempPath::try_from_path(path);
            return other.map(|started| started.id);
        }
    };
    let import = Import {
        id,
        caller: received.caller.clone(),
        request,
        file: ImportFile::Kept(path),
        is_trial: true,
    };
    front.jobs.work(&front.ledger, import);
    Ok(started.id)
}

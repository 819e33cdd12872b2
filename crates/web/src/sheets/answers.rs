//! What the grid's script asks for, in JSON.

use actix_web::web::{Json, Path};
use actix_web::{get, post};
use front::Problem;
use ledger::intake::sheets::{
    LineBeingKeyed, LineSeen, PutSheetLine, PutSheetLines, SheetLineKeyed, SheetLineView,
    SheetLinesKeyed, SheetState, SheetTotals,
};
use serde::{Deserialize, Serialize};

use super::line::keying_of;
use super::look::LookAnswer;
use crate::page::{Page, Sent};

/// A keying as it is kept.
#[derive(Serialize)]
pub(super) struct Lines {
    /// What a script has to show with every change, by the session of now.
    csrf: String,
    /// Whose session that is.
    person: String,
    state: SheetState,
    lines: Vec<SheetLineView>,
    /// What the lines come to; of the first keying only.
    keyed: Option<SheetTotals>,
}

/// A line to take out, as it was seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveLine {
    line_no: i64,
    seen: LineSeen,
}

/// How many lines are left.
#[derive(Serialize)]
pub(super) struct LinesLeft {
    lines: i64,
}

fn number_of(word: &str) -> Result<i32, Problem> {
    let found = keying_of(word).map(|(_, number)| number);
    found.ok_or_else(|| {
        Problem::new(
            actix_web::http::StatusCode::NOT_FOUND,
            "not_found",
            "そのような入力はありません",
        )
    })
}

#[post("/sheets/{id}/{keying}/look")]
pub(super) async fn look_at_line(
    sent: Sent<LineBeingKeyed>,
    path: Path<(i64, String)>,
) -> Result<Json<LookAnswer>, Problem> {
    let (sheet_id, word) = path.into_inner();
    let Sent { page, call, body } = sent;
    let line = LineBeingKeyed {
        keying: Some(number_of(&word)?),
        ..body
    };
    let look = page
        .run(move |ledger| ledger.look_at_keyed_line(&call, sheet_id, &line))
        .await?;
    Ok(Json(LookAnswer::of(&page, &look).await?))
}

#[post("/sheets/{id}/{keying}/lines")]
pub(super) async fn put_line(
    sent: Sent<PutSheetLine>,
    path: Path<(i64, String)>,
) -> Result<Json<SheetLineKeyed>, Problem> {
    let (sheet_id, word) = path.into_inner();
    let Sent { page, call, body } = sent;
    let keying = number_of(&word)?;
    let keyed = page
        .run(move |ledger| match keying {
            1 => ledger.put_sheet_line(&call, sheet_id, body),
            _ => ledger.key_second_time(&call, sheet_id, body),
        })
        .await?;
    Ok(Json(keyed))
}

#[post("/sheets/{id}/{keying}/many")]
pub(super) async fn put_lines(
    sent: Sent<PutSheetLines>,
    path: Path<(i64, String)>,
) -> Result<Json<SheetLinesKeyed>, Problem> {
    let (sheet_id, word) = path.into_inner();
    let Sent { page, call, body } = sent;
    let request = PutSheetLines {
        keying: Some(number_of(&word)?),
        ..body
    };
    let keyed = page
        .run(move |ledger| ledger.put_sheet_lines(&call, sheet_id, request))
        .await?;
    Ok(Json(keyed))
}

#[post("/sheets/{id}/{keying}/take-out")]
pub(super) async fn remove_line(
    sent: Sent<RemoveLine>,
    path: Path<(i64, String)>,
) -> Result<Json<LinesLeft>, Problem> {
    let (sheet_id, word) = path.into_inner();
    let Sent { page, call, body } = sent;
    let keying = number_of(&word)?;
    let left = page
        .run(move |ledger| {
            ledger.remove_sheet_line(&call, sheet_id, keying, body.line_no, Some(&body.seen))
        })
        .await?;
    Ok(Json(LinesLeft { lines: left }))
}

#[get("/sheets/{id}/{keying}/lines.json")]
pub(super) async fn lines(page: Page, path: Path<(i64, String)>) -> Result<Json<Lines>, Problem> {
    let (sheet_id, word) = path.into_inner();
    let keying = number_of(&word)?;
    let call = page.call();
    let sheet = page
        .run(move |ledger| ledger.get_sheet(&call, sheet_id))
        .await?;
    let person = page.session.as_ref().map(|session| session.name.clone());
    Ok(Json(Lines {
        csrf: page.csrf().to_owned(),
        person: person.unwrap_or_default(),
        state: sheet.state,
        keyed: sheet.keyed.filter(|_| keying == 1),
        lines: match keying {
            1 => sheet.lines,
            _ => sheet.second_lines,
        },
    }))
}

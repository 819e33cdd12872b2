//! One line that is there already, corrected or taken out: without JavaScript.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::Call;
use ledger::intake::sheets::{LineSeen, PutSheetLine, SheetLineView};
use unicode_normalization::UnicodeNormalization;

use super::Head;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/line.html")]
struct Line<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
    keying: &'static str,
    line_no: i64,
    line: Option<SheetLineView>,
}

/// Which keying an address means.
pub(super) fn keying_of(word: &str) -> Option<(&'static str, i32)> {
    match word {
        "first" => Some(("first", 1)),
        "second" => Some(("second", 2)),
        _ => None,
    }
}

fn no_such_page() -> Problem {
    Problem::new(
        actix_web::http::StatusCode::NOT_FOUND,
        "sheet_line_not_found",
        "その行はありません。入力束の画面から選び直してください",
    )
}

#[get("/sheets/{id}/{keying}/{line_no}")]
pub(super) async fn show(
    page: Page,
    path: Path<(i64, String, i64)>,
) -> Result<HttpResponse, Problem> {
    let (sheet_id, word, line_no) = path.into_inner();
    shown(&page, sheet_id, &word, line_no, None).await
}

#[post("/sheets/{id}/{keying}/{line_no}")]
pub(super) async fn send(
    form: Form,
    path: Path<(i64, String, i64)>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (sheet_id, word, line_no) = path.into_inner();
    let (word, keying) = keying_of(&word).ok_or_else(no_such_page)?;
    let corrected = async {
        put(&page, call, sheet_id, keying, Some(line_no), &fields).await?;
        let to = format!("/sheets/{sheet_id}/{word}");
        Ok(page.done(&to, "sheets-done-corrected", Some(line_no)))
    };
    fields
        .answer(corrected, |fields| {
            shown(&page, sheet_id, word, line_no, Some(fields))
        })
        .await
}

#[post("/sheets/{id}/{keying}/{line_no}/remove")]
pub(super) async fn remove(
    form: Form,
    path: Path<(i64, String, i64)>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (sheet_id, word, line_no) = path.into_inner();
    let (word, keying) = keying_of(&word).ok_or_else(no_such_page)?;
    let seen = seen(&fields)?;
    let removed = async {
        page.run(move |ledger| {
            ledger.remove_sheet_line(&call, sheet_id, keying, line_no, seen.as_ref())
        })
        .await?;
        let to = format!("/sheets/{sheet_id}/{word}");
        Ok(page.done(&to, "sheets-done-removed", Some(line_no)))
    };
    fields
        .answer(removed, |fields| {
            shown(&page, sheet_id, word, line_no, Some(fields))
        })
        .await
}

/// Keys a line from a form, or corrects one.
pub(super) async fn put(
    page: &Page,
    call: Call,
    sheet_id: i64,
    keying: i32,
    line_no: Option<i64>,
    fields: &Fields,
) -> Result<ledger::intake::sheets::SheetLineKeyed, Problem> {
    let line = PutSheetLine {
        line_no,
        ..put_line(fields)?
    };
    page.run(move |ledger| match keying {
        1 => ledger.put_sheet_line(&call, sheet_id, line),
        _ => ledger.key_second_time(&call, sheet_id, line),
    })
    .await
}

/// A line as a form says it.
pub(super) fn put_line(fields: &Fields) -> Result<PutSheetLine, Problem> {
    Ok(PutSheetLine {
        line_no: None,
        member_number: fields.required("member_number")?.nfkc().collect(),
        order_number: fields.optional("order_number"),
        units: fields.number_if_given("units")?,
        amount: fields.number_if_given("amount")?,
        note: fields.optional("note"),
        replacing: seen(fields)?,
    })
}

/// The line as the form showed it before it was changed.
fn seen(fields: &Fields) -> Result<Option<LineSeen>, Problem> {
    let Some(member_number) = fields.optional("was_member_number") else {
        return Ok(None);
    };
    Ok(Some(LineSeen {
        member_number,
        order_number: fields.optional("was_order_number"),
        units: fields.number_if_given("was_units")?,
        amount: fields.number_if_given("was_amount")?,
        note: Some(fields.get("was_note").to_owned()).filter(|note| !note.is_empty()),
    }))
}

async fn shown(
    page: &Page,
    sheet_id: i64,
    word: &str,
    line_no: i64,
    sent: Option<Fields>,
) -> Result<HttpResponse, Problem> {
    let (keying, number) = keying_of(word).ok_or_else(no_such_page)?;
    let head = Head::of(page, sheet_id).await?;
    let lines = match number {
        1 => &head.sheet.lines,
        _ => &head.sheet.second_lines,
    };
    let line = lines.iter().find(|line| line.line_no == line_no).cloned();
    if line.is_none() && sent.is_none() {
        return Err(no_such_page());
    }
    let text = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let fields = match (sent, &line) {
        (Some(sent), _) => sent,
        (None, Some(line)) => Fields::of([
            ("member_number", line.member_number.clone()),
            (
                "order_number",
                line.order_number.clone().unwrap_or_default(),
            ),
            ("units", text(line.units)),
            ("amount", text(line.amount)),
            ("note", line.note.clone().unwrap_or_default()),
        ]),
        (None, None) => Fields::default(),
    };
    let template = Line {
        page,
        fields: &fields,
        head,
        keying,
        line_no,
        line,
    };
    page.show_form(&fields, &template)
}

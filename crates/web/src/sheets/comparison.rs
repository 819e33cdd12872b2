//! Both keyings side by side, and settling the lines in which they differ.

use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::intake::sheets::{
    KeyingsCompared, LineDiffering, PutSheetLine, SettleDifferingLine, Settled, SheetLineView,
};
use ledger::{Call, Operation};

use super::Head;
use super::line::put_line;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "sheets/comparison.html")]
struct Comparison<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
    /// What both keyings come to, once they were compared.
    compared: Option<KeyingsCompared>,
}

impl Comparison<'_> {
    /// Both keyings of a line, the first one first.
    fn sides(&self, differing: &LineDiffering) -> [Side; 2] {
        let (first, second) = (self.shown(&differing.first), self.shown(&differing.second));
        let side = |name, word, own: &Shown, other: &Shown| Side {
            name,
            word,
            differs: [
                own.member_number != other.member_number,
                own.order_number != other.order_number,
                own.units != other.units,
                own.amount != other.amount,
            ],
            shown: own.clone(),
        };
        [
            side("sheets-first", "first", &first, &second),
            side("sheets-second", "second", &second, &first),
        ]
    }

    fn shown(&self, line: &Option<SheetLineView>) -> Shown {
        let Some(line) = line else {
            return Shown::default();
        };
        Shown {
            member_number: line.member_number.clone(),
            order_number: line.order_number.clone().unwrap_or_default(),
            units: self.page.count(line.units),
            amount: self.page.yen(line.amount),
            note: line.note.clone().unwrap_or_default(),
            is_there: true,
        }
    }
}

/// One keying of a line beside the other.
struct Side {
    name: &'static str,
    word: &'static str,
    shown: Shown,
    /// Where it differs: member number, order number, units, amount.
    differs: [bool; 4],
}

/// A line of one keying.
#[derive(Default, Clone)]
struct Shown {
    member_number: String,
    order_number: String,
    units: String,
    amount: String,
    note: String,
    is_there: bool,
}

#[get("/sheets/{id}/comparison")]
pub(super) async fn show(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    shown(&page, *id, &Fields::default()).await
}

#[post("/sheets/{id}/comparison")]
pub(super) async fn compare(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let sheet_id = *id;
    let compared = async {
        page.run(move |ledger| ledger.compare_keyings(&call, sheet_id))
            .await?;
        Ok(page.go(&format!("/sheets/{sheet_id}/comparison")))
    };
    fields
        .answer(compared, async |fields| {
            shown(&page, sheet_id, &fields).await
        })
        .await
}

#[post("/sheets/{id}/comparison/{line_no}")]
pub(super) async fn settle(form: Form, path: Path<(i64, i64)>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (sheet_id, line_no) = path.into_inner();
    let settled = async {
        let left = settled(&page, call, sheet_id, line_no, &fields).await?;
        let to = format!("/sheets/{sheet_id}/comparison");
        Ok(if left.agree {
            page.done(&to, "sheets-done-all-settled", None)
        } else {
            let left = i64::try_from(left.differing.len()).ok();
            page.done(&to, "sheets-done-settled", left)
        })
    };
    fields
        .answer(settled, async |fields| {
            shown(&page, sheet_id, &fields).await
        })
        .await
}

async fn settled(
    page: &Page,
    call: Call,
    sheet_id: i64,
    line_no: i64,
    fields: &Fields,
) -> Result<KeyingsCompared, Problem> {
    let as_of = match fields.get("as_of") {
        "first" => Settled::First,
        "second" => Settled::Second,
        _ => Settled::Paper(Box::new(PutSheetLine {
            line_no: None,
            ..put_line(fields)?
        })),
    };
    let request = SettleDifferingLine { line_no, as_of };
    page.run(move |ledger| ledger.settle_differing_line(&call, sheet_id, request))
        .await
}

async fn shown(page: &Page, sheet_id: i64, fields: &Fields) -> Result<HttpResponse, Problem> {
    let head = Head::of(page, sheet_id).await?;
    let is_compared = head.sheet.compared_at.is_some() && head.is_open();
    let compared = match is_compared {
        true => {
            // What was compared once is only looked at.
            let call = page.call();
            let compared = page
                .run(move |ledger| ledger.compare_keyings(&call, sheet_id))
                .await?;
            Some(compared)
        }
        false => None,
    };
    let template = Comparison {
        page,
        fields,
        head,
        compared,
    };
    page.show_form(fields, &template)
}

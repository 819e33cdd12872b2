//! The lines that a step of the bridge opens to.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{BridgeStep, CollectionMonth, CoopCode};
use front::Problem;
use ledger::billing::BridgeLineView;
use ledger::{Cursor, PageRequest};
use serde::Deserialize;

use super::month_path;
use crate::page::Page;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct OfStep {
    coop: CoopCode,
    month: CollectionMonth,
    step: BridgeStep,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "batches/lines.html")]
struct Shown<'a> {
    page: &'a Page,
    of: OfStep,
    step: String,
    of_month: String,
    /// Yen of the step, and its lines, as the preview has them.
    total: (i64, i64),
    lines: Vec<BridgeLineView>,
    /// The address of the first page.
    first: String,
    next: Option<String>,
    is_first: bool,
}

#[get("/batches/{coop}/{month}/bridge/{step}")]
pub(super) async fn list(
    page: Page,
    of: Path<OfStep>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let of = of.into_inner();
    let request = PageRequest {
        cursor: asked.into_inner().cursor.map(Cursor::from),
        limit: None,
    };
    let is_first = request.cursor.is_none();
    let (call, asked) = (page.call(), of.clone());
    let (found, total) = page
        .run(move |ledger| {
            let OfStep { coop, month, step } = &asked;
            let preview = ledger.preview_batch(&call, coop, *month)?;
            let total = preview.bridge.iter().find(|total| total.step == *step);
            let total = total.map_or((0, 0), |total| (total.amount.get(), total.charges));
            let lines = ledger.list_bridge_lines(&call, coop, *month, *step, &request)?;
            Ok((lines, total))
        })
        .await?;
    let of_month = month_path(&of.coop, of.month);
    let first = format!("{of_month}/bridge/{}", of.step);
    page.show(&Shown {
        page: &page,
        step: step_name(&page, &of.step),
        of_month,
        of,
        total,
        lines: found.items,
        next: found
            .next_cursor
            .map(|cursor| format!("{first}?cursor={cursor}")),
        first,
        is_first,
    })
}

/// What a step is called: messages: batches-step-*
pub(super) fn step_name(page: &Page, step: &BridgeStep) -> String {
    page.t(&format!("batches-step-{}", step.as_str().replace('_', "-")))
}

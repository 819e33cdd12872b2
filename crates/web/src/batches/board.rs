//! The board: every co-op's months side by side.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::CollectionMonth;
use front::Problem;
use ledger::billing::{Board, BoardCoop, BoardFilter, BoardMonth, BoardStage, Late};
use serde::Deserialize;

use super::month_path;
use crate::page::Page;

/// Months by which the board is turned back or on.
const MONTHS_TURNED: i32 = 12;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    until: Option<CollectionMonth>,
}

#[derive(Template)]
#[template(path = "batches/board.html")]
struct Shown<'a> {
    page: &'a Page,
    board: Board,
    earlier: Option<CollectionMonth>,
    later: Option<CollectionMonth>,
}

impl Shown<'_> {
    fn path(&self, coop: &domain::CoopCode, month: &CollectionMonth) -> String {
        month_path(coop, *month)
    }

    /// A co-op's month in a row.
    fn cell<'b>(&self, coop: &'b BoardCoop, at: &usize) -> &'b BoardMonth {
        &coop.months[*at]
    }

    /// What is said of a month, and in which style.
    fn state(&self, month: &BoardMonth) -> (String, &'static str) {
        match month.late {
            Some(Late::Close) => (self.page.t("batches-late-close"), "wrong"),
            Some(Late::Results) => (self.page.t("batches-late-results"), "wrong"),
            None => (self.page.t(stage_message(month.stage)), style(month.stage)),
        }
    }
}

#[get("/batches")]
pub(super) async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let (call, until) = (page.call(), asked.until);
    let filter = BoardFilter { coop: None, until };
    let board = page
        .run(move |ledger| ledger.batch_board(&call, &filter))
        .await?;
    let last = board.months.last().copied();
    page.show(&Shown {
        earlier: last.and_then(|last| last.plus_months(-MONTHS_TURNED)),
        later: until
            .and(last)
            .and_then(|last| last.plus_months(MONTHS_TURNED)),
        page: &page,
        board,
    })
}

fn stage_message(stage: BoardStage) -> &'static str {
    match stage {
        BoardStage::BeforeFirst => "batches-stage-before-first",
        BoardStage::Open => "batches-stage-open",
        BoardStage::Closed => "batches-stage-closed",
        BoardStage::Approved => "batches-stage-approved",
        BoardStage::Exported => "batches-stage-exported",
        BoardStage::Settled => "batches-stage-settled",
        BoardStage::Empty => "batches-stage-empty",
        BoardStage::Voided => "batches-stage-voided",
    }
}

fn style(stage: BoardStage) -> &'static str {
    match stage {
        BoardStage::Settled | BoardStage::Empty => "done",
        BoardStage::Closed | BoardStage::Approved => "care",
        _ => "",
    }
}

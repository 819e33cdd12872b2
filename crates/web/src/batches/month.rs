//! A month of a co-op: what its close would charge and why, and its batches; the next step foremost.

use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::CollectionMonth;
use front::Problem;
use ledger::Operation;
use ledger::billing::{BatchPreview, BatchView, HoldInTheWay, LastMonth};

use super::{OfMonth, batches_of, coop_name, is_own};
use crate::chart::waterfall::{Step, Waterfall};
use crate::page::Page;

/// Holds named on the page; the rest is in the list of holds.
const HOLDS_SHOWN_MAX: usize = 10;

#[derive(Template)]
#[template(path = "batches/month.html")]
struct Shown<'a> {
    page: &'a Page,
    of: OfMonth,
    coop: String,
    preview: BatchPreview,
    batches: Vec<Row>,
    chart: Waterfall,
    earlier: Option<CollectionMonth>,
    later: Option<CollectionMonth>,
}

/// A batch in the list of a month.
struct Row {
    batch: BatchView,
    stage: &'static str,
    style: &'static str,
    step: Option<NextStep>,
}

/// What is to be done next with a batch.
enum NextStep {
    /// Approve it.
    Approve,
    /// Somebody else has to approve it.
    WaitForAnother,
    /// Hand it over.
    Export,
    /// Take in its results.
    Results,
}

impl Row {
    fn of(page: &Page, batch: BatchView) -> Self {
        let step = next_step(page, &batch);
        let (stage, style) = stage(&batch);
        Self {
            batch,
            stage,
            style,
            step,
        }
    }
}

fn stage(batch: &BatchView) -> (&'static str, &'static str) {
    let settlement = batch.settlement.as_ref();
    match batch.state.as_str() {
        "voided" => ("batches-stage-voided", "wrong"),
        _ if settlement.is_some_and(|one| one.is_settled) => ("batches-stage-settled", "done"),
        _ if settlement.is_some_and(|one| one.is_overdue) => ("batches-late-results", "wrong"),
        _ if settlement.is_some() => ("batches-stage-exported", ""),
        _ if batch.approval.is_some() => ("batches-stage-approved", "care"),
        _ => ("batches-stage-closed", "care"),
    }
}

fn next_step(page: &Page, batch: &BatchView) -> Option<NextStep> {
    if batch.state == "voided" {
        return None;
    }
    if let Some(settlement) = &batch.settlement {
        let may = page.may(Operation::ImportResults);
        return (!settlement.is_settled && may).then_some(NextStep::Results);
    }
    if !page.may(Operation::ApproveBatch) {
        return None;
    }
    let is_alone = page.front().ledger.settings().one_person_office;
    Some(match &batch.approval {
        Some(_) => NextStep::Export,
        None if is_own(page, &batch.closed_by) && !is_alone => NextStep::WaitForAnother,
        None => NextStep::Approve,
    })
}

impl Shown<'_> {
    fn holds(&self) -> &[HoldInTheWay] {
        let shown = self.preview.holds.len().min(HOLDS_SHOWN_MAX);
        &self.preview.holds[..shown]
    }

    /// Whether a close has anything to do, and nothing stands in its way.
    fn may_close(&self) -> bool {
        let has_more = !self.preview.is_closed || self.preview.charges > 0;
        self.page.may(Operation::CloseBatch) && self.preview.holds.is_empty() && has_more
    }

    /// Whether the close is the step to take, or a batch waits for one before it.
    fn is_close_next(&self) -> bool {
        !self.preview.is_closed || self.batches.iter().all(|row| row.step.is_none())
    }

    fn chart(&self) -> String {
        self.chart.render().unwrap_or_default()
    }
}

#[get("/batches/{coop}/{month}")]
pub(super) async fn look(page: Page, of: Path<OfMonth>) -> Result<HttpResponse, Problem> {
    let of = of.into_inner();
    let (call, asked) = (page.call(), of.clone());
    let preview = page
        .run(move |ledger| ledger.preview_batch(&call, &asked.coop, asked.month))
        .await?;
    let batches = batches_of(&page, &of).await?;
    let coop = coop_name(&page, &of.coop).await?;
    let chart = waterfall(&page, &of, &preview);
    page.show(&Shown {
        batches: batches.into_iter().map(|one| Row::of(&page, one)).collect(),
        earlier: of.month.prev(),
        later: of.month.next(),
        page: &page,
        coop,
        chart,
        of,
        preview,
    })
}

/// The bridge as a picture; steps of nothing are left out of it.
fn waterfall(page: &Page, of: &OfMonth, preview: &BatchPreview) -> Waterfall {
    let moved = preview.bridge.iter().filter(|step| step.charges > 0);
    let steps: Vec<Step> = moved
        .map(|step| Step {
            name: super::lines::step_name(page, &step.step),
            amount: step.amount.get(),
            href: Some(format!("{}/bridge/{}", of.path(), step.step)),
        })
        .collect();
    let title = page.t2(
        "batches-waterfall",
        "from",
        page.yen(preview.last_month),
        "to",
        page.yen(preview.amount),
    );
    Waterfall::new(
        title,
        (page.t("batches-last-month"), preview.last_month.get()),
        &steps,
        page.t("batches-this-time"),
        |yen| page.yen(yen),
    )
}

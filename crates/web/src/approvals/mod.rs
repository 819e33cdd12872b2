//! 承認待ち: what one person of finance entered and another decides (R17).

use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::PendingState;
use front::Problem;
use ledger::two_persons::{PendingActionView, PendingFilter, PendingRequest, RejectPendingAction};
use ledger::{Cursor, Operation, PageRequest};
use serde::Deserialize;

use crate::batches::is_own;
use crate::page::{Fields, Form, Page};
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/approvals",
    sample: "/approvals",
    operation: Operation::ListPendingActions,
    menu: Some((Group::Money, "approvals-menu")),
    picture: Some("approvals"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(index)
        .service(approve)
        .service(reject)
        .service(withdraw)
        .service(look);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// `all` for what was decided, too.
    show: Option<String>,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "approvals/index.html")]
struct Index<'a> {
    page: &'a Page,
    shows_all: bool,
    actions: Vec<PendingActionView>,
    next: Option<String>,
}

impl Index<'_> {
    fn kind(&self, action: &PendingActionView) -> String {
        kind(self.page, action)
    }

    fn told(&self, action: &PendingActionView) -> String {
        told(self.page, &action.action)
    }

    fn state(&self, action: &PendingActionView) -> String {
        state(self.page, action)
    }
}

#[get("/approvals")]
async fn index(page: Page, asked: Query<Asked>) -> Result<HttpResponse, Problem> {
    let asked = asked.into_inner();
    let shows_all = asked.show.as_deref() == Some("all");
    let filter = PendingFilter {
        state: (!shows_all).then_some(PendingState::Pending),
    };
    let request = PageRequest {
        cursor: asked.cursor.map(Cursor::from),
        limit: None,
    };
    let call = page.call();
    let found = page
        .run(move |ledger| ledger.list_pending_actions(&call, &filter, &request))
        .await?;
    let show = if shows_all { "all" } else { "waiting" };
    page.show(&Index {
        page: &page,
        shows_all,
        actions: found.items,
        next: found
            .next_cursor
            .map(|cursor| format!("/approvals?show={show}&cursor={cursor}")),
    })
}

#[derive(Template)]
#[template(path = "approvals/one.html")]
struct One<'a> {
    page: &'a Page,
    fields: &'a Fields,
    action: PendingActionView,
    facts: Vec<(String, String)>,
}

impl One<'_> {
    fn waits(&self) -> bool {
        self.action.state == PendingState::Pending
    }

    fn is_own(&self) -> bool {
        is_own(self.page, &self.action.submitted_by)
    }

    /// Whether who looks may decide it: not their own, unless the office has one person.
    fn may_decide(&self) -> bool {
        let is_alone = self.page.front().ledger.settings().one_person_office;
        let may = self.page.may(Operation::ApprovePendingAction);
        self.waits() && may && (!self.is_own() || is_alone)
    }

    fn may_withdraw(&self) -> bool {
        self.waits() && self.is_own() && self.page.may(Operation::WithdrawPendingAction)
    }

    fn kind(&self) -> String {
        kind(self.page, &self.action)
    }

    fn state(&self) -> String {
        state(self.page, &self.action)
    }

    fn lines(&self) -> &[ledger::accounting::NewJournalLine] {
        match &self.action.action {
            PendingRequest::PostJournalEntry(entry) => &entry.lines,
            _ => &[],
        }
    }
}

#[get("/approvals/{id:\\d+}")]
async fn look(page: Page, id: Path<i64>) -> Result<HttpResponse, Problem> {
    show(&page, &Fields::default(), *id).await
}

async fn show(page: &Page, fields: &Fields, id: i64) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let action = page
        .run(move |ledger| ledger.get_pending_action(&call, id))
        .await?;
    page.show_form(
        fields,
        &One {
            page,
            fields,
            facts: facts(page, &action.action),
            action,
        },
    )
}

#[post("/approvals/{id:\\d+}/approve")]
async fn approve(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = *id;
    let approved = async {
        page.run(move |ledger| ledger.approve_pending_action(&call, id))
            .await?;
        Ok(page.done(&address(id), "approvals-done-approved", None))
    };
    fields
        .answer(approved, async |fields| show(&page, &fields, id).await)
        .await
}

#[post("/approvals/{id:\\d+}/reject")]
async fn reject(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = *id;
    let rejected = async {
        let reason = fields.required("reason")?;
        let request = RejectPendingAction { reason };
        page.run(move |ledger| ledger.reject_pending_action(&call, id, &request))
            .await?;
        Ok(page.done(&address(id), "approvals-done-rejected", None))
    };
    fields
        .answer(rejected, async |fields| show(&page, &fields, id).await)
        .await
}

#[post("/approvals/{id:\\d+}/withdraw")]
async fn withdraw(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let id = *id;
    let withdrawn = async {
        page.run(move |ledger| ledger.withdraw_pending_action(&call, id))
            .await?;
        Ok(page.done(&address(id), "approvals-done-withdrawn", None))
    };
    fields
        .answer(withdrawn, async |fields| show(&page, &fields, id).await)
        .await
}

fn address(id: i64) -> String {
    format!("/approvals/{id}")
}

fn kind(page: &Page, action: &PendingActionView) -> String {
    page.t(match &action.action {
        PendingRequest::PostJournalEntry(_) => "approvals-kind-entry",
        PendingRequest::ReverseJournalEntry(_) => "approvals-kind-reversal",
        PendingRequest::RecordPayout(_) => "approvals-kind-payout",
        PendingRequest::RefundCharge(_) => "approvals-kind-refund",
    })
}

fn state(page: &Page, action: &PendingActionView) -> String {
    page.t(match action.state {
        PendingState::Pending => "approvals-state-pending",
        PendingState::Approved => "approvals-state-approved",
        PendingState::Rejected => "approvals-state-rejected",
        PendingState::Withdrawn => "approvals-state-withdrawn",
    })
}

/// What it is about, in a few words.
fn told(page: &Page, request: &PendingRequest) -> String {
    match request {
        PendingRequest::PostJournalEntry(entry) => entry.description.clone(),
        PendingRequest::ReverseJournalEntry(reversal) => {
            page.t1("approvals-of-entry", "id", reversal.entry_id)
        }
        PendingRequest::RecordPayout(payout) => {
            format!("{} {}", payout.campaign, page.yen(payout.amount))
        }
        PendingRequest::RefundCharge(refund) => refund.charge_key.to_string(),
    }
}

/// Everything that is asked for, each with its name.
fn facts(page: &Page, request: &PendingRequest) -> Vec<(String, String)> {
    let fact = |key: &str, value: String| (page.t(key), value);
    let mut facts = match request {
        PendingRequest::PostJournalEntry(entry) => vec![
            fact("approvals-day", page.date(entry.date)),
            fact("approvals-description", entry.description.clone()),
            fact("approvals-reason", entry.reason.clone()),
        ],
        PendingRequest::ReverseJournalEntry(reversal) => vec![
            fact("approvals-entry", reversal.entry_id.to_string()),
            fact("approvals-day", page.date(reversal.date)),
            fact("approvals-reason", reversal.reason.clone()),
        ],
        PendingRequest::RecordPayout(payout) => vec![
            fact("approvals-campaign", payout.campaign.clone()),
            fact(
                "approvals-direction",
                page.t(if payout.returned {
                    "approvals-given-back"
                } else {
                    "approvals-passed-on"
                }),
            ),
            fact("approvals-day", page.date(payout.paid_on)),
            fact("approvals-amount", page.yen(payout.amount)),
            fact("approvals-fee", page.yen(payout.fee)),
            fact("approvals-note", payout.note.clone().unwrap_or_default()),
        ],
        PendingRequest::RefundCharge(refund) => vec![
            fact("approvals-charge", refund.charge_key.to_string()),
            fact("approvals-day", page.date(refund.refunded_on)),
            fact("approvals-reason", refund.reason.clone()),
        ],
    };
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

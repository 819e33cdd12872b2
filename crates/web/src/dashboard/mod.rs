//! ダッシュボード: what waits for who looks, today.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::Role;
use front::Problem;
use ledger::Operation;
use ledger::dashboard::{Dashboard, Waiting, WaitingDetail, WaitingKind};
use ledger::proof::LastVerification;

use crate::page::Page;
use crate::screens::{Group, Screen};

/// The screens of this area.
pub const SCREENS: &[Screen] = &[Screen {
    path: "/",
    sample: "/",
    operation: Operation::ShowDashboard,
    menu: Some((Group::Daily, "dashboard-menu")),
    picture: Some("dashboard"),
}];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(index);
}

#[derive(Template)]
#[template(path = "dashboard/index.html")]
struct Index<'a> {
    page: &'a Page,
    dashboard: Dashboard,
    /// The last verification, for whoever may verify; none where there was none yet.
    last: Option<LastVerification>,
}

impl Index<'_> {
    /// What is only told, and nobody has to do now.
    fn is_quiet(&self, waiting: &Waiting) -> bool {
        use WaitingKind as Kind;
        matches!(
            waiting.kind,
            Kind::OtherSheets
                | Kind::OwnBatches
                | Kind::OwnPendingActions
                | Kind::ResultsOutstanding
                | Kind::RecentChanges
        )
    }

    /// messages: dashboard-kind-*
    fn title(&self, waiting: &Waiting) -> String {
        self.page
            .t(&format!("dashboard-kind-{}", word(waiting.kind)))
    }

    /// messages: dashboard-step-*
    fn step(&self, waiting: &Waiting) -> String {
        self.page
            .t(&format!("dashboard-step-{}", word(waiting.kind)))
    }

    fn path(&self, waiting: &Waiting) -> &'static str {
        path(waiting.kind)
    }

    /// Where a line of it leads.
    fn detail_path(&self, waiting: &Waiting, detail: &WaitingDetail) -> String {
        detail_path(waiting.kind, detail)
    }

    /// What a line says, before its figures.
    fn told(&self, waiting: &Waiting, detail: &WaitingDetail) -> String {
        let mut words = Vec::new();
        words.extend(detail.coop_name.clone());
        match (detail.month, waiting.kind) {
            (Some(month), _) => words.push(self.page.month(month)),
            (None, WaitingKind::Holds) => words.push(self.page.t("dashboard-month-unknown")),
            (None, _) => {}
        }
        if let Some(sequence) = detail.sequence.filter(|sequence| *sequence > 1) {
            words.push(self.page.t1("dashboard-sequence", "number", sequence));
        }
        let name = detail.name.as_deref();
        words.extend(name.map(|name| self.page.who(name)));
        words.join(" ")
    }

    /// Whether its lines say more than its count.
    fn has_details(&self, waiting: &Waiting) -> bool {
        !waiting.details.is_empty()
    }
}

/// The kind in keys of messages: `own-sheets`.
fn word(kind: WaitingKind) -> &'static str {
    use WaitingKind as Kind;
    match kind {
        Kind::OwnSheets => "own-sheets",
        Kind::OtherSheets => "other-sheets",
        Kind::SecondKeyings => "second-keyings",
        Kind::FailedImports => "failed-imports",
        Kind::Holds => "holds",
        Kind::MonthsToClose => "months-to-close",
        Kind::BatchesToApprove => "to-approve",
        Kind::OwnBatches => "own-batches",
        Kind::BatchesToExport => "to-export",
        Kind::ResultsOverdue => "overdue",
        Kind::ResultsOutstanding => "outstanding",
        Kind::HeldResults => "held-results",
        Kind::PendingActions => "pending-actions",
        Kind::OwnPendingActions => "own-pending-actions",
        Kind::OldReceivables => "old-receivables",
        Kind::PeriodsToClose => "periods-to-close",
        Kind::RecentChanges => "recent-changes",
        Kind::Invitations => "invitations",
        Kind::WithoutSecondFactor => "without-second-factor",
        Kind::EndingTokens => "ending-tokens",
    }
}

/// The screen on which a kind of work is done.
fn path(kind: WaitingKind) -> &'static str {
    use WaitingKind as Kind;
    match kind {
        Kind::OwnSheets | Kind::OtherSheets | Kind::SecondKeyings => "/sheets",
        Kind::FailedImports => "/imports",
        Kind::Holds => "/review",
        Kind::MonthsToClose | Kind::BatchesToApprove | Kind::OwnBatches | Kind::BatchesToExport => {
            "/batches"
        }
        Kind::ResultsOverdue | Kind::ResultsOutstanding | Kind::HeldResults => "/results",
        Kind::PendingActions | Kind::OwnPendingActions => "/approvals",
        Kind::OldReceivables => "/books/receivables",
        Kind::PeriodsToClose => "/books/periods",
        Kind::RecentChanges => "/audit-log",
        Kind::Invitations | Kind::WithoutSecondFactor | Kind::EndingTokens => "/people",
    }
}

fn detail_path(kind: WaitingKind, detail: &WaitingDetail) -> String {
    use WaitingKind as Kind;
    match (kind, &detail.coop, detail.month) {
        (Kind::Holds, _, Some(month)) => format!("/review?month={month}"),
        (Kind::OldReceivables | Kind::PeriodsToClose, ..) => path(kind).to_owned(),
        (_, Some(coop), Some(month)) => {
            let of_month = crate::batches::month_path(coop, month);
            match detail.sequence {
                Some(sequence) => format!("{of_month}/{sequence}"),
                None => of_month,
            }
        }
        _ => path(kind).to_owned(),
    }
}

#[get("/")]
async fn index(page: Page) -> Result<HttpResponse, Problem> {
    let is_of_organization = page
        .roles()
        .is_some_and(|roles| roles.has(Role::Organization));
    if is_of_organization {
        return Ok(page.go("/own-campaigns"));
    }
    let call = page.call();
    let may_verify = page.may(Operation::VerifyRecords);
    let (dashboard, last) = page
        .run(move |ledger| {
            let last = match may_verify {
                true => ledger.last_verification(&call)?,
                false => None,
            };
            Ok((ledger.dashboard(&call)?, last))
        })
        .await?;
    page.show(&Index {
        page: &page,
        dashboard,
        last,
    })
}

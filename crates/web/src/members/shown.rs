//! Everything about a member on one screen.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{CollectionMonth, OfferingKind};
use front::Problem;
use ledger::pledges::{PledgeMonth, PledgeRevision, PledgeState};
use ledger::reference::MemberState;
use ledger::trace::{ApplicationFound, ChargeView, MemberShown, PledgeShown};
use ledger::{Cursor, Operation, PageRequest};

use super::{address, named};
use crate::chart::timeline::{Month, TimelineChart};
use crate::page::{Fields, Page};
use crate::review::told;

/// Rows of a list.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "members/member.html")]
struct Shown<'a> {
    page: &'a Page,
    shown: &'a MemberShown,
    here: String,
    more_applications: Option<String>,
    more_charges: Option<String>,
    may_change: bool,
    may_void: bool,
}

#[get("/members/{coop}/{number}")]
pub(super) async fn index(
    page: Page,
    path: Path<(String, String)>,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::of(query.into_inner());
    let (coop, number) = named(&path.0, &path.1)?;
    let list = |name: &str| PageRequest {
        cursor: fields.optional(name).map(Cursor::from),
        limit: Some(ROWS),
    };
    let (applications, charges) = (list("applications"), list("charges"));
    let call = page.call();
    let shown = page
        .run(move |ledger| ledger.show_member(&call, (&coop, &number), &applications, &charges))
        .await?;
    let here = address(
        shown.member.coop.as_str(),
        shown.member.member_number.as_str(),
    );
    let more = |name: &str, cursor: &Option<Cursor>| {
        let cursor = cursor.as_ref()?;
        Some(format!("{here}?{name}={cursor}#{name}"))
    };
    page.show(&Shown {
        page: &page,
        more_applications: more("applications", &shown.applications.next_cursor),
        more_charges: more("charges", &shown.charges.next_cursor),
        may_change: page.may(Operation::ChangePledge),
        may_void: page.may(Operation::VoidApplication),
        here,
        shown: &shown,
    })
}

impl Shown<'_> {
    fn state(&self) -> String {
        let member = &self.shown.member;
        match member.state {
            MemberState::Member => self.page.t("members-here"),
            MemberState::Left => {
                let day = self.page.date(member.left_on);
                self.page.t1("members-left", "day", day)
            }
            MemberState::Moved => self.page.t("members-moved"),
        }
    }

    // messages: members-delivery-*
    fn delivery(&self) -> Option<String> {
        let delivery = self.shown.member.delivery?;
        Some(self.page.t(&format!("members-delivery-{delivery}")))
    }

    fn pledge_state(&self, pledge: &PledgeShown) -> String {
        let key = match pledge.history.pledge.state {
            PledgeState::Running => "members-pledge-running",
            PledgeState::Planned => "members-pledge-planned",
            PledgeState::Paused => "members-pledge-paused",
            PledgeState::Ended => "members-pledge-ended",
        };
        self.page.t(key)
    }

    fn is_open(&self, pledge: &PledgeShown) -> bool {
        pledge.history.pledge.state != PledgeState::Ended
    }

    fn chart(&self, pledge: &PledgeShown) -> TimelineChart {
        let mut year = None;
        let months: Vec<Month> = pledge
            .history
            .months
            .iter()
            .map(|one| {
                let is_new = year != Some(one.month.year());
                year = Some(one.month.year());
                Month {
                    label: if is_new {
                        self.page.month(one.month)
                    } else {
                        String::new()
                    },
                    units: one.units,
                    is_charged: one.charged.is_some(),
                }
            })
            .collect();
        let title = self.page.t1("members-timeline", "fund", &pledge.fund_name);
        TimelineChart::of(pledge.history.pledge.pledge_id, title, &months)
    }

    /// Whether a month is closed already: what is not charged then never is.
    fn is_past(&self, month: &PledgeMonth) -> bool {
        let first = self.shown.ahead.first().map(|ahead| ahead.month);
        first.is_some_and(|first| month.month < first)
    }

    fn month_state(&self, month: &PledgeMonth) -> String {
        match (month.charged, month.units) {
            (Some(_), _) => self.page.t("members-month-charged"),
            (None, 0) => self.page.t("members-month-none"),
            (None, _) if self.is_past(month) => self.page.t("members-month-before"),
            (None, _) => self.page.t("members-month-planned"),
        }
    }

    // messages: members-cause-*
    fn cause(&self, revision: &PledgeRevision) -> String {
        let cause = revision.cause.replace('_', "-");
        self.page.t(&format!("members-cause-{cause}"))
    }

    fn plan(&self, revision: &PledgeRevision) -> String {
        let terms = revision.terms.iter().map(|term| {
            let (month, units) = (
                self.page.month(term.from_month),
                self.page.count(term.units),
            );
            self.page.t2("members-term", "month", month, "units", units)
        });
        terms.collect::<Vec<_>>().join("、")
    }

    // messages: members-kind-*
    fn kind(&self, kind: &OfferingKind) -> String {
        self.page.t(&format!("members-kind-{kind}"))
    }

    fn can_void(&self, one: &ApplicationFound) -> bool {
        use domain::ApplicationState::{Held, Posted};
        let first = self.shown.ahead.first().map(|ahead| ahead.month);
        let is_open = match (one.collection_month, first) {
            (Some(month), Some(first)) => month >= first,
            _ => true,
        };
        self.may_void && is_open && matches!(one.state, Posted | Held)
    }

    fn result(&self, charge: &ChargeView) -> String {
        result(self.page, charge)
    }

    /// The months that one can ask about: those charged on this page and those to come.
    fn months(&self) -> Vec<CollectionMonth> {
        let charged = self.shown.charges.items.iter().map(|one| one.month);
        let ahead = self.shown.ahead.iter().map(|one| one.month);
        let mut months: Vec<CollectionMonth> = charged.chain(ahead).collect();
        months.sort_unstable();
        months.dedup();
        months.reverse();
        months
    }
}

/// What became of a charge, in words.
pub(super) fn result(page: &Page, charge: &ChargeView) -> String {
    // messages: members-result-*
    match (&charge.result, charge.is_voided) {
        (_, true) => page.t("members-charge-voided"),
        (None, false) => page.t("members-charge-waiting"),
        (Some(result), false) => page.t(&format!("members-result-{}", result.result_code)),
    }
}

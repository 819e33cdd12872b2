//! One held application before the person who decides.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{ApplicationState, Code, HoldReason, Way};
use front::Problem;
use ledger::Operation;
use ledger::reference::{MemberState, MemberView, OfferingView};
use ledger::review::{ApplicationView, HoldCase, OpenHold, WeighedWay};
use ledger::trace::WeighedMonth;

use super::{asked, told};
use crate::page::{Fields, Page};

/// Keys on the keyboard: so many ways can be chosen by a digit.
const KEYS_MAX: usize = 9;
/// Where the usual reasons of a message stand apart.
const BETWEEN_USUAL: char = '|';

/// One way to decide, as a row of the table.
pub struct Row {
    /// The digit that chooses it; none where it cannot be chosen.
    pub key: Option<usize>,
    /// What its button sends: the way, and the cycle behind a colon.
    pub decision: String,
    /// What its button says.
    pub label: String,
    /// What becomes of the application.
    pub does: String,
    /// What the member pays.
    pub months: Vec<WeighedMonth>,
    /// Why it cannot be chosen.
    pub refused: Option<String>,
}

#[derive(Template)]
#[template(path = "review/case.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    case: &'a HoldCase,
    application: &'a ApplicationView,
    coop_name: String,
    /// Code and name of each fund.
    funds: Vec<(String, String)>,
    rows: Vec<Row>,
    /// The months of the table's head.
    months: Vec<WeighedMonth>,
    usual: Vec<String>,
    hidden: Vec<(&'static str, String)>,
    correction: Vec<(&'static str, String)>,
    previous: Option<String>,
    next: Option<String>,
    list: String,
    last: Option<String>,
    may_decide: bool,
}

#[get("/review/{id}")]
pub(super) async fn index(
    page: Page,
    id: Path<i64>,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    let mut fields = Fields::of(query.into_inner());
    // A correction that no order sheet could have is told beside its field, the line as it is.
    if let Err(problem) = load(&page, *id, &fields).await
        && fields.optional("try").is_some()
        && problem.status.as_u16() == 422
    {
        fields = fields.refused(problem);
    }
    show(&page, *id, fields).await
}

/// The case with these fields; without their correction where they were refused.
pub async fn show(page: &Page, id: i64, fields: Fields) -> Result<HttpResponse, Problem> {
    let case = match load(page, id, &fields).await {
        Ok(case) => case,
        Err(_) if fields.refusal().is_some() => {
            let only_filter = Fields::of(asked::filter_pairs(&fields));
            load(page, id, &only_filter).await?
        }
        Err(problem) => return Err(problem),
    };
    let coops = asked::coops(page).await?;
    let coop_name = coops
        .into_iter()
        .find(|(code, _)| *code == case.application.coop);
    let rows = case
        .open
        .as_ref()
        .map_or_else(Vec::new, |open| rows(page, open));
    let to = |id: Option<i64>| id.map(|id| asked::address(&format!("/review/{id}"), &fields, &[]));
    let main = case
        .open
        .as_ref()
        .and_then(|open| open.weighed.fresh_reasons.main());
    page.show_form(
        &fields,
        &Shown {
            page,
            application: &case.application,
            coop_name: coop_name.map_or_else(String::new, |(_, name)| name),
            months: rows.first().map_or_else(Vec::new, |row| row.months.clone()),
            rows,
            funds: asked::funds(page).await?,
            usual: usual(page, main),
            hidden: asked::filter_pairs(&fields),
            correction: correction_pairs(&fields),
            previous: to(case.place.previous),
            next: to(case.place.next),
            list: asked::address("/review", &fields, &[]),
            last: fields.optional("last"),
            may_decide: page.may(Operation::ResolveHold),
            case: &case,
            fields: &fields,
        },
    )
}

async fn load(page: &Page, id: i64, fields: &Fields) -> Result<HoldCase, Problem> {
    let (filter, correction) = (asked::filter(fields)?, asked::correction(fields)?);
    let call = page.call();
    page.run(move |ledger| ledger.look_into_hold(&call, id, &correction, &filter))
        .await
}

fn correction_pairs(fields: &Fields) -> Vec<(&'static str, String)> {
    let names = ["cycle", "order_number", "units", "amount", "member_number"];
    let given = names.into_iter();
    given
        .filter_map(|name| Some((name, fields.optional(name)?)))
        .collect()
}

fn rows(page: &Page, open: &OpenHold) -> Vec<Row> {
    let has_cycles = open.weighed.ways.iter().any(|way| way.cycle.is_some());
    // To take it without a week is refused where it can be taken in one: not worth a row.
    let worth = open.weighed.ways.iter().filter(|way| {
        !(has_cycles && way.cycle.is_none() && way.way == Way::Accept && way.refused.is_some())
    });
    let mut keys = 1..=KEYS_MAX;
    worth
        .map(|way| Row {
            key: if way.refused.is_none() {
                keys.next()
            } else {
                None
            },
            decision: match &way.cycle {
                Some(cycle) => format!("{}:{cycle}", way.way),
                None => way.way.to_string(),
            },
            label: label(page, way),
            does: does(page, way),
            months: way.months.clone(),
            refused: way.refused.clone(),
        })
        .collect()
}

fn label(page: &Page, way: &WeighedWay) -> String {
    let label = told::way(page, way.way);
    match &way.cycle {
        Some(cycle) => page.t2("review-in-cycle", "cycle", cycle, "way", label),
        None => label,
    }
}

fn does(page: &Page, way: &WeighedWay) -> String {
    match (way.state, way.month) {
        (Some(ApplicationState::Posted), Some(month)) if lasts(way.way) => {
            page.t1("review-does-monthly", "month", page.month(month))
        }
        (Some(ApplicationState::Posted), Some(month)) => {
            page.t1("review-does-posted", "month", page.month(month))
        }
        (Some(ApplicationState::Posted), None) => page.t("review-does-nothing"),
        (Some(ApplicationState::Held), _) => {
            let reasons: Vec<String> = way
                .reasons
                .iter()
                .map(|one| told::reason(page, &one))
                .collect();
            page.t1("review-does-held", "reasons", reasons.join("、"))
        }
        (Some(ApplicationState::Mistake), _) => page.t("review-does-mistake"),
        _ => String::new(),
    }
}

/// Whether a way changes every month from then on.
fn lasts(way: Way) -> bool {
    matches!(way, Way::Add | Way::Replace)
}

fn usual(page: &Page, main: Option<HoldReason>) -> Vec<String> {
    // messages: review-usual-*
    let key = main.map_or_else(|| "other".to_owned(), asked::reason_key);
    let words = page.t(&format!("review-usual-{key}"));
    words
        .split(BETWEEN_USUAL)
        .map(|one| one.trim().to_owned())
        .collect()
}

impl Shown<'_> {
    // messages: review-why-*
    fn why(&self, of: &HoldReason) -> String {
        let key = format!("review-why-{}", asked::reason_key(*of));
        self.page.t(&key)
    }

    fn fund(&self, code: &Code) -> String {
        let known = self.funds.iter().find(|(known, _)| known == code.as_str());
        known.map_or_else(|| code.to_string(), |(_, name)| name.clone())
    }

    /// The reasons that stand on the page.
    fn reasons(&self) -> Vec<HoldReason> {
        let fresh = self
            .case
            .open
            .as_ref()
            .map(|open| open.weighed.fresh_reasons);
        fresh.map_or_else(Vec::new, |reasons| reasons.iter().collect())
    }

    // messages: review-kind-*
    fn kind(&self, offering: &OfferingView) -> String {
        self.page.t(&format!("review-kind-{}", offering.kind))
    }

    fn member_state(&self, member: &MemberView) -> String {
        match member.state {
            MemberState::Member => self.page.t("review-member-here"),
            MemberState::Left => {
                let day = self.page.date(member.left_on);
                self.page.t1("review-member-left", "day", day)
            }
            MemberState::Moved => self.page.t("review-member-moved"),
        }
    }

    fn keyed_by(&self) -> &str {
        let one = self.application;
        let keyed = one.keyed.as_ref().and_then(|keyed| keyed.keyings.first());
        keyed.map_or(one.recorded_by.as_str(), |keying| keying.keyed_by.as_str())
    }

    /// A correction to look at, keeping the filter.
    fn with(&self, offering: &OfferingView) -> String {
        let mut more = vec![
            ("try", "1".to_owned()),
            ("order_number", offering.order_number.to_string()),
        ];
        let line = self.case.open.as_ref().map(|open| &open.line);
        let proposal = line.and_then(|line| line.proposal.as_ref());
        if let Some(amount) = proposal.and_then(|proposal| proposal.amount) {
            more.push(("amount", amount.to_string()));
        } else if let Some(units) = proposal.and_then(|proposal| proposal.units) {
            more.push(("units", units.to_string()));
        }
        asked::address(
            &format!("/review/{}", self.application.id),
            self.fields,
            &more,
        )
    }

    /// The newest decision that stands: it can be undone.
    fn undoable(&self) -> Option<&ledger::review::DecisionView> {
        let decisions = self.application.decisions.iter().rev();
        decisions.into_iter().find(|one| one.undone_at.is_none())
    }
}

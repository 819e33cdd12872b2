//! A pledge as people see it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CollectionMonth, Term, Timeline};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::pledges::{self, NamedPledge};
use utoipa::ToSchema;

use super::name::PledgeName;
use super::plan;
use crate::error::stored;
use crate::{LedgerError, Result};

/// How a pledge stands this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PledgeState {
    /// Above 0 this month.
    Running,
    /// Its first month is still to come.
    Planned,
    /// 0 this month and above 0 in a later one.
    Paused,
    /// 0 this month and ever after.
    Ended,
}

/// From a month on, so much a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedTerm {
    /// The first month it holds.
    #[schema(value_type = String, example = "2025-12")]
    pub from_month: CollectionMonth,
    /// Units (口) a month; 0 for a pause or the end.
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// Yen a month.
    pub amount: i64,
}

/// A pledge and its plan as it now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeView {
    /// Its number.
    pub pledge_id: i64,
    /// Co-op, member and fund.
    #[serde(flatten)]
    pub name: PledgeName,
    /// How it stands this month.
    pub state: PledgeState,
    /// The order number its charges bear; none where it was imported without one.
    pub order_number: Option<String>,
    /// The application that opened it; none where it was imported or carried over.
    pub application_id: Option<i64>,
    /// The pledge it carries on from another co-op or number.
    pub predecessor_id: Option<i64>,
    /// The plan, earliest first.
    pub plan: Vec<PlannedTerm>,
}

/// One change of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeRevision {
    /// Which, from 1.
    pub revision: i32,
    /// What it put in the place of the plan from its first month on.
    pub terms: Vec<PlannedTerm>,
    /// `application`, `decision`, `command`, `import`, `member_change` or `undo`.
    pub cause: String,
    /// The application behind it.
    pub application_id: Option<i64>,
    /// The decision behind it.
    pub decision_id: Option<i64>,
    /// Why, in the person's own words.
    pub reason: Option<String>,
    /// Who.
    pub actor: Option<String>,
    /// When, UTC.
    pub recorded_at: Option<DateTime<Utc>>,
}

impl PledgeRevision {
    /// The cause in Japanese.
    pub fn cause_ja(&self) -> &'static str {
        match self.cause.as_str() {
            "application" => "申込",
            "decision" => "要確認の判断",
            "command" => "変更",
            "import" => "引き継ぎ",
            "member_change" => "異動",
            "settlement" => "集金不能",
            _ => "取り消し",
        }
    }
}

/// What the plan says for one month, and what was charged in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeMonth {
    /// The month.
    #[schema(value_type = String, example = "2025-12")]
    pub month: CollectionMonth,
    /// Units (口).
    pub units: i64,
    /// Yen a unit.
    pub unit_price: i64,
    /// Yen.
    pub amount: i64,
    /// Yen charged in a closed batch; none where it is not charged.
    pub charged: Option<i64>,
    /// That batch.
    pub batch_id: Option<i64>,
}

/// Everything about one pledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeHistory {
    /// The pledge.
    #[serde(flatten)]
    pub pledge: PledgeView,
    /// Every change of its plan, oldest first.
    pub revisions: Vec<PledgeRevision>,
    /// The plan month by month, from the first on.
    pub months: Vec<PledgeMonth>,
}

impl PlannedTerm {
    pub(crate) fn of(term: &Term) -> Result<Self> {
        let amount = term.units.amount(term.unit_price);
        Ok(Self {
            from_month: term.from_month,
            units: term.units.get(),
            unit_price: term.unit_price.get(),
            amount: stored("pledge_terms", amount)?.get(),
        })
    }
}

/// The pledge with this number as it stands on a day.
pub(crate) fn load_view(
    connection: &mut DbConnection,
    pledge_id: i64,
    today: NaiveDate,
) -> Result<PledgeView> {
    let named = pledges::find_named(connection, pledge_id)?
        .ok_or_else(|| LedgerError::Corrupt(format!("pledge {pledge_id} is gone")))?;
    let timeline = plan::timeline(connection, pledge_id)?;
    view(named, &timeline, today)
}

fn view(named: NamedPledge, timeline: &Timeline, today: NaiveDate) -> Result<PledgeView> {
    let month = stored("today", CollectionMonth::from_date(today))?;
    let plan = timeline.effective();
    Ok(PledgeView {
        pledge_id: named.pledge.id,
        name: PledgeName {
            coop: named.coop,
            member_number: named.member_number,
            fund: named.fund,
        },
        state: state_in(timeline, &plan, month),
        order_number: named.pledge.order_number,
        application_id: named.pledge.application_id,
        predecessor_id: named.pledge.predecessor_id,
        plan: plan.iter().map(PlannedTerm::of).collect::<Result<_>>()?,
    })
}

fn state_in(timeline: &Timeline, plan: &[Term], month: CollectionMonth) -> PledgeState {
    if timeline.in_month(month).is_some_and(Term::is_running) {
        return PledgeState::Running;
    }
    if !timeline.is_open_in_or_after(month) {
        return PledgeState::Ended;
    }
    let has_run = plan
        .iter()
        .any(|term| term.is_running() && term.from_month <= month);
    if has_run {
        PledgeState::Paused
    } else {
        PledgeState::Planned
    }
}

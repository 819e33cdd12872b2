//! What a decision does: open or change a pledge, make a gift, or nothing. Planned first, so that
//! it can be weighed; then carried out.

use domain::{CollectionMonth, NewTerm, TermUnits, Way};
use store::DbConnection;
use store::tables::donations::{self, NewDonation};
use store::tables::month_closings;
use store::tables::pledge_terms::Cause;
use store::tables::pledges::{self, NewPledge, Pledge};

use super::case::{Case, Complete};
use crate::error::stored;
use crate::pledges::only_open;
use crate::pledges::plan::{self, CAUSE_UNDO};
use crate::{LedgerError, Result};

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Effect {
    /// Nothing: a mistake, or it stays held.
    Nothing,
    /// A pledge opens.
    OpenPledge {
        member_id: i64,
        fund_id: i64,
        offering_id: Option<i64>,
        order_number: Option<String>,
        predecessor_id: Option<i64>,
        terms: Vec<NewTerm>,
    },
    /// A pledge's plan is restated.
    RevisePledge { pledge_id: i64, terms: Vec<NewTerm> },
    /// A one-time gift.
    Give(Gift),
    /// What was made of a pledge is taken back: its plan is restated without.
    TakeBack { pledge_id: i64, terms: Vec<NewTerm> },
    /// A gift is taken back.
    CancelGift { donation_id: i64 },
}

/// A one-time gift to be made.
#[derive(Debug, Clone)]
pub(super) struct Gift {
    member_id: i64,
    kind: &'static str,
    fund_id: Option<i64>,
    campaign_id: Option<i64>,
    order_number: String,
    units: i64,
    unit_price: i64,
    month: CollectionMonth,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    pub(super) pledge_id: Option<i64>,
    pub(super) revision: Option<i32>,
    pub(super) donation_id: Option<i64>,
    pub(super) from_month: Option<CollectionMonth>,
}

/// What taking a case in one of the ways `add`, `replace`, `spot` and `accept` comes to. Refuses
/// what the rules do (R3–R5, R8) with the way out.
pub(super) fn plan_effect(
    connection: &mut DbConnection,
    case: &Case<'_>,
    way: Way,
) -> Result<Effect> {
    match way {
        Way::Mistake | Way::NextMonth => Ok(Effect::Nothing),
        Way::Accept => {
            let complete = case.complete()?;
            case.require_way(way)?;
            case.require_shown()?;
            post(connection, case, &complete)
        }
        Way::Spot => {
            case.require_way(way)?;
            let complete = case.complete()?;
            require_billed(connection, case, &complete)?;
            Ok(give(&complete, "spot"))
        }
        Way::Add | Way::Replace => {
            case.require_way(way)?;
            let complete = case.complete()?;
            let from = case.months.open_from(complete.month);
            match find_open(connection, &complete)? {
                Some(pledge) if way == Way::Add => raise(connection, &pledge, &complete, from),
                Some(pledge) => restate(connection, &pledge, &complete, from),
                None => open(case, &complete),
            }
        }
    }
}

/// What taking the line as it stands comes to: a gift, a new pledge or, while one is open for the
/// fund, added units (R5).
pub(super) fn post(
    connection: &mut DbConnection,
    case: &Case<'_>,
    complete: &Complete<'_>,
) -> Result<Effect> {
    if !complete.is_monthly() {
        require_billed(connection, case, complete)?;
        return Ok(give(complete, complete.applied.kind.as_str()));
    }
    match find_open(connection, complete)? {
        None => open(case, complete),
        Some(pledge) => {
            let from = if has_charge_from(connection, pledge.id, complete.month)? {
                case.months.open_from(complete.month)
            } else {
                complete.month
            };
            raise(connection, &pledge, complete, from)
        }
    }
}

fn find_open(connection: &mut DbConnection, complete: &Complete<'_>) -> Result<Option<Pledge>> {
    let Some(fund_id) = complete.applied.fund_id else {
        return Ok(None);
    };
    only_open(connection, (complete.member.id, fund_id), complete.month)
}

/// Whether a pledge is charged in a month or a later one: then its plan there is settled.
pub(super) fn has_charge_from(
    connection: &mut DbConnection,
    pledge_id: i64,
    month: CollectionMonth,
) -> Result<bool> {
    let charged = pledges::charged_months(connection, pledge_id)?;
    Ok(charged.iter().any(|one| one.month >= month.as_int()))
}

fn open(case: &Case<'_>, complete: &Complete<'_>) -> Result<Effect> {
    complete.require_not_moved(case.before.id)?;
    complete.require_member_in(complete.month)?;
    let fund_id = complete
        .applied
        .fund_id
        .ok_or_else(|| LedgerError::Corrupt(format!("application {}: no fund", case.before.id)))?;
    Ok(Effect::OpenPledge {
        member_id: complete.member.id,
        fund_id,
        offering_id: complete.applied.offering_id,
        order_number: complete.applied.order_number.clone(),
        predecessor_id: case.before.carried_pledge_id,
        terms: vec![NewTerm {
            from_month: complete.month,
            units: complete.units.into(),
            unit_price: complete.applied.unit_price,
        }],
    })
}

fn raise(
    connection: &mut DbConnection,
    pledge: &Pledge,
    complete: &Complete<'_>,
    from: CollectionMonth,
) -> Result<Effect> {
    complete.require_member_in(from)?;
    let timeline = plan::timeline(connection, pledge.id)?;
    let terms = timeline
        .add(from, complete.units, complete.applied.unit_price)
        .map_err(plan::refused)?;
    Ok(Effect::RevisePledge {
        pledge_id: pledge.id,
        terms,
    })
}

fn restate(
    connection: &mut DbConnection,
    pledge: &Pledge,
    complete: &Complete<'_>,
    from: CollectionMonth,
) -> Result<Effect> {
    complete.require_member_in(from)?;
    let units = TermUnits::from(complete.units);
    let terms = plan::timeline(connection, pledge.id)?
        .replace(from, units, complete.applied.unit_price)
        .map_err(plan::refused)?;
    Ok(Effect::RevisePledge {
        pledge_id: pledge.id,
        terms,
    })
}

/// Refuses a gift that no close would ever charge: after its giver left (R8), or in a month before
/// the first that the co-op closed.
fn require_billed(
    connection: &mut DbConnection,
    case: &Case<'_>,
    complete: &Complete<'_>,
) -> Result<()> {
    complete.require_member_in(complete.month)?;
    let first = month_closings::first_closed(connection, case.before.coop_id)?;
    let Some(first) = first.filter(|first| complete.month.as_int() < *first) else {
        return Ok(());
    };
    let first = stored("month_closings.month", CollectionMonth::from_int(first))?;
    Err(LedgerError::refused(
        "month_before_first",
        format!(
            "申込 {} の集金月（{}）は、この単協で最初に締めた{}より前なので、請求されません。開いている月に回す（翌月に回す）か、書き間違いとしてください",
            case.before.id,
            complete.month.label_ja(),
            first.label_ja()
        ),
    ))
}

fn give(complete: &Complete<'_>, kind: &'static str) -> Effect {
    Effect::Give(Gift {
        member_id: complete.member.id,
        kind,
        fund_id: complete.applied.fund_id,
        campaign_id: complete.applied.campaign_id,
        order_number: complete.applied.order_number.clone().unwrap_or_default(),
        units: complete.units.get(),
        unit_price: complete.applied.unit_price.get(),
        month: complete.month,
    })
}

impl Effect {
    /// The first month in which it is felt.
    pub(super) fn first_month(&self) -> Option<CollectionMonth> {
        match self {
            Self::Nothing | Self::CancelGift { .. } => None,
            Self::OpenPledge { terms, .. }
            | Self::RevisePledge { terms, .. }
            | Self::TakeBack { terms, .. } => terms.iter().map(|term| term.from_month).min(),
            Self::Give(gift) => Some(gift.month),
        }
    }

    /// Does it, for an application of a co-op.
    pub(super) fn carry_out(
        &self,
        connection: &mut DbConnection,
        (application_id, coop_id): (i64, i64),
        cause: &Cause<'_>,
    ) -> Result<Done> {
        let mut done = Done {
            from_month: self.first_month(),
            ..Done::default()
        };
        match self {
            Self::Nothing => {}
            Self::OpenPledge {
                member_id,
                fund_id,
                offering_id,
                order_number,
                predecessor_id,
                terms,
            } => {
                let from_month = self.first_month().map_or(0, CollectionMonth::as_int);
                let pledge = NewPledge {
                    coop_id,
                    member_id: *member_id,
                    fund_id: *fund_id,
                    application_id: Some(application_id),
                    offering_id: *offering_id,
                    order_number: order_number.as_deref(),
                    from_month,
                    predecessor_id: *predecessor_id,
                    ..NewPledge::default()
                };
                let pledge_id = pledges::insert(connection, &pledge)?;
                done.pledge_id = Some(pledge_id);
                done.revision = Some(plan::append(connection, pledge_id, terms, cause)?);
            }
            Self::RevisePledge { pledge_id, terms } => {
                done.pledge_id = Some(*pledge_id);
                done.revision = Some(plan::append(connection, *pledge_id, terms, cause)?);
            }
            Self::TakeBack { pledge_id, terms } => {
                let cause = Cause {
                    cause: CAUSE_UNDO,
                    ..*cause
                };
                done.pledge_id = Some(*pledge_id);
                done.revision = Some(plan::append(connection, *pledge_id, terms, &cause)?);
            }
            Self::CancelGift { donation_id } => {
                donations::cancel(connection, *donation_id)?;
                done.donation_id = Some(*donation_id);
            }
            Self::Give(gift) => {
                let donation = NewDonation {
                    application_id,
                    coop_id,
                    member_id: gift.member_id,
                    kind: gift.kind,
                    fund_id: gift.fund_id,
                    campaign_id: gift.campaign_id,
                    order_number: &gift.order_number,
                    units: gift.units,
                    unit_price: gift.unit_price,
                    collection_month: gift.month.as_int(),
                };
                done.donation_id = Some(donations::insert(connection, &donation)?);
            }
        }
        Ok(done)
    }
}

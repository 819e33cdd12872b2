//! `weigh_pledge_change`: what changing, pausing or ending a pledge would do, before it is done.

use domain::CollectionMonth;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change_pledge::ChangePledge;
use super::end_pledge::EndPledge;
use super::name::PledgeName;
use super::pause_pledge::PausePledge;
use super::view::{PledgeView, load_view};
use crate::trace::{Payer, Scale, WeighedMonth};
use crate::tx::Tx;
use crate::{Call, Ledger, Operation, Result};

/// Months weighed at most.
const MONTHS_MAX: usize = 12;

/// A change of a pledge that somebody thinks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PledgeChange {
    /// Other units.
    Change(ChangePledge),
    /// A pause.
    Pause(PausePledge),
    /// The end.
    End(EndPledge),
}

/// What a change of a pledge would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PledgeChangeWeighed {
    /// The pledge as it is.
    pub before: PledgeView,
    /// As it would be.
    pub after: PledgeView,
    /// What the member pays, all gifts counted, in the months where something begins.
    pub months: Vec<WeighedMonth>,
}

impl PledgeChange {
    fn operation(&self) -> Operation {
        match self {
            Self::Change(_) => Operation::ChangePledge,
            Self::Pause(_) => Operation::PausePledge,
            Self::End(_) => Operation::EndPledge,
        }
    }

    fn name(&self) -> PledgeName {
        match self {
            Self::Change(one) => PledgeName::new(&one.coop, &one.member_number, &one.fund),
            Self::Pause(one) => PledgeName::new(&one.coop, &one.member_number, &one.fund),
            Self::End(one) => PledgeName::new(&one.coop, &one.member_number, &one.fund),
        }
    }

    fn from(&self) -> CollectionMonth {
        match self {
            Self::Change(one) => one.from,
            Self::Pause(one) => one.from,
            Self::End(one) => one.from,
        }
    }

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<PledgeView> {
        match self {
            Self::Change(one) => one.carry_out(tx),
            Self::Pause(one) => one.carry_out(tx),
            Self::End(one) => one.carry_out(tx),
        }
    }
}

impl Ledger {
    /// What a change of a pledge would do to its plan, and to what the member pays, in yen. Changes
    /// nothing; refuses what the change itself refuses.
    pub fn weigh_pledge_change(
        &self,
        call: &Call,
        change: &PledgeChange,
    ) -> Result<PledgeChangeWeighed> {
        self.try_out(call, change.operation(), |tx| {
            let named = change.name().find(tx.connection)?;
            let pledge = named.open_pledge(tx.connection, change.from())?;
            let before = load_view(tx.connection, pledge.id, tx.today)?;
            // Where something begins is known only after it was tried: so it is tried twice.
            let after = tx.try_out(|tx| change.carry_out(tx))?;
            let months = months_of(change.from(), &before, &after);
            let payer = Payer::of(tx.connection, &named.member)?;
            let scale = Scale::of(tx.connection, payer, &months)?;
            change.carry_out(tx)?;
            Ok(PledgeChangeWeighed {
                months: scale.again(tx.connection)?,
                before,
                after,
            })
        })
    }
}

/// The first month, the next, and each in which either plan has something begin.
fn months_of(
    from: CollectionMonth,
    before: &PledgeView,
    after: &PledgeView,
) -> Vec<CollectionMonth> {
    let terms = before.plan.iter().chain(&after.plan);
    let mut months: Vec<CollectionMonth> = terms.map(|term| term.from_month).collect();
    months.push(from);
    months.extend(from.next());
    months.retain(|month| *month >= from);
    months.sort_unstable();
    months.dedup();
    months.truncate(MONTHS_MAX);
    months
}

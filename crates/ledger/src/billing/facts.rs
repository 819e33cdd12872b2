//! The facts of the database as the bridge of the `domain` crate takes them (R12).

use domain::{Absence, BridgeFact, PledgeFacts, Yen};
use store::bridge_facts::{self, FactShape};

/// What pledges or gifts of a shape bring: a gift that was charged last month brings that, and
/// any other what it comes to this month.
pub(super) fn bridge_fact(shape: &FactShape) -> BridgeFact {
    let this_month = Yen::new(shape.billed.saturating_add(shape.due));
    let already_billed = Yen::new(shape.billed);
    match shape.source {
        bridge_facts::CARRIED_PLEDGE | bridge_facts::CARRIED_GIFT => BridgeFact::Carried {
            last_month: Yen::new(shape.last),
            this_month,
            already_billed: Yen::new(shape.billed),
        },
        bridge_facts::PLEDGE => BridgeFact::Pledge(PledgeFacts {
            last_month: Yen::new(shape.last),
            this_month,
            already_billed,
            was_charged_before: shape.was_before != 0,
            absence: match shape.absence {
                bridge_facts::WITHDRAWN => Absence::Withdrawn,
                bridge_facts::ENDED => Absence::Ended,
                _ => Absence::Paused,
            },
        }),
        _ if shape.last > 0 => BridgeFact::LastOneTime {
            amount: Yen::new(shape.last),
        },
        _ => BridgeFact::OneTime {
            amount: this_month,
            already_billed,
        },
    }
}

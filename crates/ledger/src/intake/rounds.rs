//! In which round a line of one intake is classified.
//!
//! Lines are classified many at a time, so a line that an earlier one of the same intake may
//! decide about has to wait until that is posted. Two lines of one member have to do with each
//! other when they are for the same offering (R5), or for pledges to the same fund (R4). Only the
//! first line for an offering can ever be posted, so there are no more rounds than offerings of a
//! fund, however often a line is repeated.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::desk::Look;

/// The rounds of the lines of one intake. It knows members and what they apply for by 64-bit
/// hashes: two that share one only wait for each other without need.
#[derive(Debug)]
pub(crate) struct Rounds {
    offerings_applied_for: HashSet<u64>,
    pledges_applied_for: HashMap<u64, i32>,
    last: i32,
}

impl Rounds {
    pub(crate) fn new() -> Self {
        Self {
            offerings_applied_for: HashSet::new(),
            pledges_applied_for: HashMap::new(),
            last: 1,
        }
    }

    /// The round of the next line in the order of the file: 1, or one later than every earlier
    /// line that may decide about it.
    pub(crate) fn of_next(&mut self, member_number: &str, look: &Look) -> i32 {
        let Some(offering_id) = look.offering_id else {
            return 1;
        };
        let member = (look.coop_id, member_number);
        let is_first = self
            .offerings_applied_for
            .insert(hash(("offering", member, offering_id)));
        let round = match look.fund_id {
            None if is_first => 1,
            None => 2,
            Some(fund_id) => {
                let firsts = self
                    .pledges_applied_for
                    .entry(hash(("fund", member, fund_id)))
                    .or_insert(0);
                *firsts += i32::from(is_first);
                *firsts + i32::from(!is_first)
            }
        };
        self.last = self.last.max(round);
        round
    }

    /// The last round there is.
    pub(crate) fn last(&self) -> i32 {
        self.last
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

//! `list_pledges`: every pledge of a member, open and ended.

use store::tables::pledges;

use super::name::{find_coop, find_member};
use super::view::{PledgeView, load_view};
use crate::ledger::Look;
use crate::{Call, Ledger, Operation, Result};

impl Ledger {
    /// The pledges of a member, oldest first, open and ended alike. Refuses a co-op or member that
    /// is not there.
    pub fn list_pledges(
        &self,
        call: &Call,
        coop: &str,
        member_number: &str,
    ) -> Result<Vec<PledgeView>> {
        let today = self.today();
        self.read_logged(call, Operation::ListPledges, |connection, _| {
            let coop = find_coop(connection, coop)?;
            let member = find_member(connection, &coop, member_number)?;
            let mut views = Vec::new();
            for pledge in pledges::of_member(connection, member.id)? {
                views.push(load_view(connection, pledge.id, today)?);
            }
            Ok((views, Look::at_member(coop.id, member.id)))
        })
    }
}

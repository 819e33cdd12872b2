//! What waits for who manages people.

use chrono::TimeDelta;
use domain::Roles;
use store::DbConnection;
use store::waiting;

use super::{Asking, Waiting, WaitingDetail, WaitingKind};
use crate::Result;
use crate::error::stored;
use crate::people::needs_second_factor;

/// A token that ends within so many days is told of.
const ENDING_DAYS: i64 = 14;

impl Asking<'_> {
    pub(super) fn people(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let invited = waiting::invited(connection)?.into_iter().map(named);
        waiting.push(Waiting::with(WaitingKind::Invitations, invited.collect()));
        let mut without = Vec::new();
        for (name, roles) in waiting::without_second_factor(connection)? {
            let roles: Roles = stored("users.roles", roles.parse())?;
            if needs_second_factor(roles, self.settings) {
                without.push(named(name));
            }
        }
        waiting.push(Waiting::with(WaitingKind::WithoutSecondFactor, without));
        let until = self.now + TimeDelta::days(ENDING_DAYS);
        let ending = waiting::tokens_ending(connection, self.now, until)?
            .into_iter()
            .map(|(person, token, expires_at)| WaitingDetail {
                day: Some(domain::japan_date(expires_at.and_utc())),
                ..named(format!("{person}/{token}"))
            });
        waiting.push(Waiting::with(WaitingKind::EndingTokens, ending.collect()));
        Ok(())
    }
}

fn named(name: String) -> WaitingDetail {
    WaitingDetail {
        name: Some(name),
        count: 1,
        ..WaitingDetail::default()
    }
}

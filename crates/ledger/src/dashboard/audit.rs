//! What an auditor may want to look at.

use chrono::TimeDelta;
use store::DbConnection;
use store::waiting;

use super::{Asking, Waiting, WaitingKind};
use crate::Result;

/// Changes of so many days are counted.
const RECENT_DAYS: i64 = 7;

impl Asking<'_> {
    pub(super) fn recent_changes(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let since = self.now - TimeDelta::days(RECENT_DAYS);
        let count = waiting::audit_events_since(connection, since)?;
        waiting.push(Waiting {
            since: Some(domain::japan_date(since.and_utc())),
            ..Waiting::of(WaitingKind::RecentChanges, count)
        });
        Ok(())
    }
}

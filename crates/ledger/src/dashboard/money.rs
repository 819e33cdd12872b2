//! What waits for who keeps the books.

use domain::{CollectionMonth, CoopCode, Yen};
use store::DbConnection;
use store::reports;
use store::tables::{accounting_periods, cooperatives};
use store::waiting;

use super::{Asking, Waiting, WaitingDetail, WaitingKind};
use crate::Result;
use crate::accounting::due_of;
use crate::billing::todays_month;
use crate::error::stored;

/// What a co-op collected is handed over within so many days, usually.
const RECEIVABLE_OLD_DAYS: i64 = 60;

impl Asking<'_> {
    pub(super) fn money(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let held = waiting::held_results(connection)?;
        waiting.push(Waiting::of(WaitingKind::HeldResults, held));
        self.pending_actions(connection, waiting)?;
        self.receivables(connection, waiting)?;
        self.periods(connection, waiting)
    }

    fn pending_actions(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for pending in waiting::pending_actions(connection)? {
            let is_own = self.access.is_same_person_as(&pending.submitted_by);
            let detail = WaitingDetail {
                name: Some(pending.submitted_by),
                day: Some(domain::japan_date(pending.since.and_utc())),
                count: pending.count,
                ..WaitingDetail::default()
            };
            if is_own && !self.settings.one_person_office {
                own.push(detail);
            } else {
                others.push(detail);
            }
        }
        waiting.push(Waiting::with(WaitingKind::PendingActions, others));
        waiting.push(Waiting::with(WaitingKind::OwnPendingActions, own));
        Ok(())
    }

    fn receivables(&self, connection: &mut DbConnection, waiting: &mut Vec<Waiting>) -> Result<()> {
        let coops = cooperatives::all(connection)?;
        let mut details = Vec::new();
        for batch in reports::receivables(connection, None, None)? {
            let due = due_of(&batch);
            let age_days = (self.today - batch.since).num_days();
            let coop = coops.iter().find(|coop| coop.id == batch.coop_id);
            let (Some(coop), true) = (coop, due > 0 && age_days > RECEIVABLE_OLD_DAYS) else {
                continue;
            };
            details.push(WaitingDetail {
                coop: Some(stored("cooperatives.code", coop.code.parse::<CoopCode>())?),
                coop_name: Some(coop.name.clone()),
                month: Some(stored(
                    "batches.month",
                    CollectionMonth::from_int(batch.month),
                )?),
                sequence: Some(batch.sequence),
                day: Some(batch.since),
                count: 1,
                amount: Some(Yen::new(due)),
                is_late: true,
                ..WaitingDetail::default()
            });
        }
        waiting.push(Waiting::with(WaitingKind::OldReceivables, details));
        Ok(())
    }

    /// The months of the books that are over, from the first open one, or that of the first entry.
    fn periods(&self, connection: &mut DbConnection, waiting: &mut Vec<Waiting>) -> Result<()> {
        let today = todays_month(self.today)?;
        let next = match accounting_periods::last_closed(connection)? {
            Some(last) => {
                stored("accounting_periods.month", CollectionMonth::from_int(last))?.next()
            }
            None => match waiting::first_posted_on(connection)? {
                Some(day) => Some(stored("posted_on", CollectionMonth::from_date(day))?),
                None => None,
            },
        };
        let Some(next) = next.filter(|next| *next < today) else {
            return Ok(());
        };
        let mut periods = Waiting::of(WaitingKind::PeriodsToClose, today.months_since(next).into());
        periods.details.push(WaitingDetail {
            month: Some(next),
            count: periods.count,
            ..WaitingDetail::default()
        });
        waiting.push(periods);
        Ok(())
    }
}

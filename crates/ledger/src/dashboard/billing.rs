//! What waits for who closes months, approves and hands over.

use std::collections::BTreeMap;

use domain::{CollectionMonth, CoopCode, Yen};
use store::DbConnection;
use store::batch_board::BoardBatch;
use store::tables::cooperatives::{self, Cooperative};
use store::waiting;

use super::{Asking, Waiting, WaitingDetail, WaitingKind};
use crate::Result;
use crate::billing::{closed_spans, next_months, todays_month};
use crate::error::stored;

/// Batches are looked at so many months back: what is outstanding for longer is on the board of its
/// year.
const MONTHS_BACK: i32 = 24;

impl Asking<'_> {
    /// Each co-op's next month, where it is not ahead of today's; late where it is past. One that never
    /// closed a month begins with its first gift.
    pub(super) fn months_to_close(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let today = todays_month(self.today)?;
        let coops = cooperatives::all(connection)?;
        let spans = closed_spans(connection)?;
        let next = next_months(connection, &coops, &spans)?;
        let mut details = Vec::new();
        for coop in &coops {
            let next = next.get(&coop.id).copied();
            if let Some(month) = next.filter(|month| *month <= today) {
                details.push(WaitingDetail {
                    count: 1,
                    is_late: month < today,
                    ..of_month(coop, month)?
                });
            }
        }
        waiting.push(Waiting::with(WaitingKind::MonthsToClose, details));
        Ok(())
    }

    pub(super) fn batches(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let today = todays_month(self.today)?;
        let from = today.plus_months(-MONTHS_BACK).unwrap_or(today);
        let coops = cooperatives::all(connection)?;
        let mut details = BTreeMap::<WaitingKind, Vec<WaitingDetail>>::new();
        for batch in waiting::unfinished_batches(connection, from.as_int())? {
            let Some(coop) = coops.iter().find(|coop| coop.id == batch.coop_id) else {
                continue;
            };
            let (kind, detail) = self.batch(coop, &batch)?;
            details.entry(kind).or_default().push(detail);
        }
        let found = details.into_iter();
        waiting.extend(found.map(|(kind, details)| Waiting::with(kind, details)));
        Ok(())
    }

    fn batch(
        &self,
        coop: &Cooperative,
        batch: &BoardBatch,
    ) -> Result<(WaitingKind, WaitingDetail)> {
        let month = stored("batches.month", CollectionMonth::from_int(batch.month))?;
        let detail = WaitingDetail {
            sequence: Some(batch.sequence),
            count: 1,
            amount: Some(Yen::new(batch.amount)),
            day: Some(domain::japan_date(batch.closed_at.and_utc())),
            ..of_month(coop, month)?
        };
        if let Some(exported_at) = batch.exported_at {
            let exported_on = domain::japan_date(exported_at.and_utc());
            let is_late = self.overdue.is_past(exported_on);
            let detail = WaitingDetail {
                amount: Some(Yen::new(batch.amount.saturating_sub(batch.results_amount))),
                day: Some(self.overdue.due_on(exported_on)),
                is_late,
                ..detail
            };
            let kind = if is_late {
                WaitingKind::ResultsOverdue
            } else {
                WaitingKind::ResultsOutstanding
            };
            return Ok((kind, detail));
        }
        let is_own = self.access.is_same_person_as(&batch.closed_by);
        let kind = match batch.approved_by {
            Some(_) => WaitingKind::BatchesToExport,
            None if is_own && !self.settings.one_person_office => WaitingKind::OwnBatches,
            None => WaitingKind::BatchesToApprove,
        };
        Ok((kind, detail))
    }
}

fn of_month(coop: &Cooperative, month: CollectionMonth) -> Result<WaitingDetail> {
    Ok(WaitingDetail {
        coop: Some(stored("cooperatives.code", coop.code.parse::<CoopCode>())?),
        coop_name: Some(coop.name.clone()),
        month: Some(month),
        ..WaitingDetail::default()
    })
}

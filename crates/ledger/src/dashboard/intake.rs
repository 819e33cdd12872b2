//! What waits for who keys and reviews.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{CollectionMonth, HoldReasons};
use store::DbConnection;
use store::waiting;

use super::{Asking, Waiting, WaitingDetail, WaitingKind};
use crate::error::stored;
use crate::{LedgerError, Result};

/// An import that was refused is told of for so long.
const FAILED_IMPORTS_DAYS: i64 = 7;

impl Asking<'_> {
    pub(super) fn sheets(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let mut own = Waiting::of(WaitingKind::OwnSheets, 0);
        let mut others = Waiting::of(WaitingKind::OtherSheets, 0);
        let mut second = Waiting::of(WaitingKind::SecondKeyings, 0);
        for sheets in waiting::open_sheets(connection)? {
            let is_own = self.access.is_same_person_as(&sheets.opened_by);
            let of_opener = if is_own { &mut own } else { &mut others };
            count(of_opener, &sheets);
            if sheets.second_keyed_by.is_some() && !sheets.is_compared {
                count(&mut second, &sheets);
            }
        }
        waiting.extend([own, second, others]);
        Ok(())
    }

    pub(super) fn failed_imports(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let since = self.now - TimeDelta::days(FAILED_IMPORTS_DAYS);
        let count = waiting::failed_imports(connection, since)?;
        waiting.push(Waiting::of(WaitingKind::FailedImports, count));
        Ok(())
    }

    /// By month, earliest first, and main reason; those whose month is not known first.
    pub(super) fn holds(
        &self,
        connection: &mut DbConnection,
        waiting: &mut Vec<Waiting>,
    ) -> Result<()> {
        let mut counts = BTreeMap::new();
        for held in waiting::held_by_reason(connection)? {
            let reason = u16::try_from(held.reasons)
                .ok()
                .and_then(HoldReasons::from_bits)
                .and_then(HoldReasons::main)
                .ok_or_else(|| {
                    LedgerError::Corrupt(format!("applications.reasons: {}", held.reasons))
                })?;
            *counts.entry((held.month, reason)).or_insert(0) += held.count;
        }
        let details = counts.into_iter().map(|((month, reason), count)| {
            let month = month.map(CollectionMonth::from_int).transpose();
            Ok(WaitingDetail {
                month: stored("applications.collection_month", month)?,
                reason: Some(reason),
                count,
                ..WaitingDetail::default()
            })
        });
        let details = details.collect::<Result<_>>()?;
        waiting.push(Waiting::with(WaitingKind::Holds, details));
        Ok(())
    }
}

fn count(waiting: &mut Waiting, sheets: &waiting::OpenSheets) {
    waiting.count += sheets.count;
    waiting.since = match waiting.since {
        Some(since) => Some(since.min(sheets.since)),
        None => Some(sheets.since),
    };
}

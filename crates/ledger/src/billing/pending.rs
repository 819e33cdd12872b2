//! What came late for months that are closed, and was not charged yet: nothing is lost silently.

use domain::{CollectionMonth, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::due::{self, DueMonth};
use store::tables::month_closings;

use super::coop_month::CoopMonth;
use crate::Result;
use crate::error::stored;

/// Closed months looked at, the latest first.
const MONTHS_MAX: usize = 12;

/// What is still due of a month that is closed: its next close, a delta, charges it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PendingCharges {
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// How many charges.
    pub charges: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
}

/// What is still due of the co-op's other closed months, earliest first.
pub(super) fn of_closed_months(
    connection: &mut DbConnection,
    target: &CoopMonth,
) -> Result<Vec<PendingCharges>> {
    let closed = month_closings::closed_months(connection, target.coop.id)?;
    let mut closed_months = Vec::new();
    for &month in closed.iter().rev().take(MONTHS_MAX) {
        let month = stored("month_closings.month", CollectionMonth::from_int(month))?;
        closed_months.push(DueMonth {
            coop_id: target.coop.id,
            month: month.as_int(),
            first_day: month.first_day(),
        });
    }
    let found = due::sums_of_closed_months(connection, &closed_months)?;
    found
        .into_iter()
        .filter(|due| due.due_month != target.month.as_int())
        .map(|due| {
            Ok(PendingCharges {
                month: stored("due_month", CollectionMonth::from_int(due.due_month))?,
                charges: due.sums.charges,
                amount: Yen::new(due.sums.amount),
            })
        })
        .collect()
}

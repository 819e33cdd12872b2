//! Which months of a co-op are open (R11).

use domain::{CollectionMonth, CoopCode};
use store::DbConnection;
use store::tables::month_closings;

use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// The open and closed months of one co-op: everything up to the last closed month is closed,
/// since none is skipped; where nothing was ever closed, every month is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Months {
    last_closed: Option<CollectionMonth>,
}

impl Months {
    /// As they are in this transaction.
    pub(crate) fn of_coop(connection: &mut DbConnection, coop_id: i64) -> Result<Self> {
        let last_closed = month_closings::last_closed(connection, coop_id)?
            .map(|month| stored("month_closings.month", CollectionMonth::from_int(month)))
            .transpose()?;
        Ok(Self { last_closed })
    }

    /// Whether a month is closed.
    pub(crate) fn is_closed(self, month: CollectionMonth) -> bool {
        self.last_closed.is_some_and(|last| month <= last)
    }

    /// The earliest open month; none where nothing was ever closed, for then any may be the first.
    pub(crate) fn first_open(self) -> Option<CollectionMonth> {
        self.last_closed.and_then(CollectionMonth::next)
    }

    /// The month itself where it is open, else the earliest open one.
    pub(crate) fn open_from(self, month: CollectionMonth) -> CollectionMonth {
        self.first_open().map_or(month, |first| first.max(month))
    }

    /// Refuses a closed month, naming the earliest open one (R8).
    pub(crate) fn require_open(self, month: CollectionMonth) -> Result<()> {
        match self.first_open() {
            Some(first) if self.is_closed(month) => Err(LedgerError::refused(
                "month_closed",
                format!(
                    "{}はすでに締められています。開いている最初の月は{}（{first}）です",
                    month.label_ja(),
                    first.label_ja()
                ),
            )),
            _ => Ok(()),
        }
    }
}

impl Ledger {
    /// The first month of a co-op that is still open; that of today where nothing was ever closed.
    /// Refuses a co-op that is not there.
    pub fn first_open_month(&self, call: &Call, coop: &CoopCode) -> Result<CollectionMonth> {
        let today = stored("today", CollectionMonth::from_date(self.today()))?;
        self.read(call, Operation::ListPledges, |connection| {
            let coop = find_cooperative(connection, coop)?;
            let months = Months::of_coop(connection, coop.id)?;
            Ok(months.first_open().unwrap_or(today))
        })
    }
}

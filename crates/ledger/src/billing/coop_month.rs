//! One month of one co-op, and how far it is closed (R11).

use domain::{CollectionMonth, CoopCode};
use store::DbConnection;
use store::due::DueMonth;
use store::tables::batches::{self, Batch};
use store::tables::cooperatives::Cooperative;
use store::tables::month_closings::{self, MonthClosing};

use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{LedgerError, Result};

/// A month of a co-op.
pub(crate) struct CoopMonth {
    pub(crate) coop: Cooperative,
    pub(crate) month: CollectionMonth,
}

impl CoopMonth {
    /// Refuses a code that no co-op has.
    pub(crate) fn find(
        connection: &mut DbConnection,
        coop: &CoopCode,
        month: CollectionMonth,
    ) -> Result<Self> {
        Ok(Self {
            coop: find_cooperative(connection, coop)?,
            month,
        })
    }

    /// How `store::due` asks for it.
    pub(crate) fn due(&self) -> DueMonth {
        DueMonth {
            coop_id: self.coop.id,
            month: self.month.as_int(),
            first_day: self.month.first_day(),
        }
    }

    /// `23区南の2025年8月分`, for messages.
    pub(crate) fn label(&self) -> String {
        format!("{}の{}分", self.coop.name, self.month.label_ja())
    }

    /// How far it is closed.
    pub(crate) fn state(&self, connection: &mut DbConnection) -> Result<MonthState> {
        let (coop, month) = (self.coop.id, self.month.as_int());
        let last_closed = month_closings::last_closed(connection, coop)?
            .map(|month| stored("month_closings.month", CollectionMonth::from_int(month)))
            .transpose()?;
        let first_reopened = match last_closed {
            Some(_) => None,
            None => month_closings::first_ever_closed(connection, coop)?
                .map(|month| stored("month_closings.month", CollectionMonth::from_int(month)))
                .transpose()?,
        };
        Ok(MonthState {
            last_closed,
            first_reopened,
            closing: month_closings::find_standing(connection, coop, month)?,
            live: batches::live_of_month(connection, coop, month)?,
            last_sequence: batches::last_sequence(connection, coop, month)?.unwrap_or(0),
        })
    }
}

/// How far a month is closed.
pub(crate) struct MonthState {
    /// The co-op's latest closed month.
    pub(crate) last_closed: Option<CollectionMonth>,
    /// Where no month is closed any more: the earliest that was, and was opened again.
    pub(crate) first_reopened: Option<CollectionMonth>,
    /// The close that stands for the month.
    pub(crate) closing: Option<MonthClosing>,
    /// The month's batches that count, earliest sequence first.
    pub(crate) live: Vec<Batch>,
    /// The last sequence used, voided ones included; 0 before the first.
    pub(crate) last_sequence: i32,
}

impl MonthState {
    /// The month that the co-op has to close next; none where it never closed one, for then any may
    /// be the first.
    pub(crate) fn next_to_close(&self) -> Option<CollectionMonth> {
        match self.last_closed {
            Some(last) => last.next(),
            None => self.first_reopened,
        }
    }

    /// Whether it is the month that the co-op has to close next, or one before that where none is
    /// closed.
    pub(crate) fn is_earliest_open(&self, month: CollectionMonth) -> bool {
        match (self.last_closed, self.next_to_close()) {
            (Some(_), next) => next == Some(month),
            (None, next) => next.is_none_or(|next| month <= next),
        }
    }

    /// The sequence that the next close of the month gets: none is ever used again (R10).
    pub(crate) fn next_sequence(&self) -> i32 {
        self.last_sequence + 1
    }

    /// Refuses a month before the co-op's first close: it was never billed here and never will be.
    pub(crate) fn refuse_before_first(&self, target: &CoopMonth) -> Result<()> {
        match self.last_closed {
            Some(last) if self.closing.is_none() && target.month <= last => {
                Err(LedgerError::refused(
                    "month_before_first",
                    format!(
                        "{}は、この単協で最初に締めた月より前の月なので、もう締められません（最後に締めた月は{}）",
                        target.label(),
                        last.label_ja()
                    ),
                ))
            }
            _ => Ok(()),
        }
    }
}

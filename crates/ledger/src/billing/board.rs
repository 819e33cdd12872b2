//! The months of all co-ops side by side: what is closed, how far each has come, and what is late.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{CollectionMonth, CoopCode, Yen};
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::batch_board::{self, ClosedSpan};
use store::due::{self, DueMonth, DueSums};
use store::tables::batches;
use store::tables::cooperatives::{self, Cooperative};

use super::settlement::Overdue;
use crate::error::stored;
use crate::reference::find_cooperative;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Months before the last one shown, itself included: a year, and the two that are coming.
const MONTHS: i32 = 14;
/// Months shown after today's.
const MONTHS_AHEAD: i32 = 2;

/// What to show.
#[derive(Debug, Clone, Default)]
pub struct BoardFilter {
    /// One co-op; all where none is given.
    pub coop: Option<CoopCode>,
    /// The last month shown; the second after today's where none is given.
    pub until: Option<CollectionMonth>,
}

/// How far a month, or a batch, has come. The order is that of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardStage {
    /// Before the co-op's first month: never billed.
    BeforeFirst,
    /// Open: nothing is charged yet.
    Open,
    /// Closed, and waits for another person's approval.
    Closed,
    /// Approved, and waits to be handed over.
    Approved,
    /// Handed over; results are outstanding.
    Exported,
    /// Every charge has its result.
    Settled,
    /// Closed without anything to charge.
    Empty,
    /// Of a batch only: its charges count no more.
    Voided,
}

/// Why a month needs somebody's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// The month is past, and not closed.
    Close,
    /// Results are outstanding for longer than the settings allow.
    Results,
}

/// A batch on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardBatch {
    /// Its number.
    pub batch_id: i64,
    /// Which of the month's.
    pub sequence: i32,
    /// How far it has come.
    pub stage: BoardStage,
    /// How many charges.
    pub charges: i64,
    /// Yen.
    pub amount: Yen,
    /// Charges without a result; all of them before its first export.
    pub outstanding: i64,
    /// Yen of them.
    pub outstanding_amount: Yen,
    /// Who closed it.
    pub closed_by: String,
    /// When.
    pub closed_at: DateTime<Utc>,
    /// The last day on which results are not overdue; none before its first export.
    pub due_on: Option<NaiveDate>,
    /// Whether results are outstanding after that day.
    pub is_overdue: bool,
}

/// A month of a co-op.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardMonth {
    /// The month.
    pub month: CollectionMonth,
    /// How far it has come: as far as the batch of it that is furthest behind.
    pub stage: BoardStage,
    /// Whether it is the one that the co-op closes next.
    pub is_next: bool,
    /// Why it needs attention.
    pub late: Option<Late>,
    /// Charges that its batches have billed.
    pub billed: i64,
    /// Yen of them.
    pub billed_amount: Yen,
    /// Charges that its next close would make: of a closed month, what a further sequence would charge.
    /// 0 of open months that others have to be closed before.
    pub due: i64,
    /// Yen of them.
    pub due_amount: Yen,
    /// Held applications of the month.
    pub holds: i64,
    /// Its batches, earliest sequence first, voided ones included.
    pub batches: Vec<BoardBatch>,
}

/// A co-op and its months.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardCoop {
    /// Its code.
    pub coop: CoopCode,
    /// Its name.
    pub name: String,
    /// Held applications whose month is not known.
    pub holds_without_month: i64,
    /// Its months, in the order of [`Board::months`].
    pub months: Vec<BoardMonth>,
}

/// The board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The months shown, earliest first.
    pub months: Vec<CollectionMonth>,
    /// The co-ops, by their numbers.
    pub coops: Vec<BoardCoop>,
}

impl Ledger {
    /// The months of each co-op, a year back and two ahead, with how far each has come, what its batches
    /// billed and what its next close would charge (R10–R13). Asks the database a handful of questions,
    /// however many co-ops there are.
    ///
    /// # Errors
    /// Refuses an unknown co-op, and months outside the calendar that is kept.
    pub fn batch_board(&self, call: &Call, filter: &BoardFilter) -> Result<Board> {
        self.read(call, Operation::ShowBatchBoard, |connection| {
            let months = months_until(filter.until, self.today())?;
            Reading::load(connection, filter, months, self.overdue(), self.today())?.board()
        })
    }
}

fn months_until(until: Option<CollectionMonth>, today: NaiveDate) -> Result<Vec<CollectionMonth>> {
    let out_of_range = || {
        LedgerError::field(
            "month_out_of_range",
            "until",
            "扱える年月の範囲を超えています",
        )
    };
    let last = match until {
        Some(until) => Some(until),
        None => todays_month(today)?.plus_months(MONTHS_AHEAD),
    };
    let last = last.ok_or_else(out_of_range)?;
    (1 - MONTHS..=0)
        .map(|months| last.plus_months(months).ok_or_else(out_of_range))
        .collect()
}

/// The month of a day.
pub(crate) fn todays_month(today: NaiveDate) -> Result<CollectionMonth> {
    CollectionMonth::from_date(today)
        .map_err(|e| LedgerError::invalid("today_out_of_range", e.to_string()))
}

/// What the database says, each for all co-ops at once.
struct Reading {
    months: Vec<CollectionMonth>,
    todays_month: CollectionMonth,
    overdue: Overdue,
    coops: Vec<Cooperative>,
    spans: BTreeMap<i64, ClosedSpan>,
    next: BTreeMap<i64, CollectionMonth>,
    batches: BTreeMap<(i64, i32), Vec<batch_board::BoardBatch>>,
    dues: BTreeMap<(i64, i32), DueSums>,
    holds: BTreeMap<(i64, Option<i32>), i64>,
}

impl Reading {
    fn load(
        connection: &mut DbConnection,
        filter: &BoardFilter,
        months: Vec<CollectionMonth>,
        overdue: Overdue,
        today: NaiveDate,
    ) -> Result<Self> {
        let coops = match &filter.coop {
            Some(code) => vec![find_cooperative(connection, code)?],
            None => cooperatives::all(connection)?,
        };
        let only = filter.coop.as_ref().and(coops.first()).map(|coop| coop.id);
        let spans = closed_spans(connection)?;
        let bounds = (months.first(), months.last());
        let (Some(first), Some(last)) = bounds else {
            return Err(LedgerError::Corrupt("board without months".to_owned()));
        };
        let found = batch_board::batches_between(connection, first.as_int(), last.as_int(), only)?;
        let mut batches = BTreeMap::<_, Vec<_>>::new();
        for batch in found {
            let of_month = batches.entry((batch.coop_id, batch.month)).or_default();
            of_month.push(batch);
        }
        let next = next_months(connection, &coops, &spans)?;
        let (mut closed, mut open) = (Vec::new(), Vec::new());
        for coop in &coops {
            for month in &months {
                let due = DueMonth {
                    coop_id: coop.id,
                    month: month.as_int(),
                    first_day: month.first_day(),
                };
                if is_closed(spans.get(&coop.id), *month) {
                    closed.push(due);
                } else if next.get(&coop.id) == Some(month) {
                    open.push(due);
                }
            }
        }
        let mut dues = due::sums_of_closed_months(connection, &closed)?;
        dues.extend(due::sums_of_months(connection, &open)?);
        let holds = batch_board::held_by_month(connection)?;
        Ok(Self {
            todays_month: todays_month(today)?,
            overdue,
            coops,
            spans,
            next,
            batches,
            dues: dues
                .into_iter()
                .map(|due| ((due.coop_id, due.due_month), due.sums))
                .collect(),
            holds: holds
                .into_iter()
                .map(|held| ((held.coop_id, held.month), held.count))
                .collect(),
            months,
        })
    }

    fn board(self) -> Result<Board> {
        let mut coops = Vec::with_capacity(self.coops.len());
        for coop in &self.coops {
            let months = self.months.iter();
            coops.push(BoardCoop {
                coop: stored("cooperatives.code", coop.code.parse::<CoopCode>())?,
                name: coop.name.clone(),
                holds_without_month: self.held(coop.id, None),
                months: months
                    .map(|month| self.month(coop.id, *month))
                    .collect::<Result<_>>()?,
            });
        }
        Ok(Board {
            months: self.months,
            coops,
        })
    }

    fn held(&self, coop_id: i64, month: Option<i32>) -> i64 {
        self.holds.get(&(coop_id, month)).copied().unwrap_or(0)
    }

    fn month(&self, coop_id: i64, month: CollectionMonth) -> Result<BoardMonth> {
        let span = self.spans.get(&coop_id);
        let key = (coop_id, month.as_int());
        let found = self.batches.get(&key).map_or(&[][..], Vec::as_slice);
        let batches: Vec<BoardBatch> = found.iter().map(|one| batch(one, self.overdue)).collect();
        let live = || batches.iter().filter(|one| one.stage != BoardStage::Voided);
        let next = self.next.get(&coop_id).copied();
        let due = self.dues.get(&key).copied().unwrap_or_default();
        let stage = match live().map(|batch| batch.stage).min() {
            _ if is_before(span, month) => BoardStage::BeforeFirst,
            _ if !is_closed(span, month) => BoardStage::Open,
            Some(stage) => stage,
            None => BoardStage::Empty,
        };
        let late = match stage {
            BoardStage::Open
                if month < self.todays_month && (span.is_some() || due.charges > 0) =>
            {
                Some(Late::Close)
            }
            _ if live().any(|batch| batch.is_overdue) => Some(Late::Results),
            _ => None,
        };
        Ok(BoardMonth {
            month,
            stage,
            is_next: next == Some(month),
            late,
            billed: live().map(|batch| batch.charges).sum(),
            billed_amount: stored("batches.amount", Yen::sum(live().map(|one| one.amount)))?,
            due: due.charges,
            due_amount: Yen::new(due.amount),
            holds: self.held(coop_id, Some(month.as_int())),
            batches,
        })
    }
}

/// Whether a month lies before the first that the co-op closed, and is not itself to be closed again.
fn is_before(span: Option<&ClosedSpan>, month: CollectionMonth) -> bool {
    let first = span.map(|span| span.first_closed.unwrap_or(span.first_ever));
    first.is_some_and(|first| month.as_int() < first)
}

/// Whether a month is closed: none between the first and the last is skipped (R11).
fn is_closed(span: Option<&ClosedSpan>, month: CollectionMonth) -> bool {
    match span.map(|span| (span.first_closed, span.last_closed)) {
        Some((Some(first), Some(last))) => (first..=last).contains(&month.as_int()),
        _ => false,
    }
}

/// The month that each co-op closes next: that after the last closed one; the earliest that was opened
/// again, where none is closed; that of its first gift, where none ever was. None of a co-op without gifts.
pub(crate) fn next_months(
    connection: &mut DbConnection,
    coops: &[Cooperative],
    spans: &BTreeMap<i64, ClosedSpan>,
) -> Result<BTreeMap<i64, CollectionMonth>> {
    let month = |int| stored("month", CollectionMonth::from_int(int));
    let mut next = BTreeMap::new();
    for (coop_id, span) in spans {
        let one = match span.last_closed {
            Some(last) => month(last)?.next(),
            None => Some(month(span.first_ever)?),
        };
        next.extend(one.map(|one| (*coop_id, one)));
    }
    if coops.iter().any(|coop| !spans.contains_key(&coop.id)) {
        for first in batch_board::first_gifts(connection)? {
            if let (Some(int), false) = (first.month, spans.contains_key(&first.coop_id)) {
                next.insert(first.coop_id, month(int)?);
            }
        }
    }
    Ok(next)
}

/// How far each co-op that ever closed a month has closed them, by its number.
pub(crate) fn closed_spans(connection: &mut DbConnection) -> Result<BTreeMap<i64, ClosedSpan>> {
    let found = batch_board::closed_spans(connection)?;
    Ok(found.into_iter().map(|span| (span.coop_id, span)).collect())
}

fn batch(found: &batch_board::BoardBatch, overdue: Overdue) -> BoardBatch {
    let exported_on = found.exported_at.map(|at| domain::japan_date(at.and_utc()));
    let outstanding = found.charges.saturating_sub(found.results);
    let stage = stage(found);
    BoardBatch {
        batch_id: found.id,
        sequence: found.sequence,
        stage,
        charges: found.charges,
        amount: Yen::new(found.amount),
        outstanding,
        outstanding_amount: Yen::new(found.amount.saturating_sub(found.results_amount)),
        closed_by: found.closed_by.clone(),
        closed_at: found.closed_at.and_utc(),
        due_on: exported_on.map(|day| overdue.due_on(day)),
        is_overdue: stage == BoardStage::Exported
            && exported_on.is_some_and(|day| overdue.is_past(day)),
    }
}

fn stage(found: &batch_board::BoardBatch) -> BoardStage {
    if found.state == batches::VOIDED {
        BoardStage::Voided
    } else if found.exported_at.is_some() {
        if found.results < found.charges {
            BoardStage::Exported
        } else {
            BoardStage::Settled
        }
    } else if found.approved_by.is_some() {
        BoardStage::Approved
    } else {
        BoardStage::Closed
    }
}

//! What co-ops collected and have not handed over yet, by batch, with its age (未収金).

use chrono::NaiveDate;
use domain::{CollectionMonth, Yen};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::reports::{self, BatchReceivable};
use utoipa::ToSchema;

use crate::accounting::books::Books;
use crate::accounting::matching;
use crate::error::stored;
use crate::{Call, Ledger, Operation, Result};

/// What a co-op owes of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceivableRow {
    /// Code of the co-op.
    #[schema(example = "01")]
    pub coop: String,
    /// Its name.
    pub coop_name: String,
    /// Number of the batch.
    pub batch_id: i64,
    /// Its month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: i32,
    /// Yen collected, less what was taken back.
    #[schema(value_type = i64)]
    pub collected: Yen,
    /// Yen handed over, fees included.
    #[schema(value_type = i64)]
    pub remitted: Yen,
    /// Yen due; negative where more was handed over than is collected now.
    #[schema(value_type = i64)]
    pub due: Yen,
    /// The day of the first collection.
    pub since: NaiveDate,
    /// Days since then.
    pub age_days: i64,
}

/// The receivables from co-ops on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receivables {
    /// The day.
    pub as_of: NaiveDate,
    /// By co-op and batch, the oldest month first.
    pub rows: Vec<ReceivableRow>,
    /// Yen due in all: the balance of 未収金(単協別).
    #[schema(value_type = i64)]
    pub due: Yen,
}

impl Ledger {
    /// What is due by co-op and batch on a day, today where none is given; settled batches too where
    /// asked for.
    ///
    /// # Errors
    /// Refuses a co-op that there is not.
    pub fn receivables(
        &self,
        call: &Call,
        as_of: Option<NaiveDate>,
        coop: Option<&str>,
        with_settled: bool,
    ) -> Result<Receivables> {
        let as_of = as_of.unwrap_or_else(|| self.today());
        self.read(call, Operation::ShowReceivables, |connection| {
            let books = Books::load(connection)?;
            let coop = coop.map(|code| books.cooperative(code)).transpose()?;
            let found = reports::receivables(connection, Some(as_of), coop.map(|coop| coop.id))?;
            let rows = found
                .iter()
                .filter(|batch| with_settled || matching::due(batch) != 0)
                .map(|batch| row(&books, batch, as_of))
                .collect::<Result<Vec<_>>>()?;
            let due = stored("due", Yen::sum(rows.iter().map(|row| row.due)))?;
            Ok(Receivables { as_of, rows, due })
        })
    }
}

fn row(books: &Books, batch: &BatchReceivable, as_of: NaiveDate) -> Result<ReceivableRow> {
    let coop = books.cooperative_of(batch.coop_id)?;
    Ok(ReceivableRow {
        coop: coop.code.clone(),
        coop_name: coop.name.clone(),
        batch_id: batch.batch_id,
        month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
        sequence: batch.sequence,
        collected: Yen::new(batch.collected),
        remitted: Yen::new(batch.remitted),
        due: Yen::new(matching::due(batch)),
        since: batch.since,
        age_days: (as_of - batch.since).num_days(),
    })
}

impl Receivables {
    /// The same as CSV for a spreadsheet.
    pub fn to_csv(&self) -> String {
        let mut csv = ReportCsv::new(&[
            "単協コード",
            "単協名",
            "請求データ",
            "集金年月",
            "回次",
            "集金額",
            "送金済額",
            "未収額",
            "最初の集金日",
            "経過日数",
        ]);
        for row in &self.rows {
            csv.text(&row.coop)
                .text(&row.coop_name)
                .number(row.batch_id)
                .text(&row.month.to_string())
                .number(i64::from(row.sequence))
                .yen(row.collected)
                .yen(row.remitted)
                .yen(row.due)
                .day(row.since)
                .number(row.age_days)
                .end_line();
        }
        csv.into_text()
    }
}

//! `list_holds`: what waits for a person.

use std::fs::File;

use chrono::NaiveDate;
use domain::{Channel, CollectionMonth, HoldReason, HoldReasons, Way};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use store::DbConnection;
use store::tables::applications::{self, Held, HeldFilter};
use utoipa::ToSchema;

use super::line::reasons_of;
use crate::error::stored;
use crate::pledges::find_coop;
use crate::{Call, Cursor, Ledger, Operation, PAGE_MAX, Page, PageRequest, Result};

/// The list in a cursor.
const LIST: &str = "holds";

const HEADINGS: [&str; 14] = [
    "申込番号",
    "単協コード",
    "組合員番号",
    "注文番号",
    "口数",
    "金額",
    "集金月",
    "受付日",
    "受付経路",
    "理由",
    "当てはまる理由",
    "備考",
    "取込番号",
    "行",
];

/// Which holds are asked for; all where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldFilter {
    /// Collected in this month. Those whose month is not known yet are in no month.
    pub month: Option<CollectionMonth>,
    /// Of the co-op of this code.
    pub coop: Option<String>,
    /// Whose main reason this is.
    pub reason: Option<HoldReason>,
    /// Of one import, sheet or request.
    pub import_id: Option<i64>,
}

/// A held application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hold {
    /// The application.
    pub id: i64,
    /// Code of the co-op.
    #[schema(example = "01")]
    pub coop: String,
    /// The member number as written.
    #[schema(example = "0012075")]
    pub member_number: String,
    /// The order number; none on a depot form of free text.
    #[schema(example = "108413")]
    pub order_number: Option<String>,
    /// Units (口), where they are known.
    pub units: Option<i64>,
    /// Yen, where it is known.
    pub amount: Option<i64>,
    /// The main reason: the first that applies.
    #[schema(value_type = String, example = "already_supporter")]
    pub reason: HoldReason,
    /// Every reason that applied when it was last looked at.
    #[schema(value_type = Vec<String>)]
    pub reasons: HoldReasons,
    /// The ways that the main reason leaves.
    #[schema(value_type = Vec<String>)]
    pub ways: Vec<Way>,
    /// The date of receipt.
    pub received_on: NaiveDate,
    /// The way it came in.
    #[schema(example = "web")]
    pub channel: String,
    /// What else was written.
    pub note: Option<String>,
    /// When it would be collected; none while unknown.
    #[schema(value_type = Option<String>, example = "2025-12")]
    pub collection_month: Option<CollectionMonth>,
    /// The import, sheet or request it arrived in.
    pub import_id: i64,
    /// Its line there.
    pub line: i64,
}

impl Ledger {
    /// The held applications in the order of their numbers, a page at a time. Refuses a co-op that
    /// is not there, a page of no or too many rows, and a cursor of another list.
    pub fn list_holds(
        &self,
        call: &Call,
        filter: &HoldFilter,
        page: &PageRequest,
    ) -> Result<Page<Hold>> {
        let rows = page.rows()?;
        let after_id = match &page.cursor {
            Some(cursor) => cursor.keys::<1>(LIST)?[0],
            None => 0,
        };
        self.read(call, Operation::ListHolds, |connection| {
            let filter = filter.to_stored(connection)?;
            let found = applications::held_after(connection, &filter, after_id, rows + 1)?;
            let holds = found.into_iter().map(to_hold).collect::<Result<_>>()?;
            Ok(Page::of(holds, rows, |hold: &Hold| {
                Cursor::after(LIST, &[hold.id])
            }))
        })
    }

    /// Every held application in the order of their numbers, given to `each` one by one, all of
    /// one moment. Refuses a co-op that is not there.
    pub fn all_holds(
        &self,
        call: &Call,
        filter: &HoldFilter,
        each: impl FnMut(Hold) -> Result<()>,
    ) -> Result<()> {
        self.read(call, Operation::ListHolds, |connection| {
            let filter = filter.to_stored(connection)?;
            each_hold(connection, &filter, each)
        })
    }

    /// Every held application that fits, in the order of their numbers, as CSV.
    ///
    /// # Errors
    /// Refuses a co-op that is not there; fails where no temporary file can be written.
    pub fn download_holds(&self, call: &Call, filter: &HoldFilter) -> Result<File> {
        self.take_along(call, Operation::ListHolds, "holds", |connection, file| {
            let filter = filter.to_stored(connection)?;
            file.put(ReportCsv::new(&HEADINGS))?;
            each_hold(connection, &filter, |hold| {
                let mut csv = ReportCsv::lines();
                put_hold(&mut csv, &hold)?;
                file.put(csv)
            })?;
            Ok(filter.coop_id)
        })
    }
}

/// Gives every hold that fits to `each`, one by one.
fn each_hold(
    connection: &mut DbConnection,
    filter: &HeldFilter,
    mut each: impl FnMut(Hold) -> Result<()>,
) -> Result<()> {
    let mut after_id = 0;
    loop {
        let found = applications::held_after(connection, filter, after_id, PAGE_MAX.into())?;
        let Some(last) = found.last() else {
            return Ok(());
        };
        after_id = last.id;
        for held in found {
            each(to_hold(held)?)?;
        }
    }
}

fn put_hold(csv: &mut ReportCsv, hold: &Hold) -> Result<()> {
    let month = hold.collection_month.map(|month| month.to_string());
    let channel = Channel::from_stored(&hold.channel);
    let reasons: Vec<&str> = hold.reasons.iter().map(HoldReason::label_ja).collect();
    csv.number(hold.id)
        .text(&hold.coop)
        .text(&hold.member_number)
        .text_or_empty(hold.order_number.as_deref())
        .number(hold.units)
        .number(hold.amount)
        .text_or_empty(month.as_deref())
        .day(hold.received_on)
        .text(stored("applications.channel", channel)?.label_ja())
        .text(hold.reason.label_ja())
        .text(&reasons.join("、"))
        .text_or_empty(hold.note.as_deref())
        .number(hold.import_id)
        .number(hold.line)
        .end_line();
    Ok(())
}

impl HoldFilter {
    pub(super) fn to_stored(&self, connection: &mut DbConnection) -> Result<HeldFilter> {
        let coop_id = match &self.coop {
            Some(code) => Some(find_coop(connection, code)?.id),
            None => None,
        };
        Ok(HeldFilter {
            coop_id,
            month: self.month.map(CollectionMonth::as_int),
            main_reason_bit: self.reason.map(|reason| reason.bit().into()),
            intake_id: self.import_id,
        })
    }
}

fn to_hold(held: Held) -> Result<Hold> {
    let reasons = reasons_of(held.reasons)?;
    let reason = reasons
        .main()
        .ok_or_else(|| crate::LedgerError::Corrupt(format!("application {}: held", held.id)))?;
    Ok(Hold {
        id: held.id,
        coop: held.coop,
        member_number: held.member_number,
        order_number: held.order_number,
        units: held.units,
        amount: held.amount,
        reason,
        reasons,
        ways: reason.ways().to_vec(),
        received_on: held.received_on,
        channel: held.channel,
        note: held.note,
        collection_month: held
            .collection_month
            .map(|month| {
                stored(
                    "applications.collection_month",
                    CollectionMonth::from_int(month),
                )
            })
            .transpose()?,
        import_id: held.intake_id,
        line: held.line_no,
    })
}

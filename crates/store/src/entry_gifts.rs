//! From an entry of the journal back to what it was collected from: charges, and the lines of sheets
//! and files behind them.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::{DbConnection, StoreError};

/// A collected charge of an entry, with the line it goes back to.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct EntryGift {
    /// Its batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Its place in the batch.
    #[diesel(sql_type = BigInt)]
    pub rank: i64,
    /// 0 while the result stands; its reversal's number after that.
    #[diesel(sql_type = BigInt)]
    pub correction_mark: i64,
    /// The journal entry that booked it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub entry_id: Option<i64>,
    /// The co-op.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    /// The batch's month, as 202508.
    #[diesel(sql_type = Integer)]
    pub month: i32,
    /// Which batch of the month.
    #[diesel(sql_type = Integer)]
    pub sequence: i32,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// The kind of gift.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Units.
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
    /// The day of collection.
    #[diesel(sql_type = Nullable<Date>)]
    pub collected_on: Option<NaiveDate>,
    /// The line of the file of results.
    #[diesel(sql_type = BigInt)]
    pub result_line: i64,
    /// The pledge, where it is of one.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub pledge_id: Option<i64>,
    /// The application that opened the pledge or made the gift.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub application_id: Option<i64>,
    /// What that, or an imported pledge, came in.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub intake_id: Option<i64>,
    /// What that was.
    #[diesel(sql_type = Nullable<Text>)]
    pub intake_kind: Option<String>,
    /// Its name: that of the file.
    #[diesel(sql_type = Nullable<Text>)]
    pub intake_name: Option<String>,
    /// The line there.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub intake_line: Option<i64>,
    /// The sheet, where it was keyed on one.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub sheet_id: Option<i64>,
}

/// The place of a gift among those of an entry: batch, rank, mark.
pub type GiftPlace = (i64, i64, i64);

/// At most `rows` of the collected charges that an entry booked, from behind `after` on, in the order
/// of their batch.
pub fn of_entry(
    connection: &mut DbConnection,
    entry_id: i64,
    after: GiftPlace,
    rows: i64,
) -> Result<Vec<EntryGift>, StoreError> {
    let (batch, rank, mark) = after;
    // The batch narrows it to what an index finds: there is none by entry, because a million results
    // come at once.
    load(
        connection,
        &format!(
            "s.entry_id = {entry_id}
             AND s.batch_id IN (SELECT batch_id FROM journal_postings WHERE entry_id = {entry_id})
             AND (s.batch_id, s.rank, s.correction_mark) > ({batch}, {rank}, {mark})"
        ),
        rows,
    )
}

/// The charge whose result a correction put right, or gave back.
pub fn of_correction(
    connection: &mut DbConnection,
    correction_id: i64,
) -> Result<Vec<EntryGift>, StoreError> {
    let of = format!("s.id = (SELECT settlement_id FROM corrections WHERE id = {correction_id})");
    load(connection, &of, 1)
}

fn load(
    connection: &mut DbConnection,
    which: &str,
    rows: i64,
) -> Result<Vec<EntryGift>, StoreError> {
    let sql = format!(
        "SELECT s.batch_id, s.rank, s.correction_mark, s.entry_id, b.coop_id, b.month, b.sequence,
           c.member_number, c.order_number, c.kind, c.units, s.amount, s.collected_on,
           s.line_no AS result_line, c.pledge_id, a.id AS application_id, i.id AS intake_id,
           i.kind AS intake_kind, i.name AS intake_name,
           COALESCE(a.line_no, g.intake_line) AS intake_line, t.id AS sheet_id
         FROM settlements s
         JOIN charges c ON c.batch_id = s.batch_id AND c.rank = s.rank
         JOIN batches b ON b.id = s.batch_id
         LEFT JOIN pledges g ON g.id = c.pledge_id
         LEFT JOIN donations d ON d.id = c.donation_id
         LEFT JOIN applications a ON a.id = COALESCE(g.application_id, d.application_id)
         LEFT JOIN intakes i ON i.id = COALESCE(a.intake_id, g.intake_id)
         LEFT JOIN sheets t ON t.intake_id = i.id
         WHERE {which}
         ORDER BY s.batch_id, s.rank, s.correction_mark LIMIT {rows}"
    );
    Ok(sql_query(sql).load(connection)?)
}

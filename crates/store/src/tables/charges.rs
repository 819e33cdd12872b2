//! `charges`: the frozen amounts of closed batches (R9, R10). They are made by
//! [`due::freeze`](crate::due::freeze) and never changed, but for the mark of a voided batch.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use crate::schema::charges;
use crate::{DbConnection, StoreError};

/// Rows read at a time.
const READ_ROWS: i64 = 10_000;

/// A charge as the collection file needs it.
#[derive(Debug, QueryableByName)]
pub struct FileCharge {
    /// Its place in the file, from 1.
    #[diesel(sql_type = BigInt)]
    pub rank: i64,
    /// The member's number.
    #[diesel(sql_type = Text)]
    pub member_number: String,
    /// The order number; empty for an imported pledge without one.
    #[diesel(sql_type = Text)]
    pub order_number: String,
    /// `supporter`, `spot` or `campaign`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Units (口).
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    /// Yen a unit.
    #[diesel(sql_type = BigInt)]
    pub unit_price: i64,
    /// Yen.
    #[diesel(sql_type = BigInt)]
    pub amount: i64,
}

/// Hands every charge of a batch to `take` in the order of the file, a bounded number in memory at
/// a time. Call it in a read transaction, so that all are of one moment.
pub fn each_in_file_order<E: From<StoreError>>(
    connection: &mut DbConnection,
    batch_id: i64,
    mut take: impl FnMut(&FileCharge) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let rows: Vec<FileCharge> = sql_query(
            "SELECT rank, member_number, order_number, kind, units, unit_price, amount
             FROM charges WHERE batch_id = $1 AND rank > $2 ORDER BY rank LIMIT $3",
        )
        .bind::<BigInt, _>(batch_id)
        .bind::<BigInt, _>(after)
        .bind::<BigInt, _>(READ_ROWS)
        .load(connection)
        .map_err(StoreError::from)?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.rank;
        rows.iter().try_for_each(&mut take)?;
    }
}

/// Marks every charge of a batch as counting no more: its pledges and gifts are due again.
pub fn void_batch(connection: &mut DbConnection, batch_id: i64) -> Result<(), StoreError> {
    diesel::update(charges::table.filter(charges::batch_id.eq(batch_id)))
        .set(charges::void_mark.eq(batch_id))
        .execute(connection)?;
    Ok(())
}

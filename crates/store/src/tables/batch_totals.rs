//! `batch_totals`: what a batch comes to per order number, recorded at the close (R10).

use diesel::prelude::*;

use crate::schema::batch_totals;
use crate::{DbConnection, StoreError};

/// What one order number comes to in a batch.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = batch_totals)]
pub struct BatchTotal {
    /// The batch.
    pub batch_id: i64,
    /// `supporter`, `spot` or `campaign`.
    pub kind: String,
    /// The order number; empty for imported pledges without one.
    pub order_number: String,
    /// How many charges.
    pub charges: i64,
    /// Units (口).
    pub units: i64,
    /// Yen.
    pub amount: i64,
}

/// The totals of a batch in the order of kinds, then of order numbers.
pub fn of_batch(
    connection: &mut DbConnection,
    batch_id: i64,
) -> Result<Vec<BatchTotal>, StoreError> {
    Ok(batch_totals::table
        .filter(batch_totals::batch_id.eq(batch_id))
        .order((batch_totals::kind.desc(), batch_totals::order_number))
        .select(BatchTotal::as_select())
        .load(connection)?)
}

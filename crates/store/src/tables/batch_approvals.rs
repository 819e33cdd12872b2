//! `batch_approvals`: who approved that a batch is handed over; once a batch (R17).

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::batch_approvals;
use crate::{DbConnection, StoreError};

/// The approval of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = batch_approvals)]
pub struct BatchApproval {
    /// The batch.
    pub batch_id: i64,
    /// Why this person was enough: `second_person`, `one_person_office` or `operator`.
    pub ground: String,
    /// Who.
    pub approved_by: String,
    /// When, UTC.
    pub approved_at: NaiveDateTime,
}

/// Records the approval of a batch. A second one violates the primary key; one by who closed it is
/// refused unless its ground allows that.
pub fn insert(connection: &mut DbConnection, approval: &BatchApproval) -> Result<(), StoreError> {
    diesel::insert_into(batch_approvals::table)
        .values(approval)
        .execute(connection)?;
    Ok(())
}

/// The approval of a batch, where there is one.
pub fn find(
    connection: &mut DbConnection,
    batch_id: i64,
) -> Result<Option<BatchApproval>, StoreError> {
    Ok(batch_approvals::table
        .find(batch_id)
        .select(BatchApproval::as_select())
        .get_result(connection)
        .optional()?)
}

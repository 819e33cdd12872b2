//! Batches, their approvals and their exports, as what the audit log says was sealed of each.

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use domain::chain::{self, Fields, GENESIS};

use crate::letters::{letters_of, moment_letters};
use crate::schema::batches;
use crate::tables::batch_approvals::BatchApproval;
use crate::tables::batches::{Batch, CLOSED};
use crate::tables::exports::Export;
use crate::{DbConnection, StoreError};

/// A batch as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptBatch {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// Whose.
    #[diesel(sql_type = BigInt)]
    pub coop_id: i64,
    #[diesel(sql_type = Integer)]
    month: i32,
    #[diesel(sql_type = Integer)]
    sequence: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    charges: i64,
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    /// The digest over its charges.
    #[diesel(sql_type = Text)]
    pub charges_sha256: String,
    /// Who closed it.
    #[diesel(sql_type = Text)]
    pub closed_by: String,
    #[diesel(sql_type = Text)]
    closed_at: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    voided_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    voided_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    void_reason: Option<String>,
}

impl KeptBatch {
    /// The digest of what the close fixed.
    pub fn closed_sha256(&self) -> String {
        hex_of(
            Fields::new()
                .text("batch")
                .integer(self.id)
                .integer(self.coop_id)
                .integer(i64::from(self.month))
                .integer(i64::from(self.sequence))
                .integer(self.charges)
                .integer(self.units)
                .integer(self.amount)
                .text(self.charges_sha256.as_str())
                .text(self.closed_by.as_str())
                .moment_as_written(self.closed_at.as_str())
                .text(self.reason.as_deref()),
        )
    }

    /// The digest of what voiding it fixed; none where it counts, `Some` of nothing sensible where
    /// the columns contradict one another.
    pub fn voided_sha256(&self) -> Option<String> {
        let counts = self.state == CLOSED
            && self.voided_by.is_none()
            && self.voided_at.is_none()
            && self.void_reason.is_none();
        (!counts).then(|| {
            hex_of(
                Fields::new()
                    .text("void")
                    .integer(self.id)
                    .text(self.state.as_str())
                    .text(self.voided_by.as_deref())
                    .moment_as_written(self.voided_at.as_deref())
                    .text(self.void_reason.as_deref()),
            )
        })
    }
}

impl From<Batch> for KeptBatch {
    fn from(batch: Batch) -> Self {
        Self {
            id: batch.id,
            coop_id: batch.coop_id,
            month: batch.month,
            sequence: batch.sequence,
            state: batch.state,
            charges: batch.charges,
            units: batch.units,
            amount: batch.amount,
            charges_sha256: batch.charges_sha256,
            closed_by: batch.closed_by,
            closed_at: letters_of(batch.closed_at),
            reason: batch.reason,
            voided_by: batch.voided_by,
            voided_at: batch.voided_at.map(letters_of),
            void_reason: batch.void_reason,
        }
    }
}

/// The first export of a batch in a profile, as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptExport {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// The profile.
    #[diesel(sql_type = Text)]
    pub profile: String,
    #[diesel(sql_type = Integer)]
    profile_version: i32,
    #[diesel(sql_type = Text)]
    sha256: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = BigInt)]
    amount: i64,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Text)]
    exported_at: String,
}

impl KeptExport {
    /// The digest of the record.
    pub fn sha256(&self) -> String {
        hex_of(
            Fields::new()
                .text("export")
                .integer(self.batch_id)
                .text(self.profile.as_str())
                .integer(i64::from(self.profile_version))
                .text(self.sha256.as_str())
                .integer(self.rows)
                .integer(self.amount)
                .text(self.actor.as_str())
                .moment_as_written(self.exported_at.as_str()),
        )
    }
}

impl From<Export> for KeptExport {
    fn from(export: Export) -> Self {
        Self {
            batch_id: export.batch_id,
            profile: export.profile,
            profile_version: export.profile_version,
            sha256: export.sha256,
            rows: export.rows,
            amount: export.amount,
            actor: export.actor,
            exported_at: letters_of(export.exported_at),
        }
    }
}

/// The approval of a batch, as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptApproval {
    /// The batch.
    #[diesel(sql_type = BigInt)]
    pub batch_id: i64,
    /// Why this person was enough.
    #[diesel(sql_type = Text)]
    pub ground: String,
    /// Who.
    #[diesel(sql_type = Text)]
    pub approved_by: String,
    #[diesel(sql_type = Text)]
    approved_at: String,
}

impl KeptApproval {
    /// The digest of the record.
    pub fn sha256(&self) -> String {
        hex_of(
            Fields::new()
                .text("approval")
                .integer(self.batch_id)
                .text(self.ground.as_str())
                .text(self.approved_by.as_str())
                .moment_as_written(self.approved_at.as_str()),
        )
    }
}

impl From<BatchApproval> for KeptApproval {
    fn from(approval: BatchApproval) -> Self {
        Self {
            batch_id: approval.batch_id,
            ground: approval.ground,
            approved_by: approval.approved_by,
            approved_at: letters_of(approval.approved_at),
        }
    }
}

fn hex_of(fields: Fields) -> String {
    chain::to_hex(&chain::link(&GENESIS, &fields))
}

/// Every batch, by number: some hundreds a year. None in the place of one whose letters are none.
pub fn all(connection: &mut DbConnection) -> Result<Vec<(i64, Option<KeptBatch>)>, StoreError> {
    match between(connection, i64::MIN, i64::MAX) {
        Ok(found) => Ok(found.into_iter().map(|b| (b.id, Some(b))).collect()),
        Err(DieselError::DeserializationError(_)) => {
            let ids: Vec<i64> = batches::table
                .select(batches::id)
                .order(batches::id)
                .load(connection)?;
            let read = |id| {
                (
                    id,
                    between(connection, id, id).ok().and_then(|mut b| b.pop()),
                )
            };
            Ok(ids.into_iter().map(read).collect())
        }
        Err(error) => Err(error.into()),
    }
}

fn between(connection: &mut DbConnection, first: i64, last: i64) -> QueryResult<Vec<KeptBatch>> {
    let backend = connection.backend();
    let closed_at = moment_letters(backend, "closed_at");
    let voided_at = moment_letters(backend, "voided_at");
    sql_query(format!(
        "SELECT id, coop_id, month, sequence, state, charges, units, amount, charges_sha256,
           closed_by, {closed_at} AS closed_at, reason, voided_by, {voided_at} AS voided_at,
           void_reason
         FROM batches WHERE id >= $1 AND id <= $2 ORDER BY id"
    ))
    .bind::<BigInt, _>(first)
    .bind::<BigInt, _>(last)
    .load(connection)
}

/// Every export's record, by batch and profile.
pub fn all_exports(connection: &mut DbConnection) -> Result<Vec<KeptExport>, StoreError> {
    let exported_at = moment_letters(connection.backend(), "exported_at");
    Ok(sql_query(format!(
        "SELECT batch_id, profile, profile_version, sha256, rows, amount, actor,
           {exported_at} AS exported_at
         FROM exports ORDER BY batch_id, profile"
    ))
    .load(connection)?)
}

/// Every approval, by batch.
pub fn all_approvals(connection: &mut DbConnection) -> Result<Vec<KeptApproval>, StoreError> {
    let approved_at = moment_letters(connection.backend(), "approved_at");
    Ok(sql_query(format!(
        "SELECT batch_id, ground, approved_by, {approved_at} AS approved_at
         FROM batch_approvals ORDER BY batch_id"
    ))
    .load(connection)?)
}

//! What waits for a second person, or waited, as what the audit log says was sealed of it.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::chain::{self, Fields, GENESIS};

use crate::letters::{letters_of, moment_letters};
use crate::tables::pending_actions::PendingAction;
use crate::{DbConnection, StoreError};

/// Something entered, as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptPendingAction {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Text)]
    request: String,
    #[diesel(sql_type = Text)]
    request_sha256: String,
    /// Who entered it.
    #[diesel(sql_type = Text)]
    pub submitted_by: String,
    #[diesel(sql_type = Text)]
    submitted_at: String,
    /// What became of it.
    #[diesel(sql_type = Text)]
    pub state: String,
    /// Why the approval was enough.
    #[diesel(sql_type = Nullable<Text>)]
    pub ground: Option<String>,
    /// Who decided.
    #[diesel(sql_type = Nullable<Text>)]
    pub decided_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    decided_at: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    decision_reason: Option<String>,
    /// The journal entry that came of it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub entry_id: Option<i64>,
}

impl KeptPendingAction {
    /// The digest of what was entered.
    pub fn submitted_sha256(&self) -> String {
        hex_of(
            Fields::new()
                .text("pending")
                .integer(self.id)
                .text(self.operation.as_str())
                .text(self.request.as_str())
                .text(self.request_sha256.as_str())
                .text(self.submitted_by.as_str())
                .moment_as_written(self.submitted_at.as_str()),
        )
    }

    /// The digest of what was decided.
    pub fn decided_sha256(&self) -> String {
        hex_of(
            Fields::new()
                .text("decided")
                .integer(self.id)
                .text(self.state.as_str())
                .text(self.ground.as_deref())
                .text(self.decided_by.as_deref())
                .moment_as_written(self.decided_at.as_deref())
                .text(self.decision_reason.as_deref())
                .integer(self.entry_id),
        )
    }
}

impl From<PendingAction> for KeptPendingAction {
    fn from(action: PendingAction) -> Self {
        Self {
            id: action.id,
            operation: action.operation,
            request: action.request,
            request_sha256: action.request_sha256,
            submitted_by: action.submitted_by,
            submitted_at: letters_of(action.submitted_at),
            state: action.state,
            ground: action.ground,
            decided_by: action.decided_by,
            decided_at: action.decided_at.map(letters_of),
            decision_reason: action.decision_reason,
            entry_id: action.entry_id,
        }
    }
}

fn hex_of(fields: Fields) -> String {
    chain::to_hex(&chain::link(&GENESIS, &fields))
}

/// Everything that was ever entered, by number: a few a month.
pub fn all(connection: &mut DbConnection) -> Result<Vec<KeptPendingAction>, StoreError> {
    let submitted_at = moment_letters(connection.backend(), "submitted_at");
    let decided_at = moment_letters(connection.backend(), "decided_at");
    Ok(sql_query(format!(
        "SELECT id, operation, request, request_sha256, submitted_by,
           {submitted_at} AS submitted_at, state, ground, decided_by, {decided_at} AS decided_at,
           decision_reason, entry_id
         FROM pending_actions ORDER BY id"
    ))
    .load(connection)?)
}

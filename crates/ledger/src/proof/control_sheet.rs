//! The control sheet of an exported batch: what finance keeps, apart from the database.

use domain::{CollectionMonth, CoopCode, Yen};
use serde::{Deserialize, Serialize};
use store::tables::{batches, cooperatives, exports};

use super::ChainHead;
use crate::error::stored;
use crate::ledger::Look;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Name of the profile where none is given.
const PROFILE_DEFAULT: &str = formats::collection::Profile::STANDARD.name;

/// What was handed over, and how long each chain was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ControlSheet {
    /// The batch's number.
    pub batch_id: i64,
    /// Code of the co-op.
    #[schema(value_type = String, example = "01")]
    pub coop: CoopCode,
    /// The month.
    #[schema(value_type = String, example = "2025-08")]
    pub month: CollectionMonth,
    /// Which batch of the month.
    pub sequence: i32,
    /// Name of the profile.
    pub profile: String,
    /// Version of the profile.
    pub profile_version: i32,
    /// Rows of the file, the header not counted.
    pub rows: i64,
    /// Yen.
    #[schema(value_type = i64)]
    pub amount: Yen,
    /// SHA-256 of the file.
    pub sha256: String,
    /// SHA-256 over the frozen charges.
    pub charges_sha256: String,
    /// Who exported it first.
    pub exported_by: String,
    /// When, UTC.
    pub exported_at: chrono::DateTime<chrono::Utc>,
    /// The last link of each chain, now.
    pub heads: Vec<ChainHead>,
}

impl Ledger {
    /// The control sheet of a batch that was exported in a profile, `standard` where none is given.
    ///
    /// Kept outside, it proves later with [`verify_against`](Self::verify_against) that nothing was
    /// cut off since.
    ///
    /// # Errors
    /// Refuses a batch that there is not, and one not exported in the profile.
    pub fn control_sheet(
        &self,
        call: &Call,
        batch_id: i64,
        profile: Option<&str>,
    ) -> Result<ControlSheet> {
        self.read_logged(call, Operation::GetControlSheet, |connection, _| {
            let profile = profile.unwrap_or(PROFILE_DEFAULT);
            let batch = batches::find(connection, batch_id)?.ok_or_else(|| {
                LedgerError::not_found(
                    "batch_not_found",
                    format!("請求データ {batch_id} はありません"),
                )
            })?;
            let export = exports::find(connection, batch_id, profile)?.ok_or_else(|| {
                LedgerError::refused(
                    "batch_not_exported",
                    format!(
                        "請求データ {batch_id} は {profile} ではまだ出力していません。先に出力してください"
                    ),
                )
            })?;
            let coop = cooperatives::find(connection, batch.coop_id)?
                .ok_or_else(|| LedgerError::Corrupt(format!("batches.coop_id {batch_id}")))?;
            let look = Look {
                coop_id: Some(batch.coop_id),
                subject: format!("batch:{batch_id}"),
            };
            let sheet = ControlSheet {
                batch_id,
                coop: stored("cooperatives.code", coop.code.parse())?,
                month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
                sequence: batch.sequence,
                profile: export.profile,
                profile_version: export.profile_version,
                rows: export.rows,
                amount: Yen::new(export.amount),
                sha256: export.sha256,
                charges_sha256: batch.charges_sha256,
                exported_by: export.actor,
                exported_at: export.exported_at.and_utc(),
                heads: ChainHead::all(connection)?,
            };
            Ok((sheet, look))
        })
    }
}

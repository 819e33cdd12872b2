//! One charge, as results and corrections name it: by its key.

use domain::{ChargeKey, CollectionMonth, OfferingKind, Yen};
use store::DbConnection;
use store::lock;
use store::tables::batches::{self, Batch};
use store::tables::charges::{self, Charge};
use store::tables::settlements::{self, Settlement};
use store::tables::{donations, exports, pledges};

use super::book::Gift;
use crate::error::stored;
use crate::tx::Tx;
use crate::{LedgerError, Result};

/// A charge with its batch.
pub(super) struct NamedCharge {
    pub(super) key: ChargeKey,
    pub(super) batch: Batch,
    pub(super) charge: Charge,
}

impl NamedCharge {
    /// The charge of a key, its co-op locked. Refuses a key that no charge has.
    pub(super) fn find_locked(tx: &mut Tx<'_>, key: ChargeKey) -> Result<Self> {
        lock::coop_exclusive(tx.connection, key.coop_number())?;
        Self::find(tx.connection, key)
    }

    /// The charge of a key.
    pub(super) fn find(connection: &mut DbConnection, key: ChargeKey) -> Result<Self> {
        let missing = || {
            LedgerError::not_found(
                "charge_not_found",
                format!("請求キー {key} の請求明細はありません。キーを確かめてください"),
            )
        };
        let sequence = i32::try_from(key.sequence()).unwrap_or(i32::MAX);
        let (coop, month) = (key.coop_number(), key.month().as_int());
        let batch =
            batches::find_sequence(connection, coop, month, sequence)?.ok_or_else(missing)?;
        let charge = charges::find(connection, batch.id, key.rank())?.ok_or_else(missing)?;
        Ok(Self { key, batch, charge })
    }

    /// Its result that stands, where there is one.
    pub(super) fn standing(&self, connection: &mut DbConnection) -> Result<Option<Settlement>> {
        let (batch, rank) = (self.charge.batch_id, self.charge.rank);
        Ok(settlements::standing(connection, batch, rank)?)
    }

    /// Refuses a charge that no co-op was ever asked to collect.
    pub(super) fn require_handed_over(&self, connection: &mut DbConnection) -> Result<()> {
        let key = self.key;
        if self.charge.void_mark != 0 {
            let message = format!(
                "請求キー {key} は、取り消した請求データの明細です。ほかの明細を指定してください"
            );
            return Err(LedgerError::refused("charge_voided", message));
        }
        if exports::of_batch(connection, self.batch.id)?.is_empty() {
            let message = format!(
                "請求キー {key} の請求データは、まだ出力していません。先に出力してください"
            );
            return Err(LedgerError::refused("batch_not_exported", message));
        }
        Ok(())
    }

    /// Refuses where a later try of the charge was charged already: that stands on this result.
    pub(super) fn require_no_later_try(&self, connection: &mut DbConnection) -> Result<()> {
        let Some(later) = charges::repeated_by(connection, &self.charge)? else {
            return Ok(());
        };
        let month = stored("batches.month", CollectionMonth::from_int(later.month))?;
        Err(LedgerError::refused(
            "tried_again",
            format!(
                "請求キー {} は、{}分で繰り越して請求済みです（請求データ {}）。そちらを出力していなければ取り消し、出力していれば、そちらの結果を訂正してください",
                self.key,
                month.label_ja(),
                later.batch_id
            ),
        ))
    }

    /// What it is for, as it is booked.
    pub(super) fn gift(&self, connection: &mut DbConnection) -> Result<Gift> {
        let (fund_id, campaign_id) = match (self.charge.pledge_id, self.charge.donation_id) {
            (Some(id), _) => {
                let pledge = pledges::find(connection, id)?.ok_or_else(|| gone("pledge", id))?;
                (Some(pledge.fund_id), None)
            }
            (None, Some(id)) => {
                let gift = donations::find(connection, id)?.ok_or_else(|| gone("donation", id))?;
                (gift.fund_id, gift.campaign_id)
            }
            (None, None) => return Err(gone("source of batch", self.batch.id)),
        };
        Ok(Gift {
            kind: stored("charges.kind", OfferingKind::from_stored(&self.charge.kind))?,
            fund_id,
            campaign_id,
            amount: Yen::new(self.charge.amount),
        })
    }
}

fn gone(what: &str, id: i64) -> LedgerError {
    LedgerError::Corrupt(format!("{what} {id} is gone"))
}

//! The collection file of a batch: a pure function of its frozen charges and a profile (R10).

use std::io::Write;

use domain::{ChargeKey, CollectionMonth, OfferingKind, TermUnits, Yen};
use formats::collection::{
    CollectionError, CollectionRow, CollectionSummary, CollectionWriter, Profile,
};
use store::DbConnection;
use store::tables::batches::Batch;
use store::tables::charges::{self, FileCharge};
use store::tables::cooperatives::Cooperative;

use crate::error::stored;
use crate::{LedgerError, Result};

/// Writes the file of a batch to `out`, and gives its rows, yen and SHA-256.
///
/// Refuses a character that the profile's encoding lacks, naming row and column, and charges that
/// are not what the batch recorded at its close.
pub(crate) fn write(
    connection: &mut DbConnection,
    coop: &Cooperative,
    batch: &Batch,
    profile: &Profile,
    out: impl Write,
) -> Result<CollectionSummary> {
    let rows = Rows {
        coop: &coop.code,
        coop_number: coop.id,
        month: stored("batches.month", CollectionMonth::from_int(batch.month))?,
        sequence: i64::from(batch.sequence),
    };
    let mut writer = CollectionWriter::new(out, profile);
    charges::each_in_file_order(connection, batch.id, batch.charges, |charge| {
        rows.write(charge, &mut writer)
    })?;
    let (_, summary) = writer.finish().map_err(refused)?;
    let is_whole =
        i64::try_from(summary.rows) == Ok(batch.charges) && summary.amount.get() == batch.amount;
    if !is_whole {
        return Err(LedgerError::Corrupt(format!(
            "請求データ {}: 締めたときは {} 件 {} 円、明細は {} 件 {} 円",
            batch.id, batch.charges, batch.amount, summary.rows, summary.amount
        )));
    }
    Ok(summary)
}

/// What the rows of a file share.
struct Rows<'a> {
    coop: &'a str,
    coop_number: i64,
    month: CollectionMonth,
    sequence: i64,
}

impl Rows<'_> {
    fn write<W: Write>(&self, charge: &FileCharge, writer: &mut CollectionWriter<W>) -> Result<()> {
        let key = ChargeKey::new(self.coop_number, self.month, self.sequence, charge.rank);
        let key = stored("charges.rank", key)?.to_string();
        let row = CollectionRow {
            coop: self.coop,
            member_number: &charge.member_number,
            order_number: &charge.order_number,
            kind: stored("charges.kind", OfferingKind::from_stored(&charge.kind))?,
            units: stored("charges.units", TermUnits::new(charge.units))?,
            unit_price: Yen::new(charge.unit_price),
            amount: Yen::new(charge.amount),
            month: self.month,
            charge_key: &key,
        };
        writer.write(&row).map_err(refused)
    }
}

fn refused(error: CollectionError) -> LedgerError {
    match error {
        CollectionError::Unencodable { .. } => {
            LedgerError::refused("character_not_encodable", error.to_string())
        }
        CollectionError::Overflow(_) => LedgerError::Corrupt(error.to_string()),
        CollectionError::Write(error) => LedgerError::File {
            place: "請求データ".to_owned(),
            error,
        },
    }
}

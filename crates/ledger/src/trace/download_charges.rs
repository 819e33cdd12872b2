//! `download_charges`: the charges of a batch that have one result, as CSV for people.

use std::fs::File;

use domain::{ChargeKey, CollectionMonth, OfferingKind, ResultCode, Yen};
use formats::report::ReportCsv;
use store::DbConnection;
use store::tables::batches::Batch;
use store::tables::charges::{self, Charge, ChargeFilter};
use store::tables::cooperatives;
use store::tables::settlements;

use crate::billing::find_batch;
use crate::error::stored;
use crate::{Call, Ledger, LedgerError, Operation, PAGE_MAX, Result};

const HEADINGS: [&str; 14] = [
    "請求キー",
    "単協コード",
    "集金月",
    "回次",
    "組合員番号",
    "注文番号",
    "種別",
    "口数",
    "単価",
    "金額",
    "結果コード",
    "結果",
    "集金日",
    "次に請求する月",
];

impl Ledger {
    /// Every charge of a batch whose result is `code`, in the order of the batch's file.
    ///
    /// # Errors
    /// Refuses a batch that there is not; fails where no temporary file can be written.
    pub fn download_charges(&self, call: &Call, batch_id: i64, code: ResultCode) -> Result<File> {
        self.take_along(
            call,
            Operation::SearchCharges,
            "charges",
            |connection, file| {
                let batch = find_batch(connection, batch_id)?;
                let coop = cooperatives::find(connection, batch.coop_id)?.ok_or_else(|| {
                    LedgerError::Corrupt(format!("batches.coop_id: {}", batch.coop_id))
                })?;
                let fitting = ChargeFilter {
                    batch_id: Some(batch_id),
                    result_code: Some(code.as_str().to_owned()),
                    ..ChargeFilter::default()
                };
                file.put(ReportCsv::new(&HEADINGS))?;
                let mut after = (0, 0);
                loop {
                    let found = charges::search(connection, &fitting, after, PAGE_MAX.into())?;
                    let Some(last) = found.last() else {
                        return Ok(Some(batch.coop_id));
                    };
                    after = (last.batch_id, last.rank);
                    let mut csv = ReportCsv::lines();
                    for charge in &found {
                        put_charge(connection, &mut csv, &coop.code, &batch, charge)?;
                    }
                    file.put(csv)?;
                }
            },
        )
    }
}

fn put_charge(
    connection: &mut DbConnection,
    csv: &mut ReportCsv,
    coop: &str,
    batch: &Batch,
    charge: &Charge,
) -> Result<()> {
    let month = stored("batches.month", CollectionMonth::from_int(batch.month))?;
    let key = ChargeKey::new(batch.coop_id, month, batch.sequence.into(), charge.rank);
    let kind = stored("charges.kind", OfferingKind::from_stored(&charge.kind))?;
    csv.text(&stored("charges.rank", key)?.to_string())
        .text(coop)
        .text(&month.to_string())
        .number(i64::from(batch.sequence))
        .text(&charge.member_number)
        .text(&charge.order_number)
        .text(kind.label_ja())
        .number(charge.units)
        .yen(Yen::new(charge.unit_price))
        .yen(Yen::new(charge.amount));
    if let Some(result) = settlements::standing(connection, charge.batch_id, charge.rank)? {
        let code = ResultCode::from_stored(&result.result_code);
        let carried = result.carry_month.map(CollectionMonth::from_int);
        let carried = stored("settlements.carry_month", carried.transpose())?;
        let day = result.collected_on.map(|day| day.to_string());
        csv.text(&result.result_code)
            .text(stored("settlements.result_code", code)?.label_ja())
            .text_or_empty(day.as_deref())
            .text_or_empty(carried.map(|month| month.to_string()).as_deref());
    }
    csv.end_line();
    Ok(())
}

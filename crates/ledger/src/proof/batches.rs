//! Batches and the records of their exports against what the audit log sealed of them.

use store::proof::batches::{self, KeptBatch};
use store::{DbConnection, StoreError};

use super::{AuditLog, Findings, Subject};
use crate::Result;
use crate::trace::Check;

/// Every batch and every export on record is as it was sealed, and none is gone (R10).
pub(crate) fn check(connection: &mut DbConnection, log: &AuditLog) -> Result<Check> {
    let mut findings = Findings::default();
    let kept = batches::all(connection)?;
    for (id, batch) in &kept {
        match batch {
            None => findings.add(|| format!("請求データ {id} が読めない")),
            Some(batch) => check_batch(batch, log, &mut findings),
        }
    }
    for subject in log.subjects() {
        if let Subject::Batch(id) = subject
            && kept.binary_search_by_key(&id, |(id, _)| *id).is_err()
        {
            findings.add(|| format!("請求データ {id} がない"));
        }
    }
    let exports = match batches::all_exports(connection) {
        Err(StoreError::Other(words)) => {
            findings.add(|| format!("出力の記録が読めない: {words}"));
            Vec::new()
        }
        read => read?,
    };
    for export in exports {
        let id = export.batch_id;
        if !log.seals(Subject::Batch(id), "export_batch", &export.sha256()) {
            findings.add(|| format!("請求データ {id} の出力の記録（{}）", export.profile));
        }
    }
    Ok(findings.into_check(
        "batches_are_as_sealed",
        "請求データとその出力の記録は、監査記録が封じたとおりになっている",
    ))
}

fn check_batch(batch: &KeptBatch, log: &AuditLog, findings: &mut Findings) {
    let id = batch.id;
    let subject = Subject::Batch(id);
    if !log.tells_of_coop(subject, batch.coop_id, "close_batch") {
        findings.add(|| format!("請求データ {id} を締めた記録がない"));
    } else if !log.seals(subject, "close_batch", &batch.closed_sha256()) {
        findings.add(|| format!("請求データ {id} が締めたときと違う"));
    }
    let voided_as_sealed = match batch.voided_sha256() {
        None => !log.tells_of_coop(subject, batch.coop_id, "void_batch"),
        Some(sha256) => log.seals(subject, "void_batch", &sha256),
    };
    if !voided_as_sealed {
        findings.add(|| format!("請求データ {id} の取り消しが記録と違う"));
    }
}

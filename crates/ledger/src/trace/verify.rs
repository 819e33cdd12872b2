//! Everything that must always hold (§7), asked of the data itself.

use formats::collection::Profile;
use serde::{Deserialize, Serialize};
use store::integrity;
use store::invariants::{self, Invariant};
use store::journal_invariants;
use store::tables::exports::{self, Export};
use store::tables::{batches, cooperatives};
use store::{DbConnection, StoreError};

use crate::billing::collection_file;
use crate::proof::{self, AuditLog, ChainHead};
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Check {
    /// Its stable name.
    pub name: String,
    /// Whether it holds.
    pub ok: bool,
    /// What must hold; where it does not, what breaks it.
    pub detail: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Verification {
    /// Whether everything holds.
    pub ok: bool,
    /// Each thing that must hold.
    pub checks: Vec<Check>,
    /// The last link of each chain, to be kept outside: only from there it shows whether the end
    /// of a chain was cut off, or the whole of it written anew.
    pub heads: Vec<ChainHead>,
    /// Whether the audit log has it that this was asked and what was found. It is `false` where nothing
    /// could be written: the disk takes nothing, or somebody else wrote all the while.
    pub is_recorded: bool,
}

impl Ledger {
    /// Asks the data whether everything holds that must (§7): every application is in one place,
    /// every charge has its source and is there once, every batch is its charges, and every
    /// exported file comes out the same. A broken invariant is an answer, not an error. The records stay
    /// as they are; that they were verified, and what was found, is an event of the audit log, which
    /// comes after the heads in the answer. It waits for its turn to be written, as other writes do; where
    /// that does not come, what was found is told without (`is_recorded`).
    pub fn verify(&self, call: &Call) -> Result<Verification> {
        self.examine(call, Operation::VerifyRecords, None)
    }

    /// The same, and whether the chains go on from heads that were written down earlier: on a control
    /// sheet, or from what a verification gave. Only so does it show that an end was cut off, or all
    /// of a chain written anew.
    ///
    /// # Errors
    /// Refuses an empty list of heads.
    pub fn verify_against(&self, call: &Call, heads: &[ChainHead]) -> Result<Verification> {
        proof::require_heads(heads)?;
        self.examine(call, Operation::VerifyAgainstHeads, Some(heads))
    }

    fn examine(
        &self,
        call: &Call,
        operation: Operation,
        written: Option<&[ChainHead]>,
    ) -> Result<Verification> {
        let (mut verification, access) = self.read_as(call, operation, |connection, access| {
            let mut checks = vec![check_database(connection)?];
            let mut log = AuditLog::walk(connection)?;
            checks.push(log.check());
            let (journal, head) = proof::check_journal(connection)?;
            checks.push(journal);
            log.heads.extend(head);
            if let Some(written) = written {
                checks.push(proof::check_against(connection, written)?);
            }
            checks.push(proof::check_batches(connection, &log)?);
            checks.push(proof::check_two_persons(connection, &log)?);
            checks.push(proof::check_charges(connection)?);
            checks.push(proof::check_sources(connection)?);
            for invariant in invariants::ALL.iter().chain(journal_invariants::ALL) {
                checks.push(ask(connection, invariant)?);
            }
            checks.push(check_exports(connection)?);
            let verification = Verification {
                ok: checks.iter().all(|check| check.ok),
                checks,
                heads: log.heads,
                is_recorded: false,
            };
            Ok((verification, access.clone()))
        })?;
        // What was found is told also where it cannot be written down: a damaged database, or a copy on
        // a disk that takes nothing, is the very thing to ask.
        let recorded = self.record_verification(operation, &access, verification.ok);
        verification.is_recorded = recorded.is_ok();
        Ok(verification)
    }
}

fn ask(connection: &mut DbConnection, invariant: &Invariant) -> Result<Check> {
    let broken = invariants::ask(connection, invariant)?;
    let detail = if broken.count == 0 {
        invariant.detail.to_owned()
    } else {
        let ids: Vec<String> = broken.ids.iter().map(i64::to_string).collect();
        format!(
            "{}、ではないものが {} 件あります（番号 {}）",
            invariant.detail,
            broken.count,
            ids.join("、")
        )
    };
    Ok(Check {
        name: invariant.name.to_owned(),
        ok: broken.count == 0,
        detail,
    })
}

/// The database file itself is sound.
fn check_database(connection: &mut DbConnection) -> Result<Check> {
    let faults = integrity::faults(connection)?;
    let promise = "データベースのファイルが壊れていない";
    Ok(Check {
        name: "database_is_sound".to_owned(),
        ok: faults.is_empty(),
        detail: if faults.is_empty() {
            promise.to_owned()
        } else {
            format!("{promise}、とはいえません: {}", faults.join("、"))
        },
    })
}

/// Every exported file, made again, has the SHA-256 on record (R10).
fn check_exports(connection: &mut DbConnection) -> Result<Check> {
    let mut differing = Vec::new();
    for export in readable(exports::all(connection), &mut differing)?.unwrap_or_default() {
        if let Some(difference) = difference(connection, &export)? {
            differing.push(difference);
        }
    }
    let promise = "出力した請求データを作り直すと、記録した SHA-256 になる";
    Ok(Check {
        name: "exports_come_out_the_same".to_owned(),
        ok: differing.is_empty(),
        detail: if differing.is_empty() {
            promise.to_owned()
        } else {
            format!(
                "{promise}、ではないものがあります: {}",
                differing.join("、")
            )
        },
    })
}

/// What was read; where its letters are none, that is one more of what is wrong.
fn readable<T>(
    read: std::result::Result<T, StoreError>,
    wrong: &mut Vec<String>,
) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Other(words)) => {
            wrong.push(words);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn difference(connection: &mut DbConnection, export: &Export) -> Result<Option<String>> {
    let name = format!("請求データ {}（{}）", export.batch_id, export.profile);
    let batch = match batches::find(connection, export.batch_id) {
        Err(StoreError::Other(words)) => return Ok(Some(format!("{name}: {words}"))),
        found => found?,
    };
    let Some(batch) = batch else {
        return Ok(Some(format!("{name}: 請求データがない")));
    };
    let Some(coop) = cooperatives::find(connection, batch.coop_id)? else {
        return Ok(Some(format!("{name}: 単協がない")));
    };
    let Ok(profile) = Profile::by_version(&export.profile, export.profile_version) else {
        return Ok(Some(format!("{name}: 出力形式がない")));
    };
    match collection_file::write(connection, &coop, &batch, profile, std::io::sink()) {
        Ok(summary) if hex::encode(summary.sha256) == export.sha256 => Ok(None),
        Ok(summary) => Ok(Some(format!(
            "{name}: 記録 {}、今 {}",
            export.sha256,
            hex::encode(summary.sha256)
        ))),
        Err(LedgerError::Store(StoreError::Other(words))) => Ok(Some(format!("{name}: {words}"))),
        Err(LedgerError::Store(error)) => Err(error.into()),
        Err(error) => Ok(Some(format!("{name}: {error}"))),
    }
}

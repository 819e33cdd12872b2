//! What one person did and another approved, against what the audit log sealed of it (R17).

use std::collections::{BTreeMap, BTreeSet};

use domain::{ApprovalGround, PendingState};
use store::proof::batches::{self, KeptApproval};
use store::proof::pending_actions::{self, KeptPendingAction};
use store::tables::journal_entries;
use store::{DbConnection, StoreError};

use super::{AuditLog, Findings, Subject};
use crate::trace::Check;
use crate::two_persons::event_of;
use crate::{Actor, Result};

/// Every batch that was handed over is approved, by another person than who closed it unless the
/// approval says why not; and so is whatever was booked after it waited for a second person. All of it
/// is as it was sealed, and none is gone.
pub(crate) fn check(connection: &mut DbConnection, log: &AuditLog) -> Result<Check> {
    let mut findings = Findings::default();
    check_approvals(connection, log, &mut findings)?;
    check_pending(connection, log, &mut findings)?;
    Ok(findings.into_check(
        "two_persons_are_two",
        "出力した請求データと承認待ちだった記帳は、別の人が承認している（一人事務所の設定とコマンドを除く、R17）",
    ))
}

fn check_approvals(
    connection: &mut DbConnection,
    log: &AuditLog,
    findings: &mut Findings,
) -> Result<()> {
    let Some(approvals) = readable(batches::all_approvals(connection), findings)? else {
        return Ok(());
    };
    let closed_by: BTreeMap<i64, String> = batches::all(connection)?
        .into_iter()
        .filter_map(|(id, batch)| Some((id, batch?.closed_by)))
        .collect();
    for approval in &approvals {
        check_approval(approval, &closed_by, log, findings);
    }
    let approved: BTreeSet<i64> = approvals.iter().map(|one| one.batch_id).collect();
    let exported = readable(batches::all_exports(connection), findings)?;
    let exported = exported.unwrap_or_default();
    let exported: BTreeSet<i64> = exported.iter().map(|export| export.batch_id).collect();
    for id in exported.difference(&approved) {
        findings.add(|| format!("請求データ {id} は承認なしに出力されている"));
    }
    for subject in log.subjects() {
        if let Subject::Batch(id) = subject
            && !approved.contains(&id)
            && log.tells(subject, "approve_batch")
        {
            findings.add(|| format!("請求データ {id} の承認の記録がない"));
        }
    }
    Ok(())
}

fn check_approval(
    approval: &KeptApproval,
    closed_by: &BTreeMap<i64, String>,
    log: &AuditLog,
    findings: &mut Findings,
) {
    let id = approval.batch_id;
    if !log.seals(Subject::Batch(id), "approve_batch", &approval.sha256()) {
        findings.add(|| format!("請求データ {id} の承認が記録と違う"));
    }
    let is_by_closer = closed_by
        .get(&id)
        .is_some_and(|closer| is_same_person(closer, &approval.approved_by));
    if is_by_closer && needs_another(&approval.ground) {
        findings.add(|| format!("請求データ {id} は締めた人が承認している"));
    }
}

fn check_pending(
    connection: &mut DbConnection,
    log: &AuditLog,
    findings: &mut Findings,
) -> Result<()> {
    let Some(kept) = readable(pending_actions::all(connection), findings)? else {
        return Ok(());
    };
    for action in &kept {
        check_action(connection, action, log, findings)?;
    }
    for subject in log.subjects() {
        if let Subject::PendingAction(id) = subject
            && kept.binary_search_by_key(&id, |action| action.id).is_err()
        {
            findings.add(|| format!("承認待ち {id} がない"));
        }
    }
    Ok(())
}

fn check_action(
    connection: &mut DbConnection,
    action: &KeptPendingAction,
    log: &AuditLog,
    findings: &mut Findings,
) -> Result<()> {
    let id = action.id;
    let subject = Subject::PendingAction(id);
    if !log.seals(
        subject,
        event_of(PendingState::Pending),
        &action.submitted_sha256(),
    ) {
        findings.add(|| format!("承認待ち {id} が入力したときと違う"));
    }
    let state = PendingState::from_stored(&action.state).ok();
    let decided_as_sealed = match state {
        None => false,
        Some(PendingState::Pending) => PendingState::ALL
            .iter()
            .filter(|state| **state != PendingState::Pending)
            .all(|state| !log.tells(subject, event_of(*state))),
        Some(state) => log.seals(subject, event_of(state), &action.decided_sha256()),
    };
    if !decided_as_sealed {
        findings.add(|| format!("承認待ち {id} の決定が記録と違う"));
    }
    if state != Some(PendingState::Approved) {
        return Ok(());
    }
    let decided_by = action.decided_by.as_deref().unwrap_or_default();
    if is_same_person(&action.submitted_by, decided_by)
        && needs_another(action.ground.as_deref().unwrap_or_default())
    {
        findings.add(|| format!("承認待ち {id} は入力した人が承認している"));
    }
    let entry = match action.entry_id {
        Some(entry_id) => readable(journal_entries::find(connection, entry_id), findings)?,
        None => None,
    };
    let entry = entry.flatten();
    if entry.is_none_or(|entry| entry.actor != action.submitted_by) {
        findings.add(|| format!("承認待ち {id} の仕訳が見つからない"));
    }
    Ok(())
}

fn needs_another(ground: &str) -> bool {
    match ApprovalGround::from_stored(ground) {
        Ok(ApprovalGround::OnePersonOffice | ApprovalGround::Operator) => false,
        Ok(ApprovalGround::SecondPerson) | Err(_) => true,
    }
}

fn is_same_person(one: &str, other: &str) -> bool {
    Actor::person_in(one) == Actor::person_in(other)
}

/// What was read; where its letters are none, that is one more of what is wrong.
fn readable<T>(
    read: std::result::Result<T, StoreError>,
    findings: &mut Findings,
) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Other(words)) => {
            findings.add(|| format!("承認の記録が読めない: {words}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

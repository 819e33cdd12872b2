//! When the records were last verified, by whom, and what came of it: the audit log tells.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::audit_search::{self, AuditFilter, Direction};
use store::tables::audit_events::REST;

use crate::ledger::Look;
use crate::{Access, Call, Ledger, Operation, Result};

/// What a verification comes to, as its event names it.
const ALL_WELL: &str = "verification:all_well";
const BROKEN: &str = "verification:broken";

/// A verification of everything that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastVerification {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who asked for it.
    pub by: String,
    /// Whether everything held.
    pub ok: bool,
}

impl Ledger {
    /// Records that everything was verified, and whether it held.
    pub(crate) fn record_verification(
        &self,
        operation: Operation,
        access: &Access,
        ok: bool,
    ) -> Result<()> {
        let subject = if ok { ALL_WELL } else { BROKEN };
        let look = Look {
            coop_id: None,
            subject: subject.to_owned(),
        };
        self.record_look(operation, access, Some(look))
    }

    /// The latest verification, by whatever door; none where there was none yet.
    pub fn last_verification(&self, call: &Call) -> Result<Option<LastVerification>> {
        self.read(call, Operation::VerifyRecords, |connection| {
            let mut latest = None;
            for operation in [Operation::VerifyRecords, Operation::VerifyAgainstHeads] {
                let filter = AuditFilter {
                    chain: Some(REST),
                    action: Some(operation.as_str().to_owned()),
                    ..AuditFilter::default()
                };
                let newest = Direction::NewestFirst;
                let found = audit_search::search(connection, &filter, newest, None, 1)?;
                latest = latest.max(found.into_iter().next().map(|event| {
                    let ok = event.subject == ALL_WELL;
                    (event.recorded_at, event.seq, event.actor, ok)
                }));
            }
            Ok(latest.map(|(at, _, by, ok)| LastVerification {
                at: at.and_utc(),
                by,
                ok,
            }))
        })
    }
}

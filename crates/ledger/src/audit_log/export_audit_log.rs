//! `export_audit_log`: the events that fit, as CSV for a spreadsheet.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use chrono::{DateTime, FixedOffset, Utc};
use formats::report::ReportCsv;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::DbConnection;
use store::audit_search::{self, Direction};

use super::search_audit_events::{AuditFilter, ChainNames, asked};
use crate::tx::Event;
use crate::{Call, Ledger, LedgerError, Operation, Result};

/// Events read at once.
const EVENTS_AT_ONCE: i64 = 1_000;
/// Japan is nine hours ahead of UTC, all year.
const JAPAN_AHEAD_SECONDS: i32 = 9 * 60 * 60;

const HEADINGS: [&str; 13] = [
    "日時",
    "操作した人",
    "操作",
    "操作名",
    "対象",
    "理由",
    "変更前",
    "変更後",
    "消去",
    "内容のSHA-256",
    "記録",
    "記録の番号",
    "記録のSHA-256",
];

/// A part of the audit log that was written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditLogExported {
    /// How many events.
    pub events: i64,
    /// SHA-256 of the file.
    pub sha256: String,
}

impl Ledger {
    /// The events that fit, the oldest first, as CSV (UTF-8 with BOM, CRLF, every field quoted), to
    /// be read from its beginning; the file goes when it is closed. The export is an event itself,
    /// and not in its own file.
    ///
    /// # Errors
    /// Refuses what a search refuses; fails where no temporary file can be written.
    pub fn export_audit_log(
        &self,
        call: &Call,
        filter: &AuditFilter,
    ) -> Result<(AuditLogExported, File)> {
        let failed = |error: io::Error| LedgerError::File {
            place: "監査記録の一時ファイル".to_owned(),
            error,
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        let exported = self.read(call, Operation::ExportAuditLog, |connection| {
            write(connection, filter, &mut file, &failed)
        })?;
        self.write(call, Operation::ExportAuditLog, filter, |tx| {
            let event = Event {
                action: "export_audit_log",
                coop_id: None,
                subject: "audit_log".to_owned(),
                reason: None,
            };
            let content = Some(exported.sha256.clone());
            tx.audit_content(&event, Some(filter), Some(&exported), content)
        })?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        Ok((exported, file))
    }
}

fn write(
    connection: &mut DbConnection,
    filter: &AuditFilter,
    file: &mut File,
    failed: &dyn Fn(io::Error) -> LedgerError,
) -> Result<AuditLogExported> {
    let asked = asked(connection, filter)?;
    let names = ChainNames::load(connection)?;
    let (mut out, mut hash) = (BufWriter::new(file), Sha256::new());
    let mut put = |text: String| {
        hash.update(text.as_bytes());
        out.write_all(text.as_bytes()).map_err(failed)
    };
    put(ReportCsv::new(&HEADINGS).into_text())?;
    let (mut after, mut events) = (None, 0);
    loop {
        let oldest = Direction::OldestFirst;
        let page = audit_search::search(connection, &asked, oldest, after, EVENTS_AT_ONCE)?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some((last.recorded_at, last.chain, last.seq));
        let mut csv = ReportCsv::lines();
        for event in page {
            let one = names.view(event);
            csv.text(&in_japan(one.recorded_at))
                .text(&one.actor)
                .text(&one.action_ja)
                .text(&one.action)
                .text(&one.subject)
                .text_or_empty(one.reason.as_deref())
                .text_or_empty(written(one.before.as_ref()).as_deref())
                .text_or_empty(written(one.after.as_ref()).as_deref())
                .text(if one.is_erased { "消去済み" } else { "" })
                .text_or_empty(one.content_sha256.as_deref())
                .text(&one.chain)
                .number(one.seq)
                .text(&one.sha256)
                .end_line();
            events += 1;
        }
        put(csv.into_text())?;
    }
    out.flush().map_err(failed)?;
    Ok(AuditLogExported {
        events,
        sha256: hex::encode(hash.finalize()),
    })
}

fn written(value: Option<&Value>) -> Option<String> {
    value.map(Value::to_string)
}

/// A moment as the clock on the wall in Japan shows it, to the second.
fn in_japan(at: DateTime<Utc>) -> String {
    let japan = FixedOffset::east_opt(JAPAN_AHEAD_SECONDS);
    japan.map_or_else(
        || at.to_rfc3339(),
        |japan| {
            at.with_timezone(&japan)
                .format("%Y-%m-%d %H:%M:%S")
                .to_string()
        },
    )
}

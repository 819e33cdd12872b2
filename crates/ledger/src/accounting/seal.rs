//! What of an entry is sealed, and in which order (R14).

use domain::chain::{self, Fields, Link};
use store::tables::journal_entries::JournalEntry;
use store::tables::journal_postings::JournalPosting;

/// The link of an entry with its lines, by line, after `previous`.
///
/// The fields: number, true date, date posted, month, source, its number, description, reason, the
/// entry it takes back, who, when, the number of lines; then of each line its place, account, yen,
/// fund, co-op, campaign and batch.
pub(crate) fn link(previous: &Link, entry: &JournalEntry, lines: &[JournalPosting]) -> Link {
    let fields = Fields::new()
        .integer(entry.id)
        .date(entry.occurred_on)
        .date(entry.posted_on)
        .integer(i64::from(entry.period))
        .text(entry.source.as_str())
        .integer(entry.source_id)
        .text(entry.description.as_str())
        .text(entry.reason.as_deref())
        .integer(entry.reverses_id)
        .text(entry.actor.as_str())
        .moment(entry.recorded_at)
        .integer(lines.len() as i64);
    let fields = lines.iter().fold(fields, |fields, line| {
        fields
            .integer(line.line_no)
            .integer(i64::from(line.account))
            .integer(line.amount)
            .integer(line.fund_id)
            .integer(line.coop_id)
            .integer(line.campaign_id)
            .integer(line.batch_id)
    });
    chain::link(previous, &fields)
}

//! The journal, entry by entry along its chain (R14).

use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use domain::chain::Fields;

use crate::letters::{date_letters, letters_of, moment_letters};
use crate::schema::journal_entries;
use crate::tables::journal_entries::JournalEntry;
use crate::tables::journal_postings::{self, JournalPosting};
use crate::{DbConnection, StoreError};

/// Entries in memory at a time, with their lines.
const READ_ROWS: i64 = 1_000;

/// An entry as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub struct KeptEntry {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    occurred_on: String,
    #[diesel(sql_type = Text)]
    posted_on: String,
    #[diesel(sql_type = Integer)]
    period: i32,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    source_id: Option<i64>,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    reverses_id: Option<i64>,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Text)]
    recorded_at: String,
    /// The link of the entry before, on record.
    #[diesel(sql_type = Text)]
    pub previous_hash: String,
    /// Its own link, on record.
    #[diesel(sql_type = Text)]
    pub hash: String,
}

impl KeptEntry {
    /// What is chained of the entry and its lines, by line: number, true date, date posted, month,
    /// source, its number, description, reason, the entry it takes back, who, when, the number of
    /// lines; then of each line its place, account, yen, fund, co-op, campaign and batch.
    pub fn fields(&self, lines: &[JournalPosting]) -> Fields {
        let fields = Fields::new()
            .integer(self.id)
            .date_as_written(self.occurred_on.as_str())
            .date_as_written(self.posted_on.as_str())
            .integer(i64::from(self.period))
            .text(self.source.as_str())
            .integer(self.source_id)
            .text(self.description.as_str())
            .text(self.reason.as_deref())
            .integer(self.reverses_id)
            .text(self.actor.as_str())
            .moment_as_written(self.recorded_at.as_str())
            .integer(lines.len() as i64);
        lines.iter().fold(fields, |fields, line| {
            fields
                .integer(line.line_no)
                .integer(i64::from(line.account))
                .integer(line.amount)
                .integer(line.fund_id)
                .integer(line.coop_id)
                .integer(line.campaign_id)
                .integer(line.batch_id)
        })
    }
}

impl From<JournalEntry> for KeptEntry {
    fn from(entry: JournalEntry) -> Self {
        Self {
            id: entry.id,
            occurred_on: entry.occurred_on.to_string(),
            posted_on: entry.posted_on.to_string(),
            period: entry.period,
            source: entry.source,
            source_id: entry.source_id,
            description: entry.description,
            reason: entry.reason,
            reverses_id: entry.reverses_id,
            actor: entry.actor,
            recorded_at: letters_of(entry.recorded_at),
            previous_hash: entry.previous_hash,
            hash: entry.hash,
        }
    }
}

/// One entry of the journal.
#[derive(Debug)]
pub enum Kept<'a> {
    /// It can be read; with its lines.
    Entry(&'a KeptEntry, &'a [JournalPosting]),
    /// It is there, and its letters are none.
    Unreadable(i64),
}

/// Hands every entry with its lines to `take`, by number, a bounded number in memory at a time. Call
/// it in a read transaction.
pub fn each(
    connection: &mut DbConnection,
    mut take: impl FnMut(Kept<'_>),
) -> Result<(), StoreError> {
    let (mut after, mut rows) = (i64::MIN, READ_ROWS);
    loop {
        match page(connection, after, rows) {
            Ok(entries) => {
                let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
                    return Ok(());
                };
                after = last.id;
                let lines = journal_postings::of_entries(connection, first.id, last.id)?;
                for entry in &entries {
                    let begin = lines.partition_point(|line| line.entry_id < entry.id);
                    let end = lines.partition_point(|line| line.entry_id <= entry.id);
                    take(Kept::Entry(
                        entry,
                        lines.get(begin..end).unwrap_or_default(),
                    ));
                }
            }
            // Letters that are none, somewhere among these rows: come nearer to them.
            Err(DieselError::DeserializationError(_)) if rows > 1 => rows /= 10,
            Err(DieselError::DeserializationError(_)) => {
                after = journal_entries::table
                    .filter(journal_entries::id.gt(after))
                    .order(journal_entries::id)
                    .select(journal_entries::id)
                    .first(connection)?;
                take(Kept::Unreadable(after));
                rows = READ_ROWS;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn page(connection: &mut DbConnection, after: i64, rows: i64) -> QueryResult<Vec<KeptEntry>> {
    let backend = connection.backend();
    let occurred_on = date_letters(backend, "occurred_on");
    let posted_on = date_letters(backend, "posted_on");
    let recorded_at = moment_letters(backend, "recorded_at");
    sql_query(format!(
        "SELECT id, {occurred_on} AS occurred_on, {posted_on} AS posted_on, period, source,
           source_id, description, reason, reverses_id, actor, {recorded_at} AS recorded_at,
           previous_hash, hash
         FROM journal_entries WHERE id > $1 ORDER BY id LIMIT $2"
    ))
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(rows)
    .load(connection)
}
